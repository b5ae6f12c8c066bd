package org.alberttf.tokenizer

/**
 * The pieces of a model: id to text and score, text to id.
 *
 * Texts are kept in one array, since 30,000 strings would take four times the
 * memory, and become strings where somebody reads them.
 *
 * @throws IllegalArgumentException the pieces contradict each other.
 *
 * Source: sentencepiece 0.2.3 model_interface.cc `InitializePieces`,
 * unigram_model.cc `Model`.
 */
internal class Vocabulary(pieces: List<SentencePieceModel.Piece>) {
    /** Number of pieces. */
    val size: Int = pieces.size

    /** Id of the piece that stands for unknown characters. */
    val unknownId: Int

    /** Length of the longest piece, in bytes. */
    val longestBytes: Int = pieces.maxOf { it.text.size }

    /** What a piece adds to the score of a text, by id. */
    val scores: FloatArray

    /** Score of an unknown character. */
    val unknownScore: Float

    /** Leads from text to the ids that a text may be cut into. */
    val trie: DoubleArray

    /** Leads through the user-defined pieces; null where there is none. */
    val symbols: DoubleArray?

    private val bytes: ByteArray
    private val bounds = IntArray(pieces.size + 1)
    private val isControl = BooleanArray(pieces.size)

    /** Pieces that no text is cut into, and their ids. */
    private val reserved = HashMap<String, Int>()

    init {
        pieces.forEach(::check)
        pieces.forEachIndexed { id, piece -> bounds[id + 1] = bounds[id] + piece.text.size }
        bytes = ByteArray(bounds[size])
        pieces.forEachIndexed { id, piece -> piece.text.copyInto(bytes, bounds[id]) }
        scores = FloatArray(size) { scoreOf(pieces[it]) }
        unknownId = pieces.indexOfFirst { it.kind == SentencePieceModel.UNKNOWN }
        requireSound(unknownId >= 0) { "no piece is of the unknown kind" }
        unknownScore = lowestScore(pieces) - UNKNOWN_PENALTY
        val (inText, others) = pieces.indices.partition { isInText(pieces[it]) }
        trie = trieOf(pieces, inText)
        val symbolIds = inText.filter { pieces[it].kind == SentencePieceModel.USER_DEFINED }
        symbols = if (symbolIds.isEmpty()) null else trieOf(pieces, symbolIds)
        for (id in others) reserve(id, pieces[id])
    }

    /** Returns the text of a piece. */
    fun text(id: Int): String =
        String(bytes, bounds[id], bounds[id + 1] - bounds[id], Charsets.UTF_8)

    /** Returns the id of a piece; the unknown one's for a text that is none. */
    fun idOf(text: String): Int {
        reserved[text]?.let { return it }
        val utf8 = text.toByteArray(Charsets.UTF_8)
        val id = trie.find(utf8, 0, utf8.size)
        return if (id < 0) unknownId else id
    }

    /** Returns whether a piece is a mark that stands for no text. */
    fun isControl(id: Int): Boolean = isControl[id]

    /** Returns whether the text of a piece ends in a comma. */
    fun endsInComma(id: Int): Boolean = bytes[bounds[id + 1] - 1] == ','.code.toByte()

    private fun check(piece: SentencePieceModel.Piece) {
        requireSound(piece.text.isNotEmpty()) { "a piece is empty" }
        requireSound(0.toByte() !in piece.text) { "a piece holds a null character" }
        requireSound(piece.kind != SentencePieceModel.BYTE) { "a piece is a byte" }
        requireSound(piece.score.isFinite()) { "a score is ${piece.score}" }
    }

    private fun reserve(id: Int, piece: SentencePieceModel.Piece) {
        isControl[id] = piece.kind == SentencePieceModel.CONTROL
        val isNew = reserved.put(text(id), id) == null
        requireSound(isNew && trie.find(piece.text, 0, piece.text.size) < 0) {
            "the piece ${text(id)} is there twice"
        }
    }

    private fun isInText(piece: SentencePieceModel.Piece): Boolean =
        piece.kind == SentencePieceModel.NORMAL || piece.kind == SentencePieceModel.USER_DEFINED

    /** User-defined pieces have a score that always wins, not their own. */
    private fun scoreOf(piece: SentencePieceModel.Piece): Float =
        if (piece.kind == SentencePieceModel.USER_DEFINED) {
            (0.1 * (piece.text.size - 1)).toFloat()
        } else {
            piece.score
        }

    private fun lowestScore(pieces: List<SentencePieceModel.Piece>): Float {
        val normal = pieces.filter { it.kind == SentencePieceModel.NORMAL }
        requireSound(normal.isNotEmpty()) { "it has no ordinary piece" }
        return normal.minOf { it.score }
    }

    private fun trieOf(pieces: List<SentencePieceModel.Piece>, ids: List<Int>): DoubleArray {
        val keys = Array(ids.size) { pieces[ids[it]].text }
        return DoubleArrayBuilder(keys, ids.toIntArray()).build()
    }

    private inline fun requireSound(isSound: Boolean, problem: () -> String) =
        require(isSound) {
            "The SentencePiece model is broken: ${problem()}. Expected the " +
                "`spiece.model` that comes with the weights. Copy it again, " +
                "as binary."
        }

    private companion object {
        const val UNKNOWN_PENALTY = 10f
    }
}
