package org.alberttf.tokenizer

/**
 * Lengths that training and device must share, in tokens.
 *
 * @property maxLength longest window, special tokens included.
 * @property docStride from the start of one window's part of the passage to
 * the start of the next one's; at least 1.
 * @property maxQueryLength longest question, at least 1; the rest is cut.
 * @throws IllegalArgumentException a length is below 1, or leaves no room for
 * the passage.
 *
 * Source: google-research/albert run_squad_v2.py, its defaults.
 */
public data class WindowSettings(
    val maxLength: Int = 384,
    val docStride: Int = 128,
    val maxQueryLength: Int = 64,
) {
    init {
        require(docStride >= 1) { "`docStride` must be 1 or more. Received: $docStride." }
        require(maxQueryLength >= 1) {
            "`maxQueryLength` must be 1 or more. Received: $maxQueryLength."
        }
        require(maxLength >= maxQueryLength + 4) {
            "`maxLength` must hold the question, three special tokens and one of the passage. " +
                "Received: maxLength=$maxLength, maxQueryLength=$maxQueryLength. Shorten the " +
                "question, or lengthen the window."
        }
    }

    public companion object {
        private const val PUBLISHED_LENGTH = 384
        private const val PUBLISHED_STRIDE = 128
        private const val PUBLISHED_QUERY_LENGTH = 64

        /**
         * Returns the published lengths, or shorter ones for short windows.
         *
         * Short windows overlap by more of their length: an answer must lie
         * whole in the window that shows most around its first token.
         *
         * @throws IllegalArgumentException [maxLength] is below 8.
         */
        public fun fitting(maxLength: Int): WindowSettings {
            require(maxLength >= 8) {
                "Question answering needs windows of 8 tokens or more. Received: $maxLength."
            }
            val stride = if (maxLength < PUBLISHED_LENGTH) maxLength / 4 else PUBLISHED_STRIDE
            return WindowSettings(maxLength, stride, minOf(PUBLISHED_QUERY_LENGTH, maxLength / 3))
        }
    }
}
