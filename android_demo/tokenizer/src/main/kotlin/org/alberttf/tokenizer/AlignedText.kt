package org.alberttf.tokenizer

/**
 * Text under construction: UTF-8, and where each byte came from.
 *
 * Bytes, because SentencePiece works on them, and because ASCII, most of what
 * is read, then takes one step a character.
 *
 * @param capacity bytes to begin with; it grows.
 * @param isAligned whether origins are kept. Ids alone need none.
 */
internal class AlignedText(capacity: Int, val isAligned: Boolean) {
    /** UTF-8; valid up to [size]. */
    var bytes = ByteArray(capacity)
        private set

    /** Where in the source the character of each byte begins. */
    var starts = IntArray(if (isAligned) capacity else 0)
        private set

    /** Where in the source the character of each byte ends, exclusive. */
    var ends = IntArray(if (isAligned) capacity else 0)
        private set

    /** Number of bytes. */
    var size = 0
        private set

    /** Appends a byte that stands for [start] until [end] of the source. */
    fun append(byte: Int, start: Int, end: Int) {
        if (size == bytes.size) grow()
        bytes[size] = byte.toByte()
        if (isAligned) {
            starts[size] = start
            ends[size] = end
        }
        size++
    }

    /** Appends a character, in one to four bytes of the same origin. */
    fun appendCodePoint(codePoint: Int, start: Int, end: Int) {
        if (codePoint < 0x80) return append(codePoint, start, end)
        if (codePoint < 0x800) {
            append(0xC0 or (codePoint shr 6), start, end)
        } else {
            if (codePoint < 0x10000) {
                append(0xE0 or (codePoint shr 12), start, end)
            } else {
                append(0xF0 or (codePoint shr 18), start, end)
                append(trailing(codePoint shr 12), start, end)
            }
            append(trailing(codePoint shr 6), start, end)
        }
        append(trailing(codePoint), start, end)
    }

    /** Lets the last byte's character reach to [end] of the source. */
    fun extendLast(end: Int) {
        if (isAligned && size > 0) ends[size - 1] = end
    }

    /** Replaces the byte at [index]. */
    fun set(index: Int, byte: Int) {
        bytes[index] = byte.toByte()
    }

    /** Cuts all from [newSize] on. */
    fun truncate(newSize: Int) {
        size = newSize
    }

    /** Returns bytes [begin] until [end] as a string. */
    fun substring(begin: Int, end: Int): String =
        String(bytes, begin, end - begin, Charsets.UTF_8)

    override fun toString(): String = substring(0, size)

    private fun trailing(bits: Int): Int = 0x80 or (bits and 0x3F)

    private fun grow() {
        val capacity = bytes.size + bytes.size / 2 + 16
        bytes = bytes.copyOf(capacity)
        if (isAligned) {
            starts = starts.copyOf(capacity)
            ends = ends.copyOf(capacity)
        }
    }

    companion object {
        /** Returns [text], which holds no lone surrogate, without origins. */
        fun of(text: String): AlignedText {
            val utf8 = text.toByteArray(Charsets.UTF_8)
            val copy = AlignedText(0, isAligned = false)
            copy.bytes = utf8
            copy.size = utf8.size
            return copy
        }
    }
}
