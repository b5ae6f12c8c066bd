package org.alberttf.tokenizer

/**
 * Cuts normalized text into the pieces with the highest sum of scores.
 *
 * For every place the best way to get there is known once all pieces that end
 * there were tried, and a piece's score depends on nothing but itself: so one
 * pass from left to right, which remembers the last piece of the best way to
 * each place, finds the best of all ways (Viterbi).
 *
 * Equal to the reference in the last bit, so that ties end alike: sums in 32
 * bits, added from the left; a later find wins only if strictly better; a sum
 * beyond 100,000 starts anew from 0, before 32 bits would make unlike scores
 * equal.
 *
 * Source: sentencepiece 0.2.3 unigram_model.cc `EncodeOptimized`; the runs of
 * unknown pieces, sentencepiece_processor.cc `EncodeOptimized`.
 */
internal class UnigramSegmenter(private val vocabulary: Vocabulary) {
    /** Returns the pieces of [text]; neighbouring unknown ones are one. */
    fun segment(text: AlignedText): Segments {
        val lattice = Lattice(text.bytes, text.size)
        lattice.fill()
        return lattice.trace()
    }

    /** The best way to each place of one text. */
    private inner class Lattice(
        private val bytes: ByteArray,
        private val size: Int,
    ) {
        private val bestScores = FloatArray(size + 1)

        /** Length in bytes of the last piece; 0 where no way leads yet. */
        private val lengths = IntArray(size + 1)
        private val ids = IntArray(size + 1)

        fun fill() {
            var at = 0
            while (at < size) {
                if (bestScores[at] < -RESET_ABOVE || bestScores[at] > RESET_ABOVE) reset(at)
                at = tryPieces(at)
            }
        }

        /** Tries all pieces that begin at [at]; returns the next character. */
        private fun tryPieces(at: Int): Int {
            val scores = vocabulary.scores
            val score = bestScores[at]
            val next = at + Utf8.length(bytes[at])
            var hasSingle = false
            vocabulary.trie.forEachPrefix(bytes, at, size) { end, id ->
                if (end == next) hasSingle = true
                tryPiece(at, end, id, scores[id] + score)
            }
            if (!hasSingle) {
                tryPiece(at, next, vocabulary.unknownId, vocabulary.unknownScore + score)
            }
            return next
        }

        private fun tryPiece(begin: Int, end: Int, id: Int, score: Float) {
            if (lengths[end] == 0 || score > bestScores[end]) {
                bestScores[end] = score
                lengths[end] = end - begin
                ids[end] = id
            }
        }

        /**
         * Takes what led to [at] off all sums that are known from there on:
         * no piece reaches further than the longest one.
         */
        private fun reset(at: Int) {
            val offset = bestScores[at]
            bestScores[at] -= offset
            for (end in at + 1..minOf(size, at + vocabulary.longestBytes)) {
                if (lengths[end] > 0) bestScores[end] -= offset
            }
        }

        /** Follows the best way from the end to the begin. */
        fun trace(): Segments {
            var left = mergeUnknown()
            val segments = Segments(IntArray(left), IntArray(left + 1))
            var end = size
            segments.bounds[left] = end
            while (end > 0) {
                segments.ids[--left] = ids[end]
                end -= lengths[end]
                segments.bounds[left] = end
            }
            return segments
        }

        /** Makes runs of unknown pieces one, and returns the number of all. */
        private fun mergeUnknown(): Int {
            var count = 0
            var begin = size
            var pieceEnd = size
            while (begin > 0) {
                val end = begin
                begin -= lengths[end]
                val isUnknown = ids[end] == vocabulary.unknownId
                if (isUnknown && end < size && ids[pieceEnd] == ids[end]) {
                    lengths[pieceEnd] = pieceEnd - begin
                } else {
                    pieceEnd = end
                    count++
                }
            }
            return count
        }
    }

    private companion object {
        const val RESET_ABOVE = 100_000f
    }
}
