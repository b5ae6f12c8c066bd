package org.alberttf.tokenizer

/** Steps through valid UTF-8. */
internal object Utf8 {
    /** Returns how many bytes the character has whose first is [lead]. */
    fun length(lead: Byte): Int = when {
        lead >= 0 -> 1
        lead < 0xE0.toByte() -> 2
        lead < 0xF0.toByte() -> 3
        else -> 4
    }

    /** Returns where the character begins that ends before [end]. */
    fun startBefore(bytes: ByteArray, end: Int): Int {
        var start = end - 1
        while (isTrailing(bytes[start])) start--
        return start
    }

    /** Returns the code point of the character at [start]. */
    fun codePointAt(bytes: ByteArray, start: Int): Int {
        val lead = bytes[start]
        val length = length(lead)
        if (length == 1) return lead.toInt()
        var codePoint = lead.toInt() and (0x7F shr length)
        for (index in start + 1 until start + length) {
            codePoint = (codePoint shl 6) or (bytes[index].toInt() and 0x3F)
        }
        return codePoint
    }

    private fun isTrailing(byte: Byte): Boolean = byte.toInt() and 0xC0 == 0x80
}
