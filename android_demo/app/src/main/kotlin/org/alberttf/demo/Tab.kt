package org.alberttf.demo

import org.alberttf.inference.Task

/**
 * A part of the screen that runs models of one task.
 *
 * @property task as `albert.json` names it.
 */
internal enum class Tab(val task: String) {
    CLASSIFY(Task.CLASSIFICATION),
    COMPARE(Task.REGRESSION),
    ANSWER(Task.QUESTION_ANSWERING),
    TAG(Task.TOKEN_CLASSIFICATION),
    CHOOSE(Task.MULTIPLE_CHOICE),
    ;

    companion object {
        /** Returns the tab for models of a task; null where there is none. */
        fun of(task: String): Tab? = values().firstOrNull { it.task == task }
    }
}
