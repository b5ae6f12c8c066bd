package org.alberttf.tokenizer

/**
 * A text that answers are taken from: its tokens, and where they stand.
 *
 * Encoded once and shared by all questions about it. An answer runs from one
 * token to another. Tokens can share a character, where it was expanded as the
 * ligature U+FB01 is to "fi": no answer starts or ends between two that do,
 * nor at a token of white space alone. So different runs of tokens stand for
 * different characters.
 *
 * @property text the original.
 * @property tokenIds int[C].
 * @property offsets where each token stands in [text], in UTF-16 units; empty
 * for a token of white space alone.
 * @property canStart boolean[C], whether an answer may start at the token.
 * @property canEnd boolean[C], whether one may end with it.
 *
 * Source: `albert_tf/text/context.py`.
 */
public class Passage(tokenizer: AlbertTokenizer, public val text: String) {
    public val tokenIds: IntArray
    public val offsets: List<Span>
    public val canStart: BooleanArray
    public val canEnd: BooleanArray

    init {
        val encoding = tokenizer.encode(text)
        tokenIds = encoding.ids
        offsets = encoding.offsets
        canStart = BooleanArray(size)
        canEnd = BooleanArray(size)
        var before = -1
        for (index in offsets.indices) {
            if (offsets[index].begin == offsets[index].end) continue
            val isBorder = before < 0 || offsets[before].end <= offsets[index].begin
            canStart[index] = isBorder
            if (before >= 0) canEnd[before] = isBorder
            before = index
        }
        if (before >= 0) canEnd[before] = true
    }

    /** Number of tokens, C. */
    public val size: Int get() = tokenIds.size

    /**
     * Returns the characters from one token to another.
     *
     * @param first a token at which an answer may start.
     * @param last a token with which one may end, at or behind [first].
     */
    public fun characters(first: Int, last: Int): Span =
        Span(offsets[first].begin, offsets[last].end)
}
