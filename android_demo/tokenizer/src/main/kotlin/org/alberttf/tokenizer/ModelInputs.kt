package org.alberttf.tokenizer

/**
 * What an ALBERT takes: one text or two as a sequence of S tokens.
 *
 * `[CLS] first [SEP]` or `[CLS] first [SEP] second [SEP]`, then padding.
 *
 * @property tokenIds int[S].
 * @property segmentIds int[S], 0 up to the first `[SEP]` inclusive, 1 behind.
 * @property paddingMask int[S], 1 where a token is real.
 * @property numFirst how many tokens of the first text were kept. Token i of
 * it stands at `1 + i`.
 * @property numSecond how many tokens of the second text were kept. Token i of
 * it stands at `2 + numFirst + i`.
 */
public class ModelInputs private constructor(
    public val tokenIds: IntArray,
    public val segmentIds: IntArray,
    public val paddingMask: IntArray,
    public val numFirst: Int,
    public val numSecond: Int,
) {
    /** Number of tokens, S. */
    public val size: Int get() = tokenIds.size

    /**
     * Returns the same sequence, padded at its end.
     *
     * @param length int, S of the result.
     * @param padId id of `<pad>`.
     * @throws IllegalArgumentException the sequence is longer.
     */
    public fun padTo(length: Int, padId: Int): ModelInputs {
        require(size <= length) {
            "`length` must hold the sequence: it has $size tokens. Received: " +
                "length=$length. Pack with this maxLength."
        }
        val tokenIds = tokenIds.copyOf(length)
        tokenIds.fill(padId, size, length)
        return ModelInputs(
            tokenIds, segmentIds.copyOf(length), paddingMask.copyOf(length), numFirst, numSecond,
        )
    }

    public companion object {
        /**
         * Joins the ids of one text or two.
         *
         * What does not fit is cut from the end of the longer text, one token
         * at a time, so that a short second text survives beside a long first.
         *
         * @param first ids of the first text.
         * @param second ids of the second text of a pair, or null.
         * @param clsId id of `[CLS]`.
         * @param sepId id of `[SEP]`.
         * @param maxLength the longest sequence, special tokens included.
         * @throws IllegalArgumentException [maxLength] leaves no room for a
         * token of each text.
         *
         * Source: google-research/albert classifier_utils.py
         * `convert_single_example`, `_truncate_seq_pair`.
         */
        public fun pack(
            first: IntArray,
            second: IntArray?,
            clsId: Int,
            sepId: Int,
            maxLength: Int,
        ): ModelInputs {
            val numSpecial = if (second == null) 2 else 3
            val least = 2 * numSpecial - 1
            require(maxLength >= least) {
                "`maxLength` must be at least $least: $numSpecial special " +
                    "tokens and one of each text. Received: $maxLength."
            }
            val budget = maxLength - numSpecial
            val numFirst = keptOfFirst(first.size, second?.size ?: 0, budget)
            val numSecond = minOf(second?.size ?: 0, budget - numFirst)
            val head = intArrayOf(clsId) + first.copyOf(numFirst) + sepId
            val tail = if (second == null) IntArray(0) else second.copyOf(numSecond) + sepId
            return ModelInputs(
                tokenIds = head + tail,
                segmentIds = IntArray(head.size) + IntArray(tail.size) { 1 },
                paddingMask = IntArray(head.size + tail.size) { 1 },
                numFirst = numFirst,
                numSecond = numSecond,
            )
        }

        /**
         * Closed form of the reference's loop, which drops from the first text
         * where it is strictly longer and else from the second: what is left
         * is the shorter text whole, or, where both are long, an even split
         * with the odd token going to the first.
         */
        private fun keptOfFirst(first: Int, second: Int, budget: Int): Int {
            val half = budget / 2
            return when {
                first + second <= budget || first <= budget - half -> first
                second <= half -> budget - second
                else -> budget - half
            }
        }
    }
}
