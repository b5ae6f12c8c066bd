package org.alberttf.tokenizer

/**
 * `[CLS] question [SEP] part of the passage [SEP]`.
 *
 * @property inputs what the model takes.
 * @property position where in the window its part of the passage begins.
 * @property begin the first of the passage's tokens in it.
 * @property end the one behind the last.
 * @property isMaxContext boolean[end - begin], whether, of all windows, this
 * is the one that shows most of the token's surroundings.
 */
public class Window internal constructor(
    public val inputs: ModelInputs,
    public val position: Int,
    public val begin: Int,
    public val end: Int,
    public val isMaxContext: BooleanArray,
)

/**
 * A question and its passage as overlapping windows that a model can read.
 *
 * @property passage what the answer is taken from.
 * @property windows together they hold every token of the passage.
 * @property numCutTokens tokens of the question that no window holds, since it
 * is longer than `maxQueryLength`.
 */
public class PackedQuestion private constructor(
    public val passage: Passage,
    public val windows: List<Window>,
    public val numCutTokens: Int,
) {
    public companion object {
        /**
         * Packs a question with every part of a passage.
         *
         * 1. Cut the question to its first `maxQueryLength` tokens.
         * 2. Give the passage the room that is left.
         * 3. Split the passage by [split].
         * 4. Name for each token the window that [maxContextWindows] returns.
         *
         * @param tokenizer the one that encoded the passage.
         * @throws IllegalArgumentException the question or the passage has no
         * token.
         *
         * Source: google-research/albert squad_utils.py
         * `convert_examples_to_features`; `albert_tf/text/windows.py`.
         */
        public fun pack(
            tokenizer: AlbertTokenizer,
            question: String,
            passage: Passage,
            settings: WindowSettings,
        ): PackedQuestion {
            val ids = tokenizer.encodeIds(question)
            requireTokens("question", ids.size)
            requireTokens("passage", passage.size)
            val kept = ids.copyOf(minOf(ids.size, settings.maxQueryLength))
            val room = settings.maxLength - kept.size - 3
            val spans = split(passage.size, room, settings.docStride)
            val owners = maxContextWindows(spans)
            val windows = spans.mapIndexed { index, span ->
                val part = passage.tokenIds.copyOfRange(span.begin, span.end)
                Window(
                    tokenizer.pack(kept, part, settings.maxLength), kept.size + 2, span.begin, span.end,
                    BooleanArray(part.size) { owners[span.begin + it] == index },
                )
            }
            return PackedQuestion(passage, windows, ids.size - kept.size)
        }

        /**
         * Splits tokens into overlapping windows.
         *
         * A window begins [stride] after the one before, or right behind it
         * where the stride is longer than the window, so that nothing is left
         * out. The one that reaches the end is the last.
         */
        internal fun split(numTokens: Int, room: Int, stride: Int): List<Span> {
            val step = minOf(room, stride)
            val spans = arrayListOf(Span(0, minOf(room, numTokens)))
            while (spans.last().end < numTokens) {
                val begin = spans.last().begin + step
                spans.add(Span(begin, minOf(begin + room, numTokens)))
            }
            return spans
        }

        /**
         * Returns for each token the window that shows most around it.
         *
         * That is the one with the most tokens on the token's poorer side, a
         * hundredth of the window's length added; the first of equal ones.
         * Scores are 64-bit, so that ties break as in Python.
         *
         * Source: google-research/albert squad_utils.py
         * `_check_is_max_context`.
         */
        internal fun maxContextWindows(spans: List<Span>): IntArray {
            val owners = IntArray(spans.last().end)
            val best = DoubleArray(owners.size) { -1.0 }
            for ((index, span) in spans.withIndex()) {
                for (token in span.begin until span.end) {
                    val poorer = minOf(token - span.begin, span.end - 1 - token)
                    val score = poorer + 0.01 * (span.end - span.begin)
                    if (score > best[token]) {
                        best[token] = score
                        owners[token] = index
                    }
                }
            }
            return owners
        }

        private fun requireTokens(name: String, size: Int) = require(size > 0) {
            "The $name is empty. Expected at least one character other than white space."
        }
    }
}
