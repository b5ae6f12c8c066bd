package org.alberttf.tokenizer

import java.io.ByteArrayOutputStream

/** Writes SentencePiece models of a few pieces, field by field. */
internal object TestProto {
    private val SPECIAL =
        listOf("<unk>" to 2, "<pad>" to 3, "[CLS]" to 3, "[SEP]" to 3, "[MASK]" to 3)

    /** Default settings, and the pieces that ALBERT needs. */
    val specialPieces: ByteArray = SPECIAL.fold(normalizer()) { all, (text, kind) ->
        all + piece(text, 0f, kind)
    }

    fun field(number: Int, value: Int): ByteArray = varint(number shl 3) + varint(value)

    fun field(number: Int, value: ByteArray): ByteArray =
        varint((number shl 3) or 2) + varint(value.size) + value

    fun field(number: Int, value: Float): ByteArray {
        val bits = value.toRawBits()
        return varint((number shl 3) or 5) + ByteArray(4) { (bits shr (8 * it)).toByte() }
    }

    fun piece(text: String, score: Float, kind: Int = SentencePieceModel.NORMAL): ByteArray =
        field(1, field(1, text.toByteArray()) + field(2, score) + field(3, kind))

    fun trainer(vararg fields: ByteArray): ByteArray = field(2, join(fields))

    fun normalizer(vararg fields: ByteArray): ByteArray = field(3, join(fields))

    private fun join(fields: Array<out ByteArray>): ByteArray =
        fields.fold(ByteArray(0)) { all, field -> all + field }

    private fun varint(value: Int): ByteArray {
        val bytes = ByteArrayOutputStream()
        var left = value
        while (left >= 0x80) {
            bytes.write((left and 0x7F) or 0x80)
            left = left ushr 7
        }
        bytes.write(left)
        return bytes.toByteArray()
    }
}
