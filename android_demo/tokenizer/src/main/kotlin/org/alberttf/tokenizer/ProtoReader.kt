package org.alberttf.tokenizer

/**
 * Reads protocol buffer fields from bytes, one after the other.
 *
 * By hand, so that no protocol buffer library has to travel with the app for
 * the sake of a dozen fields.
 *
 * Source: the protocol buffer documentation, "Encoding".
 *
 * @param bytes the whole message that this one is part of.
 * @param begin where it begins.
 * @param end where it ends, exclusive.
 */
internal class ProtoReader(
    val bytes: ByteArray,
    private val begin: Int = 0,
    private val end: Int = bytes.size,
) {
    private var at = begin
    private var wireType = 0

    /** Steps to the next field and returns its number, or 0 at the end. */
    fun nextField(): Int {
        if (at == end) return 0
        val tag = varint()
        wireType = (tag and 7).toInt()
        val number = tag ushr 3
        check(number in 1..MAX_FIELD_NUMBER)
        return number.toInt()
    }

    /** Returns the number that the field holds. */
    fun int(): Int {
        check(wireType == VARINT)
        return varint().toInt()
    }

    /** Returns the truth value that the field holds. */
    fun boolean(): Boolean = int() != 0

    /** Returns the 32-bit floating point number that the field holds. */
    fun float(): Float {
        check(wireType == FIXED_32)
        val start = take(4)
        var bits = 0
        for (index in 3 downTo 0) {
            bits = (bits shl 8) or (bytes[start + index].toInt() and 0xFF)
        }
        return Float.fromBits(bits)
    }

    /** Returns the bytes that the field holds, not copied. */
    fun message(): ProtoReader {
        check(wireType == LENGTH_DELIMITED)
        val length = varint()
        check(length in 0..(end - at))
        val start = take(length.toInt())
        return ProtoReader(bytes, start, at)
    }

    /** Returns a copy of all bytes of this message. */
    fun toByteArray(): ByteArray = bytes.copyOfRange(begin, end)

    /** Passes over a field of no interest. */
    fun skip() {
        when (wireType) {
            VARINT -> varint()
            FIXED_64 -> take(8)
            LENGTH_DELIMITED -> message()
            FIXED_32 -> take(4)
            else -> check(false)
        }
    }

    private fun varint(): Long {
        // Nearly all have one byte.
        if (at < end && bytes[at] >= 0) return bytes[at++].toLong()
        var value = 0L
        for (shift in 0 until 64 step 7) {
            val byte = bytes[take(1)].toLong()
            value = value or ((byte and 0x7F) shl shift)
            if (byte >= 0) return value
        }
        check(false)
        return value
    }

    private fun take(size: Int): Int {
        check(size <= end - at)
        at += size
        return at - size
    }

    private fun check(isSound: Boolean) = require(isSound) {
        "Not a SentencePiece model: ${bytes.size} bytes, broken at byte $at. " +
            "Expected the `spiece.model` that comes with the weights. Copy it " +
            "again, as binary."
    }

    private companion object {
        const val VARINT = 0
        const val FIXED_64 = 1
        const val LENGTH_DELIMITED = 2
        const val FIXED_32 = 5
        const val MAX_FIELD_NUMBER = (1L shl 29) - 1
    }
}
