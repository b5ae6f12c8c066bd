package org.alberttf.tokenizer

/**
 * A window of words as one row of tokens: `[CLS] words [SEP]`.
 *
 * @property inputs what the model takes.
 * @property words indices of the words that this row answers for.
 * @property places where the first piece of each of them stands.
 */
public class WordRow private constructor(
    public val inputs: ModelInputs,
    public val words: List<Int>,
    public val places: List<Int>,
) {
    public companion object {
        /**
         * Makes rows of the pieces of words.
         *
         * Where all do not fit in one row, rows overlap by half, and each word
         * is answered for by the row in which it has most words on its scarcer
         * side. A word longer than a row is cut. A word without pieces, such
         * as one control character, is answered for by no row.
         *
         * @param tokenizer the one that made the pieces.
         * @param pieces for each word the ids of its pieces.
         * @param maxLength longest row, at least 3.
         * @return none where no word has a piece.
         *
         * Source: `albert_tf/text/words.py`, `pack_words`.
         */
        public fun pack(
            tokenizer: AlbertTokenizer,
            pieces: List<IntArray>,
            maxLength: Int,
        ): List<WordRow> {
            val room = maxLength - 2
            require(room >= 1) {
                "`maxLength` must be at least 3: two special tokens and a piece. Received: $maxLength."
            }
            val kept = pieces.indices.filter { pieces[it].isNotEmpty() }
            val ids = kept.map { pieces[it].copyOf(minOf(pieces[it].size, room)) }
            val spans = windows(ids.map { it.size }, room)
            val owners = kept.indices.map { owner(it, spans) }
            return spans.mapIndexed { number, span ->
                val places = IntArray(kept.size)
                var length = 1
                for (index in span.begin until span.end) {
                    places[index] = length
                    length += ids[index].size
                }
                val row = ids.subList(span.begin, span.end).flatMap { it.asList() }.toIntArray()
                val mine = (span.begin until span.end).filter { owners[it] == number }
                WordRow(tokenizer.pack(row, null, maxLength), mine.map { kept[it] }, mine.map { places[it] })
            }
        }

        /** Returns half-open spans of words, each within [room] pieces. */
        private fun windows(lengths: List<Int>, room: Int): List<Span> {
            val spans = ArrayList<Span>()
            var start = 0
            while (start < lengths.size) {
                var end = start
                var used = 0
                while (end < lengths.size && used + lengths[end] <= room) used += lengths[end++]
                spans.add(Span(start, end))
                if (end == lengths.size) break
                // Back by half of the row, but always on by one word.
                val begin = start
                var back = 0
                start = end
                while (start > begin + 1 && back + lengths[start - 1] <= room / 2) back += lengths[--start]
            }
            return spans
        }

        /** Returns the span where a word has most words on its scarcer side. */
        private fun owner(word: Int, spans: List<Span>): Int {
            val last = spans.last().end
            var best = -1
            var most = -1
            for ((number, span) in spans.withIndex()) {
                if (word !in span.begin until span.end) continue
                // The text's own ends are no loss of context.
                val before = if (span.begin == 0) last else word - span.begin
                val after = if (span.end == last) last else span.end - 1 - word
                if (minOf(before, after) > most) {
                    most = minOf(before, after)
                    best = number
                }
            }
            return best
        }
    }
}
