package org.alberttf.tokenizer

/**
 * A model's own table of normalization rules: strings and their replacements.
 *
 * @param blob the size of the trie in bytes (4 bytes, lowest first), the trie,
 * and the replacements, each ended by byte 0.
 *
 * @throws IllegalArgumentException the table is broken.
 *
 * Source: sentencepiece normalizer.cc `DecodePrecompiledCharsMap`.
 */
internal class CharsMap(blob: ByteArray) {
    /** Leads from a string to where its replacement begins. */
    val rules: DoubleArray

    /** The replacements, UTF-8. */
    val replacements: ByteArray

    init {
        check(blob.size > 4)
        val trieSize = intAt(blob, 0)
        // Blocks have 256 units of 4 bytes.
        check(trieSize in 1024 until blob.size - 4 && trieSize % 1024 == 0)
        replacements = blob.copyOfRange(4 + trieSize, blob.size)
        check(replacements.last() == 0.toByte())
        rules = DoubleArray(IntArray(trieSize / 4) { intAt(blob, 4 + 4 * it) })
        checkUnits(rules.units)
    }

    /** Returns where the replacement ends that begins at [begin]. */
    fun replacementEnd(begin: Int): Int {
        var end = begin
        while (replacements[end] != 0.toByte()) end++
        return end
    }

    /** Refuses what could lead outside of the arrays. */
    private fun checkUnits(units: IntArray) {
        for ((index, unit) in units.withIndex()) {
            if (unit < 0) {
                check(index > 0 && unit and DoubleArray.VALUE_MASK < replacements.size)
                continue
            }
            val base = index xor DoubleArray.offset(unit)
            check(base or 0xFF < units.size)
            check(unit and DoubleArray.HAS_LEAF == 0 || units[base] < 0)
        }
    }

    private fun intAt(bytes: ByteArray, at: Int): Int =
        (bytes[at].toInt() and 0xFF) or
            ((bytes[at + 1].toInt() and 0xFF) shl 8) or
            ((bytes[at + 2].toInt() and 0xFF) shl 16) or
            ((bytes[at + 3].toInt() and 0xFF) shl 24)

    private fun check(isSound: Boolean) = require(isSound) {
        "The SentencePiece model's normalization table is broken. Expected " +
            "the `spiece.model` that comes with the weights. Copy it again, " +
            "as binary."
    }
}
