package org.alberttf.tokenizer

/**
 * Pieces of one text, without special tokens.
 *
 * @property text the text that was encoded.
 * @property ids one a piece.
 * @property pieces a piece that begins a word begins with U+2581.
 * @property offsets where each piece stands in [text], in UTF-16 units as
 * `String.substring` counts them, white space left out. Empty for a piece that
 * stands for white space alone.
 */
public class Encoding internal constructor(
    public val text: String,
    public val ids: IntArray,
    public val pieces: List<String>,
    public val offsets: List<Span>,
) {
    /**
     * Returns [offsets] in characters (code points), as Python counts them: a
     * character above U+FFFF is one, where it is two UTF-16 units.
     */
    public fun codePointOffsets(): List<Span> {
        val counts = IntArray(text.length + 1)
        var count = 0
        for (index in text.indices) {
            counts[index] = count
            val isHalf = text[index].isHighSurrogate() &&
                index + 1 < text.length && text[index + 1].isLowSurrogate()
            if (!isHalf) count++
        }
        counts[text.length] = count
        return offsets.map { Span(counts[it.begin], counts[it.end]) }
    }

    /** Returns the part of [text] that a piece stands for. */
    public fun surface(index: Int): String =
        text.substring(offsets[index].begin, offsets[index].end)
}
