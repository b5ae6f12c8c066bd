package org.alberttf.tokenizer

/**
 * What a `spiece.model` says, as far as tokenizing needs it.
 *
 * @property pieces the vocabulary in the order of its ids.
 * @property normalizer what to do to text first.
 * @property denormalizer what to do to decoded text, or null.
 */
internal class SentencePieceModel private constructor(
    val pieces: List<Piece>,
    val normalizer: NormalizerSpec,
    val denormalizer: NormalizerSpec?,
) {
    /** One entry of the vocabulary; [text] is UTF-8. */
    class Piece(val text: ByteArray, val score: Float, val kind: Int)

    /**
     * Switches of the normalizer.
     *
     * @property charsMap the table of rules, or null.
     * @property addDummyPrefix whether text begins as a word after a space.
     * @property removeExtraWhitespaces whether spaces at both ends and repeated
     * ones are dropped.
     * @property escapeWhitespaces whether a space becomes U+2581.
     * @property isWhitespaceSuffix whether the dummy space goes to the end.
     */
    class NormalizerSpec(
        var charsMap: CharsMap? = null,
        var addDummyPrefix: Boolean = true,
        var removeExtraWhitespaces: Boolean = true,
        var escapeWhitespaces: Boolean = true,
        var isWhitespaceSuffix: Boolean = false,
    )

    companion object {
        const val NORMAL = 1
        const val UNKNOWN = 2
        const val CONTROL = 3
        const val USER_DEFINED = 4
        const val UNUSED = 5
        const val BYTE = 6

        private val MODEL_TYPES = mapOf(1 to "unigram", 2 to "BPE", 3 to "word", 4 to "char")
        private const val UNIGRAM = 1

        /**
         * Reads the bytes of a model.
         *
         * @throws IllegalArgumentException they are no SentencePiece model, or
         * one of another kind than Unigram.
         *
         * Source: sentencepiece_model.proto `ModelProto`.
         */
        fun parse(bytes: ByteArray): SentencePieceModel {
            val pieces = ArrayList<Piece>()
            val normalizer = NormalizerSpec()
            val denormalizer = NormalizerSpec()
            var isWhole = false
            val reader = ProtoReader(bytes)
            while (true) {
                when (reader.nextField()) {
                    0 -> break
                    1 -> pieces.add(readPiece(reader.message()))
                    2 -> readTrainer(reader.message(), normalizer)
                    3 -> readNormalizer(reader.message(), normalizer).also { isWhole = true }
                    5 -> readNormalizer(reader.message(), denormalizer)
                    else -> reader.skip()
                }
            }
            requireWhole(isWhole, pieces.size, bytes.size)
            val hasRules = denormalizer.charsMap != null
            return SentencePieceModel(pieces, normalizer, denormalizer.takeIf { hasRules })
        }

        private fun readPiece(reader: ProtoReader): Piece {
            var text = ByteArray(0)
            var score = 0f
            var kind = NORMAL
            while (true) {
                when (reader.nextField()) {
                    0 -> return Piece(text, score, kind)
                    1 -> text = reader.message().toByteArray()
                    2 -> score = reader.float()
                    3 -> kind = reader.int()
                    else -> reader.skip()
                }
            }
        }

        private fun readTrainer(reader: ProtoReader, spec: NormalizerSpec) {
            while (true) {
                when (reader.nextField()) {
                    0 -> return
                    3 -> requireUnigram(reader.int())
                    24 -> spec.isWhitespaceSuffix = reader.boolean()
                    35 -> requireNoByteFallback(reader.boolean())
                    else -> reader.skip()
                }
            }
        }

        private fun readNormalizer(reader: ProtoReader, spec: NormalizerSpec) {
            while (true) {
                when (reader.nextField()) {
                    0 -> return
                    2 -> spec.charsMap = readCharsMap(reader.message())
                    3 -> spec.addDummyPrefix = reader.boolean()
                    4 -> spec.removeExtraWhitespaces = reader.boolean()
                    5 -> spec.escapeWhitespaces = reader.boolean()
                    else -> reader.skip()
                }
            }
        }

        private fun readCharsMap(reader: ProtoReader): CharsMap? =
            reader.toByteArray().takeIf { it.isNotEmpty() }?.let(::CharsMap)

        /**
         * The pieces come first, so that a model which is cut off between two
         * reads like one with fewer pieces. It lacks what comes after them.
         */
        private fun requireWhole(isWhole: Boolean, numPieces: Int, numBytes: Int) =
            require(isWhole && numPieces > 0) {
                "Not a whole SentencePiece model: $numBytes bytes, with $numPieces " +
                    "pieces, end before the normalizer's settings. Expected the " +
                    "`spiece.model` that comes with the weights. Copy it " +
                    "again, as binary."
            }

        private fun requireUnigram(type: Int) = require(type == UNIGRAM) {
            "The SentencePiece model is of type ${MODEL_TYPES[type] ?: type}. " +
                "Expected unigram, as every ALBERT has. Train it with " +
                "model_type=\"unigram\"."
        }

        private fun requireNoByteFallback(isOn: Boolean) = require(!isOn) {
            "The SentencePiece model has byte_fallback on. Expected it off, as " +
                "in every ALBERT. Train it with byte_fallback=false."
        }
    }
}
