package org.alberttf.tokenizer

import org.alberttf.tokenizer.TestProto.field
import org.alberttf.tokenizer.TestProto.normalizer
import org.alberttf.tokenizer.TestProto.piece
import org.alberttf.tokenizer.TestProto.trainer
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Whoever gives a wrong file is told what to do. */
internal class ModelErrorsTest {
    private val sound = TestProto.specialPieces + piece("a", -1f)

    private fun refuses(model: ByteArray, vararg sentences: String) {
        val error = assertThrows(IllegalArgumentException::class.java) { AlbertTokenizer(model) }
        for (sentence in sentences) {
            assertTrue(sentence in error.message.orEmpty()) { "$error lacks \"$sentence\"" }
        }
    }

    @Test
    fun `sound model`() {
        AlbertTokenizer(sound)
    }

    @Test
    fun `nothing`() =
        refuses(ByteArray(0), "0 bytes, with 0 pieces, end before", "Expected the `spiece.model`")

    @Test
    fun `text`() =
        refuses("no model".toByteArray(), "Not a SentencePiece model: 8 bytes, broken at")

    @Test
    fun `every truncated model`() {
        for (size in 1 until TestFiles.smallModel.size step 97) {
            val result = runCatching { AlbertTokenizer(TestFiles.smallModel.copyOf(size)) }
            val error = result.exceptionOrNull()
            assertTrue(error is IllegalArgumentException) { "$size bytes: $error" }
        }
    }

    @Test
    fun `every model with a wrong byte is read or refused`() {
        val model = TestFiles.smallModel
        for (index in model.indices step 41) {
            for (value in listOf(0, 0x7F, 0xFF)) {
                val wrong = model.copyOf().also { it[index] = value.toByte() }
                val result = runCatching { AlbertTokenizer(wrong).encode("In 1999, the film…") }
                val error = result.exceptionOrNull()
                val isExpected = error == null || error is IllegalArgumentException
                assertTrue(isExpected) { "at $index: $error" }
            }
        }
    }

    @Test
    fun `another kind of model`() = refuses(
        sound + trainer(field(3, 2)),
        "of type BPE. Expected unigram, as every ALBERT has. Train it with model_type",
    )

    @Test
    fun `byte fallback`() =
        refuses(sound + trainer(field(35, 1)), "byte_fallback on. Expected it off")

    @Test
    fun `byte pieces`() =
        refuses(sound + piece("<0x00>", 0f, SentencePieceModel.BYTE), "broken: a piece is a byte")

    @Test
    fun `no special pieces`() = refuses(
        piece("<unk>", 0f, SentencePieceModel.UNKNOWN) + piece("[CLS]", 0f) + normalizer(),
        "lacks <pad>, [SEP], [MASK]. ALBERT needs <pad>, <unk>,",
        "`AlbertTokenizer.train`",
    )

    @Test
    fun `no unknown piece`() =
        refuses(piece("a", -1f) + normalizer(), "no piece is of the unknown kind")

    @Test
    fun `no ordinary piece`() = refuses(TestProto.specialPieces, "it has no ordinary piece")

    @Test
    fun `a piece twice`() = refuses(sound + piece("a", -2f), "the piece a is there twice")

    @Test
    fun `a special piece twice`() =
        refuses(sound + piece("[CLS]", -2f), "the piece [CLS] is there twice")

    @Test
    fun `an empty piece`() = refuses(sound + piece("", -2f), "a piece is empty")

    @Test
    fun `a null character`() = refuses(sound + piece("a\u0000", -2f), "holds a null character")

    @Test
    fun `a score that is no number`() =
        refuses(sound + piece("b", Float.NaN), "a score is NaN")

    @Test
    fun `a broken table`() {
        for (size in listOf(1, 4, 1028, 2000)) {
            val table = field(2, ByteArray(size) { 1 })
            refuses(sound + normalizer(table), "normalization table is broken")
        }
    }
}
