package org.alberttf.tokenizer

/**
 * A Unigram SentencePiece model: text to pieces, and back.
 *
 * @param modelBytes the content of a `spiece.model`.
 * @throws IllegalArgumentException it is no such model.
 */
internal class SentencePiece(modelBytes: ByteArray) {
    val vocabulary: Vocabulary
    private val normalizer: SentencePieceNormalizer
    private val denormalizer: SentencePieceNormalizer?
    private val segmenter: UnigramSegmenter
    private val spec: SentencePieceModel.NormalizerSpec

    init {
        val model = SentencePieceModel.parse(modelBytes)
        spec = model.normalizer
        vocabulary = Vocabulary(model.pieces)
        normalizer = SentencePieceNormalizer(spec, vocabulary.symbols)
        denormalizer = model.denormalizer?.let { SentencePieceNormalizer(it, null) }
        segmenter = UnigramSegmenter(vocabulary)
    }

    /** Returns the pieces of [source], with their spans there if wanted. */
    fun cut(source: AlignedText, isAligned: Boolean): CutText {
        val normalized = normalizer.normalize(source, isAligned)
        return CutText(vocabulary, normalized, segmenter.segment(normalized.text))
    }

    /**
     * Returns the text that pieces stand for; control pieces stand for none.
     *
     * Source: sentencepiece 0.2.3 sentencepiece_processor.cc `DecodeOptimized`.
     */
    fun join(ids: IntArray): String {
        val joined = StringBuilder()
        var dropsSpace = spec.addDummyPrefix || spec.removeExtraWhitespaces
        for (id in ids) {
            if (vocabulary.isControl(id)) continue
            var piece = vocabulary.text(id)
            if (dropsSpace && piece.startsWith(WORD_START)) {
                piece = piece.substring(1)
                dropsSpace = spec.removeExtraWhitespaces
            }
            joined.append(piece.replace(WORD_START, ' '))
            dropsSpace = dropsSpace && joined.isEmpty()
        }
        return denormalize(joined.toString())
    }

    private fun denormalize(text: String): String {
        if (denormalizer == null) return text
        val source = AlignedText.of(text)
        return denormalizer.normalize(source, isAligned = false).text.toString()
    }
}
