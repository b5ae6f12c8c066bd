package org.alberttf.inference

import kotlin.math.exp
import org.alberttf.tokenizer.WhiteSpace

/** Names of tasks in `albert.json`. */
public object Task {
    public const val CLASSIFICATION: String = "classification"
    public const val REGRESSION: String = "regression"
    public const val QUESTION_ANSWERING: String = "question_answering"
    public const val TOKEN_CLASSIFICATION: String = "token_classification"
    public const val MULTIPLE_CHOICE: String = "multiple_choice"

    /** Returns our names of the outputs that a task's runner reads. */
    internal fun outputs(task: String): Set<String> = when (task) {
        CLASSIFICATION, REGRESSION, TOKEN_CLASSIFICATION, MULTIPLE_CHOICE -> setOf("logits")
        QUESTION_ANSWERING -> setOf("start_logits", "end_logits")
        else -> emptySet()
    }
}

/** Longest text that is looked at, in UTF-16 units: more is a mistake, not a use. */
internal const val MAX_TEXT_CHARS = 200_000

internal fun requireTask(session: Session, task: String) {
    val given = session.bundle.manifest.task
    if (given != task) throw BundleException("This is a model for $given. Expected one for $task.")
}

internal fun requireText(text: String, name: String = "text") = require(!WhiteSpace.isAllOf(text)) {
    "The $name is empty. Expected at least one character other than white space."
}

/** Returns how many layers the model says it ran; null where it does not. */
internal fun layersUsed(outputs: Map<String, FloatArray>): Int? = outputs["layers_used"]?.firstOrNull()?.toInt()

internal fun indexOfLargest(values: DoubleArray): Int = values.indices.maxByOrNull { values[it] } ?: 0

/** Returns the beginning of a text, not ending inside of a surrogate pair. */
internal fun firstChars(text: String, count: Int = MAX_TEXT_CHARS): String = when {
    text.length <= count -> text
    text[count - 1].isHighSurrogate() -> text.substring(0, count - 1)
    else -> text.substring(0, count)
}

/** Returns the end of a text, not beginning inside of a surrogate pair. */
internal fun lastChars(text: String, count: Int = MAX_TEXT_CHARS): String = when {
    text.length <= count -> text
    text[text.length - count].isLowSurrogate() -> text.takeLast(count - 1)
    else -> text.takeLast(count)
}

internal fun softmax(logits: FloatArray): DoubleArray {
    val highest = logits.maxOrNull() ?: 0f
    val powers = DoubleArray(logits.size) { exp(logits[it].toDouble() - highest) }
    val sum = powers.sum()
    return DoubleArray(powers.size) { powers[it] / sum }
}
