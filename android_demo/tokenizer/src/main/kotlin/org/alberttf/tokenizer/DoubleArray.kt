package org.alberttf.tokenizer

/**
 * A trie of byte strings in one array, in the format of Darts-clone.
 *
 * A unit holds, from the lowest bit: the label that leads to it (8 bits),
 * whether a key ends here (1), whether the offset counts in 256s (1), and the
 * offset (21) that, xor its own index, xor a label, is the index of the child.
 * Where a key ends, the child of label 0 holds the value and has the highest
 * bit set, which no label has: so byte 0 in a text leads nowhere.
 *
 * Source: sentencepiece third_party/darts_clone/darts.h `DoubleArrayUnit`,
 * `commonPrefixSearch`.
 *
 * @param units a whole number of blocks of 256.
 */
internal class DoubleArray(val units: IntArray) {
    /**
     * Calls [action], shortest first, with the end and value of each key that
     * begins at [from] and ends at [to] or before.
     */
    inline fun forEachPrefix(
        bytes: ByteArray,
        from: Int,
        to: Int,
        action: (end: Int, value: Int) -> Unit,
    ) {
        val units = units
        var base = offset(units[0])
        var at = from
        while (at < to) {
            val label = bytes[at].toInt() and 0xFF
            val index = base xor label
            val unit = units[index]
            if (unit and LABEL_MASK != label) return
            base = index xor offset(unit)
            at++
            if (unit and HAS_LEAF != 0) action(at, units[base] and VALUE_MASK)
        }
    }

    /** Returns the value of the key [from] until [to], or -1. */
    fun find(bytes: ByteArray, from: Int, to: Int): Int {
        var found = -1
        forEachPrefix(bytes, from, to) { end, value ->
            if (end == to) found = value
        }
        return found
    }

    /** Returns whether a key is this one byte. */
    fun hasKey(byte: Int): Boolean {
        val unit = child(byte)
        return unit and LABEL_MASK == byte && unit and HAS_LEAF != 0
    }

    /** Returns whether a key begins with this byte and goes on in ASCII. */
    fun hasAsciiAfter(byte: Int): Boolean {
        val unit = child(byte)
        if (unit and LABEL_MASK != byte) return false
        val base = offset(units[0]) xor byte xor offset(unit)
        return (1 until 0x80).any { units[base xor it] and LABEL_MASK == it }
    }

    private fun child(byte: Int): Int = units[offset(units[0]) xor byte]

    companion object {
        const val LABEL_MASK = 0xFF or (1 shl 31)
        const val HAS_LEAF = 1 shl 8
        const val VALUE_MASK = Int.MAX_VALUE

        /** Returns the offset of a unit. */
        @Suppress("NOTHING_TO_INLINE")
        inline fun offset(unit: Int): Int =
            (unit ushr 10) shl ((unit and (1 shl 9)) ushr 6)
    }
}
