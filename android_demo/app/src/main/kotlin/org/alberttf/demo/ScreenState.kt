package org.alberttf.demo

import org.alberttf.inference.Choice
import org.alberttf.inference.Classification
import org.alberttf.inference.Reply
import org.alberttf.inference.Score
import org.alberttf.inference.Tagging

/**
 * All that the screen shows. Views draw it and keep nothing of their own.
 *
 * @property tab the one in front; null where no model is open.
 * @property models of the tabs that can be chosen.
 * @property isOpening whether a model is being opened.
 * @property problem sentence on why a model could not be opened; null if none.
 * @property broken names of the chosen files that are kept but do not open, by tab.
 */
internal data class ScreenState(
    val tab: Tab? = null,
    val models: Map<Tab, ModelInfo> = emptyMap(),
    val isOpening: Boolean = true,
    val problem: String? = null,
    val broken: Map<Tab, String> = emptyMap(),
    val texts: Texts = Texts(),
    val classification: Work<Classification> = Work.None,
    val score: Work<Score> = Work.None,
    val reply: Work<Reply> = Work.None,
    val tagging: Work<Tagging> = Work.None,
    val choice: Work<Choice> = Work.None,
)

/**
 * What stands in the fields.
 *
 * @property hasPair whether there is a second text, for models of pairs.
 * @property first the one that [second] is compared with.
 * @property choices for [context] and [asked], one a line.
 */
internal data class Texts(
    val classify: String = "",
    val hasPair: Boolean = false,
    val pair: String = "",
    val question: String = "",
    val passage: String = "",
    val tag: String = "",
    val first: String = "",
    val second: String = "",
    val context: String = "",
    val asked: String = "",
    val choices: String = "",
)

/**
 * What is known of an open model.
 *
 * @property name of the file.
 * @property isShipped whether it came with the app.
 * @property runtime name and version of what runs it.
 * @property openMs milliseconds to open and check it.
 * @property takesPairs whether there may be a second text.
 */
internal data class ModelInfo(
    val name: String,
    val isShipped: Boolean,
    val sizeBytes: Int,
    val quantization: String,
    val runtime: String,
    val openMs: Double,
    val takesPairs: Boolean,
)

/** How far the work of one tab is. */
internal sealed class Work<out T> {
    /** There is nothing to work on. */
    object None : Work<Nothing>()

    /** Run [number] of [total] is under way. */
    data class Running(val number: Int, val total: Int) : Work<Nothing>()

    /**
     * It is over.
     *
     * @property latencyMs milliseconds from text to result.
     * @property memoryBytes that the app holds; null where unknown.
     */
    data class Done<T>(
        val value: T,
        val latencyMs: Double,
        val memoryBytes: Long?,
    ) : Work<T>()

    /** It could not be done: [message] says why. */
    data class Failed(val message: String) : Work<Nothing>()
}
