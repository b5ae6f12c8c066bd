package org.alberttf.tokenizer

import java.util.BitSet

/**
 * Splits pieces such as `▁2000,` into a number and a comma.
 *
 * SentencePiece learns `▁2000,` as one piece, which hides the number from the
 * model. ALBERT encodes the number again, alone, and puts the comma after it.
 * How a piece splits depends on the piece only, so each one of the vocabulary
 * is worked out once.
 *
 * @param model the model whose pieces are split.
 * @param digits what counts as a digit.
 *
 * Source: google-research/albert tokenization.py `encode_pieces`.
 */
internal class DigitCommaSplit(
    private val model: SentencePiece,
    private val digits: CodePointRanges,
) {
    /** The pieces that stand for one piece, and their ids. */
    class Parts(val pieces: List<String>, val ids: IntArray)

    private val vocabulary = model.vocabulary
    private val isWorthALook = BitSet(vocabulary.size)
    private val partsOf = HashMap<Int, Parts>()

    init {
        isWorthALook.set(vocabulary.unknownId)
        for (id in 0 until vocabulary.size) {
            if (!vocabulary.endsInComma(id)) continue
            split(vocabulary.text(id))?.let { parts ->
                partsOf[id] = parts
                isWorthALook.set(id)
            }
        }
    }

    /** Returns whether the ids of [cut] stand as they are. */
    fun leavesAlone(cut: CutText): Boolean = cut.ids.none { isWorthALook[it] }

    /** Returns what stands for a piece of [cut], or null for itself alone. */
    fun parts(cut: CutText, index: Int): Parts? {
        val id = cut.ids[index]
        if (!isWorthALook[id]) return null
        return if (id == vocabulary.unknownId) split(cut.text(index)) else partsOf[id]
    }

    private fun split(piece: String): Parts? {
        if (!endsInDigitComma(piece)) return null
        val number = piece.dropLast(1).replace(WORD_START.toString(), "")
        val pieces = piecesOf(number).toMutableList()
        if (piece[0] != WORD_START && pieces.firstOrNull()?.startsWith(WORD_START) == true) {
            val first = pieces.removeAt(0).substring(1)
            if (first.isNotEmpty()) pieces.add(0, first)
        }
        pieces.add(",")
        return Parts(pieces, IntArray(pieces.size) { vocabulary.idOf(pieces[it]) })
    }

    private fun piecesOf(text: String): List<String> {
        val cut = model.cut(AlignedText.of(text), isAligned = false)
        return List(cut.size) { cut.text(it) }
    }

    private fun endsInDigitComma(piece: String): Boolean {
        if (piece.length < 2 || !piece.endsWith(',')) return false
        return piece.codePointBefore(piece.length - 1) in digits
    }
}
