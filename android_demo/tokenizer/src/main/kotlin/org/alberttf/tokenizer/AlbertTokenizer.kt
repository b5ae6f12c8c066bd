package org.alberttf.tokenizer

/** U+2581, which stands for a space inside of pieces. */
internal const val WORD_START = '\u2581'

/**
 * Turns text into the ids that ALBERT was trained on, and back.
 *
 * Equal to google-research/albert's tokenizer, id for id: normalization,
 * SentencePiece, then the split of pieces that end in a digit and a comma.
 * May be used from several threads at once.
 *
 * Example:
 *
 *     val tokenizer = AlbertTokenizer(File("spiece.model").readBytes())
 *     val inputs = tokenizer("a good film", maxLength = 64)
 *     check(inputs.tokenIds.size == inputs.paddingMask.size)
 *
 * @param model the content of a SentencePiece model.
 * @param doLowerCase folds upper case first; true for the published English
 * models.
 * @param keepAccents false drops combining marks.
 * @throws IllegalArgumentException [model] is no Unigram SentencePiece model,
 * or lacks one of the pieces `<pad> <unk> [CLS] [SEP] [MASK]`.
 *
 * Source: google-research/albert tokenization.py. Differs: offsets.
 */
public class AlbertTokenizer(
    model: ByteArray,
    doLowerCase: Boolean = true,
    keepAccents: Boolean = false,
) {
    private val normalizer: AlbertNormalizer
    private val sentencePiece = SentencePiece(model)
    private val vocabulary = sentencePiece.vocabulary
    private val digitCommaSplit: DigitCommaSplit
    private val specialIds = findSpecialIds()

    init {
        val tables = UnicodeTables()
        normalizer = AlbertNormalizer(tables, doLowerCase, keepAccents)
        digitCommaSplit = DigitCommaSplit(sentencePiece, tables.digits)
    }

    /** Number of pieces, special ones included. */
    public val vocabSize: Int get() = vocabulary.size

    /** Id of `<pad>`, which fills up sequences. */
    public val padId: Int get() = specialIds[0]

    /** Id of `<unk>`, which stands for unknown characters. */
    public val unkId: Int get() = specialIds[1]

    /** Id of `[CLS]`, which begins a sequence. */
    public val clsId: Int get() = specialIds[2]

    /** Id of `[SEP]`, which ends each text. */
    public val sepId: Int get() = specialIds[3]

    /** Id of `[MASK]`, which hides a token. */
    public val maskId: Int get() = specialIds[4]

    /** Returns the text as SentencePiece receives it. */
    public fun normalize(text: String): String =
        normalizer.normalize(text, isAligned = false).toString()

    /** Returns the pieces of a text. */
    public fun tokenize(text: String): List<String> = encode(text).pieces

    /** Returns the ids of a text: as [encode], and faster. */
    public fun encodeIds(text: String): IntArray {
        val cut = sentencePiece.cut(normalizer.normalize(text, false), isAligned = false)
        if (digitCommaSplit.leavesAlone(cut)) return cut.ids
        val ids = ArrayList<Int>(cut.size + 8)
        for (index in 0 until cut.size) {
            val parts = digitCommaSplit.parts(cut, index)
            if (parts == null) ids.add(cut.id(index)) else ids.addAll(parts.ids.asList())
        }
        return ids.toIntArray()
    }

    /** Returns ids, pieces and where each piece stands in the text. */
    public fun encode(text: String): Encoding {
        val cleaned = normalizer.normalize(text, isAligned = true)
        val cut = sentencePiece.cut(cleaned, isAligned = true)
        val ids = ArrayList<Int>(cut.size + 8)
        val pieces = ArrayList<String>(cut.size + 8)
        val offsets = ArrayList<Span>(cut.size + 8)
        for (index in 0 until cut.size) {
            val parts = digitCommaSplit.parts(cut, index)
            if (parts == null) {
                ids.add(cut.id(index))
                pieces.add(cut.text(index))
                offsets.add(OriginalSpans.find(cleaned, cut.span(index)))
            } else {
                ids.addAll(parts.ids.asList())
                pieces.addAll(parts.pieces)
                PartSpans.spread(parts.pieces, cleaned, cut.span(index))
                    .mapTo(offsets) { OriginalSpans.find(cleaned, it) }
            }
        }
        return Encoding(text, ids.toIntArray(), pieces, offsets)
    }

    /**
     * Returns the text of ids; padding and other special pieces vanish.
     *
     * @throws IllegalArgumentException an id is not in the vocabulary.
     */
    public fun decode(ids: IntArray): String {
        ids.forEach(::requireKnown)
        return sentencePiece.join(ids.filter { it !in specialIds }.toIntArray())
    }

    /**
     * Returns the piece of an id.
     *
     * @throws IllegalArgumentException the id is not in the vocabulary.
     */
    public fun idToPiece(id: Int): String {
        requireKnown(id)
        return vocabulary.text(id)
    }

    /** Returns the id of a piece; [unkId] for a text that is none. */
    public fun pieceToId(piece: String): Int = vocabulary.idOf(piece)

    /**
     * Encodes a text, or a pair of texts, as input of a model.
     *
     * @param text the text, or the first of a pair.
     * @param pair the second text, or null.
     * @param maxLength the longest sequence, special tokens included. What is
     * over is cut, the longer text of a pair first.
     * @throws IllegalArgumentException [maxLength] leaves no room for a token
     * of each text.
     */
    public operator fun invoke(
        text: String,
        pair: String? = null,
        maxLength: Int = 128,
    ): ModelInputs = pack(encodeIds(text), pair?.let(::encodeIds), maxLength)

    /**
     * As calling the tokenizer, for ids that are there already.
     *
     * @throws IllegalArgumentException as calling the tokenizer.
     */
    public fun pack(first: IntArray, second: IntArray?, maxLength: Int): ModelInputs =
        ModelInputs.pack(first, second, clsId, sepId, maxLength)

    private fun requireKnown(id: Int) = require(id in 0 until vocabSize) {
        "Token ids run from 0 to ${vocabSize - 1}. Received: $id."
    }

    private fun findSpecialIds(): IntArray {
        val ids = IntArray(SPECIAL_PIECES.size) { vocabulary.idOf(SPECIAL_PIECES[it]) }
        val missing = SPECIAL_PIECES.filterIndexed { index, piece ->
            vocabulary.text(ids[index]) != piece
        }
        require(missing.isEmpty()) {
            "The SentencePiece model lacks ${missing.joinToString()}. ALBERT " +
                "needs ${SPECIAL_PIECES.joinToString()}: take the " +
                "`spiece.model` of an ALBERT, or train one with Python's " +
                "`AlbertTokenizer.train`."
        }
        return ids
    }

    private companion object {
        val SPECIAL_PIECES = listOf("<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]")
    }
}
