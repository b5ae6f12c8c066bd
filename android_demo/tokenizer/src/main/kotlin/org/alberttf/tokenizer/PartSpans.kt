package org.alberttf.tokenizer

/** Spreads the characters of a piece over the parts it was split into. */
internal object PartSpans {
    /**
     * Returns one span a part.
     *
     * The parts are the characters of the piece in their order, so each takes
     * the text up to its last character. What the model's normalizer dropped
     * goes to the part after it, at the end to the last. Where the normalizer
     * changed a character and none matches, each part keeps the whole.
     *
     * @param parts the pieces that a piece was split into.
     * @param text what the piece was made of.
     * @param span where it stands there, in bytes.
     */
    fun spread(parts: List<String>, text: AlignedText, span: Span): List<Span> {
        val ends = ends(parts, text, span) ?: return parts.map { span }
        return parts.indices.map { index ->
            val begin = if (index == 0) span.begin else ends[index - 1]
            Span(begin, if (index == parts.lastIndex) span.end else ends[index])
        }
    }

    private fun ends(parts: List<String>, text: AlignedText, span: Span): IntArray? {
        var end = span.begin
        val ends = IntArray(parts.size)
        for ((index, part) in parts.withIndex()) {
            val wanted = part.replace(WORD_START.toString(), "").toByteArray(Charsets.UTF_8)
            var at = 0
            while (at < wanted.size) {
                val next = at + Utf8.length(wanted[at])
                end = endOf(wanted, at, next, text, end, span.end) ?: return null
                at = next
            }
            ends[index] = end
        }
        return ends
    }

    /** Finds a character from [from] on and returns where it ends, or null. */
    private fun endOf(
        wanted: ByteArray,
        begin: Int,
        end: Int,
        text: AlignedText,
        from: Int,
        to: Int,
    ): Int? {
        val size = end - begin
        for (start in from..to - size) {
            if ((0 until size).all { text.bytes[start + it] == wanted[begin + it] }) {
                return start + size
            }
        }
        return null
    }
}
