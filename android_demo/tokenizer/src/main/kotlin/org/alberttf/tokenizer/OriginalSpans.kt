package org.alberttf.tokenizer

/** Leads from bytes of cleaned text back to the original. */
internal object OriginalSpans {
    /**
     * Returns where [span] of [text] stands in the original, spaces left out.
     *
     * A span of nothing but spaces is empty, and stands where the text goes
     * on. Spaces inside of what one character was decomposed to (U+FDFA is
     * four words) stand at that character.
     */
    fun find(text: AlignedText, span: Span): Span {
        var begin = span.begin
        var end = span.end
        while (begin < end && isSpace(text, begin)) begin++
        while (begin < end && isSpace(text, end - 1)) end--
        if (begin < end) return Span(text.starts[begin], text.ends[end - 1])
        val before = if (begin > 0) text.ends[begin - 1] else 0
        val after = if (begin < text.size) text.starts[begin] else before
        if (after < before) return Span(text.starts[begin - 1], before)
        return Span(after, after)
    }

    private fun isSpace(text: AlignedText, at: Int): Boolean =
        text.bytes[at] == ' '.code.toByte()
}
