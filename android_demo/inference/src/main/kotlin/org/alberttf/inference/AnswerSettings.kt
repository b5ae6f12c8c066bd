package org.alberttf.inference

import org.alberttf.tokenizer.WindowSettings

/**
 * What `albert.json` says of question answering.
 *
 * @property windows lengths of windows, in tokens.
 * @property maxAnswerLength longest answer, in tokens.
 * @property nullThreshold largest odds of no answer that still count as
 * answered; null for a model that always answers.
 */
internal class AnswerSettings(
    val windows: WindowSettings,
    val maxAnswerLength: Int,
    val nullThreshold: Double?,
) {
    companion object {
        private const val MAX_ANSWER_LENGTH = 30
        private const val PUBLISHED_LENGTH = 384
        private val REQUIRED = setOf("max_length", "doc_stride", "max_query_length")
        private val OPTIONAL = setOf("max_answer_length", "null_threshold")

        /**
         * Returns what a bundle says, or what suits the length of its model.
         *
         * @throws BundleException a key is unknown or missing, or a value wrong.
         */
        fun of(manifest: Manifest): AnswerSettings = try {
            manifest.questionAnswering?.let(::of) ?: AnswerSettings(
                WindowSettings.fitting(minOf(manifest.maxLength, PUBLISHED_LENGTH)), MAX_ANSWER_LENGTH, null,
            )
        } catch (error: IllegalArgumentException) {
            throw BundleException(
                "`question_answering` of albert.json is broken: ${error.message} Export the model again.", error,
            )
        }

        private fun of(fields: Fields): AnswerSettings {
            fields.requireKeys(REQUIRED, OPTIONAL)
            val windows = WindowSettings(
                fields.int("max_length"), fields.int("doc_stride"), fields.int("max_query_length"),
            )
            val longest = if ("max_answer_length" in fields.values) fields.int("max_answer_length") else MAX_ANSWER_LENGTH
            require(longest >= 1) { "`max_answer_length` must be 1 or more." }
            val threshold = if (fields.orNull("null_threshold") == null) null else fields.number("null_threshold")
            return AnswerSettings(windows, longest, threshold)
        }
    }
}
