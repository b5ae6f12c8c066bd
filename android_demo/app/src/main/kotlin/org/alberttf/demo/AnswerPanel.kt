package org.alberttf.demo

import android.app.Activity
import android.view.KeyEvent
import android.view.View
import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputMethodManager
import android.widget.Button
import android.widget.EditText
import org.alberttf.inference.Reply
import org.alberttf.tokenizer.WhiteSpace

/** Marks the answer to a question in its passage. */
internal class AnswerPanel(activity: Activity, private val screen: Screen) : Panel {
    private val root = activity.child<View>(R.id.panel_answer)
    private val question = root.child<EditText>(R.id.question)
    private val passage = root.child<EditText>(R.id.passage)
    private val ask = root.child<Button>(R.id.ask)
    private val card = ResultCard(root)
    private val marks = Marks(passage)
    private val resources = activity.resources

    /** What card and mark show: other tabs change the state, too. */
    private var drawn: Work<Reply>? = null

    init {
        question.onTyped { screen.type(screen.state.texts.copy(question = it)) }
        passage.onTyped { screen.type(screen.state.texts.copy(passage = it)) }
        ask.setOnClickListener { screen.ask() }
        question.setOnEditorActionListener { _, action, event -> onKey(action, event) }
        root.child<Button>(R.id.answer_example).setOnClickListener {
            screen.type(
                screen.state.texts.copy(
                    question = resources.getString(R.string.example_question),
                    passage = resources.getString(R.string.example_passage),
                ),
            )
        }
    }

    override fun draw(state: ScreenState) {
        root.isShown(state.tab == Tab.ANSWER)
        question.setTextIfOther(state.texts.question)
        passage.setTextIfOther(state.texts.passage)
        val work = state.reply
        val isEmpty = WhiteSpace.isAllOf(state.texts.question) || WhiteSpace.isAllOf(state.texts.passage)
        ask.isEnabled = work !is Work.Running && !isEmpty
        if (work != drawn) draw(work)
    }

    /**
     * Asks at the keyboard's Search and at a hardware Enter, and returns whether
     * that was all: otherwise Android moves on to the passage.
     */
    private fun onKey(action: Int, event: KeyEvent?): Boolean {
        // Before Android 14 an Enter has no action.
        if (action != EditorInfo.IME_ACTION_SEARCH && action != EditorInfo.IME_NULL) return false
        // Subtle: of an Enter that has just asked, the release is still to come.
        if (screen.state.reply is Work.Running) return true
        if (!ask.isEnabled) return false
        // A key that is held is pressed again and again.
        if (event == null || (event.action == KeyEvent.ACTION_DOWN && event.repeatCount == 0)) {
            screen.ask()
            hideKeyboard()
        }
        return true
    }

    /** The answer is marked in the passage, which the keyboard may cover. */
    private fun hideKeyboard() {
        val keyboard = question.context.getSystemService(InputMethodManager::class.java)
        keyboard?.hideSoftInputFromWindow(question.windowToken, 0)
    }

    private fun draw(work: Work<Reply>) {
        drawn = work
        marks.clear()
        when (work) {
            is Work.None -> card.showMessage(resources.getString(R.string.answer_empty))
            is Work.Running -> card.showProgress(work)
            is Work.Failed -> card.showMessage(work.message)
            is Work.Done -> show(work)
        }
    }

    private fun show(done: Work.Done<Reply>) {
        val reply = done.value
        val answer = reply.answer
        answer?.let { marks.add(it.text, it.start) }
        val isCut = reply.isTruncated || reply.numCutTokens > 0
        card.show(
            answer?.text ?: resources.getString(R.string.no_answer),
            reply.candidates.take(NUM_ROWS).map { ResultCard.Row(it.text, it.probability) },
            resources.getString(R.string.text_cut).takeIf { isCut },
            Figures.of(resources, done),
        )
    }

    private companion object {
        const val NUM_ROWS = 3
    }
}
