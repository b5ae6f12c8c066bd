package org.alberttf.tokenizer

/**
 * A passage with each of several answers as rows of tokens.
 *
 * @property rows `[CLS] passage [SEP] answer [SEP]`, one for each answer.
 * @property isCut whether a row does not hold all of its texts.
 */
public class PackedChoices private constructor(
    public val rows: List<ModelInputs>,
    public val isCut: Boolean,
) {
    public companion object {
        /** Most tokens of a question with its answer, as Google trained on RACE. */
        public const val MAX_ANSWER_LENGTH: Int = 128

        /** Where a question has a gap, of whatever width, the answer goes into it. */
        private val GAP = Regex("_+")

        /**
         * Returns a question with an answer in its gap, or after it. White space
         * at the ends means nothing to the tokenizer.
         *
         * Source: `albert_tf/text/choices.py`, `fill_question`.
         */
        public fun fill(question: String, answer: String): String = when {
            // A function, since a dollar in an answer means nothing.
            GAP.containsMatchIn(question) -> GAP.replace(question) { answer }
            else -> "$question $answer"
        }

        /**
         * Makes rows of a passage and answers.
         *
         * What does not fit is cut from the end of the passage; of a question
         * with its answer the end is kept, where the answer is.
         *
         * @param context the passage; may be empty.
         * @param answers for each choice the question with the answer.
         * @param maxLength longest row, special tokens included.
         * @param maxAnswerLength most tokens of a question with its answer.
         * @throws IllegalArgumentException [maxLength] leaves no room for a token
         * of each text.
         *
         * Source: `albert_tf/text/choices.py`, `encode_choices`.
         */
        public fun pack(
            tokenizer: AlbertTokenizer,
            context: String,
            answers: List<String>,
            maxLength: Int,
            maxAnswerLength: Int = MAX_ANSWER_LENGTH,
        ): PackedChoices {
            val passage = tokenizer.encodeIds(context)
            val room = maxOf(1, minOf(maxAnswerLength, maxLength - NUM_SPECIAL - 1))
            var isCut = false
            val rows = answers.map { answer ->
                val ids = tokenizer.encodeIds(answer)
                val kept = ids.copyOfRange(maxOf(0, ids.size - room), ids.size)
                val left = maxOf(0, maxLength - NUM_SPECIAL - kept.size)
                val row = tokenizer.pack(passage.copyOf(minOf(left, passage.size)), kept, maxLength)
                if (row.size < passage.size + ids.size + NUM_SPECIAL) isCut = true
                row
            }
            return PackedChoices(rows, isCut)
        }

        private const val NUM_SPECIAL = 3
    }
}
