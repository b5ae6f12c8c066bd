package org.alberttf.tokenizer

import org.alberttf.tokenizer.TestProto.field
import org.alberttf.tokenizer.TestProto.normalizer
import org.alberttf.tokenizer.TestProto.piece
import org.alberttf.tokenizer.TestProto.trainer
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/**
 * The switches of a model, ties, odd pieces. All expected values are what
 * sentencepiece 0.2.3 gave for the same bytes.
 */
internal class SentencePieceTest {
    private val pieces = TestProto.specialPieces +
        piece("a", -1f) + piece("b", -2f) + piece("▁", -3f) + piece("▁a", -1.5f) +
        piece("(", 0f, SentencePieceModel.USER_DEFINED) +
        piece("((x", 0f, SentencePieceModel.USER_DEFINED) +
        piece("ab", -3f) + piece("c", -2f, SentencePieceModel.UNUSED) + piece(" ", -4f)
    private val text = " a  b(x((xc▁ "

    private fun check(
        model: ByteArray,
        expected: List<String>,
        spans: List<Int>,
        joined: String,
    ) {
        val sentencePiece = SentencePiece(model)
        val cut = sentencePiece.cut(AlignedText.of(text), isAligned = true)
        assertEquals(expected, List(cut.size) { cut.text(it) })
        val known = cut.ids.filter { it != sentencePiece.vocabulary.unknownId }
        assertEquals(joined, sentencePiece.join(known.toIntArray()))
        val bytes = spans.map { text.substring(0, it).toByteArray().size }
        assertEquals(bytes.zipWithNext(::Span), List(cut.size) { cut.span(it) })
    }

    @Test
    fun `all switches as they come`() = check(
        pieces,
        listOf("▁a", "▁", "b", "(", "x", "((x", "c"),
        listOf(1, 2, 4, 5, 6, 7, 10, 11),
        "a b(((x",
    )

    @Test
    fun `without dummy prefix`() = check(
        pieces + normalizer(field(3, 0)),
        listOf("a", "▁", "b", "(", "x", "((x", "c"),
        listOf(1, 2, 4, 5, 6, 7, 10, 11),
        "a b(((x",
    )

    @Test
    fun `with spaces kept`() = check(
        pieces + normalizer(field(4, 0)),
        listOf("▁", "▁a", "▁", "▁", "b", "(", "x", "((x", "c", "▁", "▁"),
        listOf(0, 0, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13),
        " a  b(((x  ",
    )

    @Test
    fun `with spaces not escaped`() = check(
        pieces + normalizer(field(5, 0)),
        listOf(" ", "a", " ", "b", "(", "x", "((x", "c", "▁"),
        listOf(1, 1, 2, 4, 5, 6, 7, 10, 11, 12),
        " a b(((x ",
    )

    @Test
    fun `with the dummy space as suffix`() = check(
        pieces + trainer(field(24, 1)),
        listOf("a", "▁", "b", "(", "x", "((x", "c", "▁"),
        listOf(1, 2, 4, 5, 6, 7, 10, 11, 11),
        "a b(((x ",
    )

    @Test
    fun `with spaces kept and the dummy space as suffix`() = check(
        pieces + trainer(field(24, 1)) + normalizer(field(4, 0)),
        listOf("▁a", "▁", "▁", "b", "(", "x", "((x", "c", "▁", "▁", "▁"),
        listOf(0, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 13),
        "a  b(((x   ",
    )

    @Test
    fun `with spaces kept, without dummy prefix`() = check(
        pieces + normalizer(field(3, 0), field(4, 0)),
        listOf("▁a", "▁", "▁", "b", "(", "x", "((x", "c", "▁", "▁"),
        listOf(0, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13),
        " a  b(((x  ",
    )

    @Test
    fun `unknown characters that spell a special piece have its id`() {
        val tokenizer = AlbertTokenizer(pieces, doLowerCase = false)
        assertEquals(listOf("▁a", "[CLS]", "b"), tokenizer.tokenize("a[CLS]b"))
        assertArrayEquals(intArrayOf(8, 2, 6), tokenizer.encodeIds("a[CLS]b"))
        assertArrayEquals(intArrayOf(8, 2, 6), tokenizer.encode("a[CLS]b").ids)
    }

    @Test
    fun `a tie goes to the cut whose last piece is longer`() {
        val model = TestProto.specialPieces + piece("▁", -1f) + piece("e", -1f) +
            piece("ee", -2f) + piece("ab", -3f) + piece("a", -1f) + piece("b", -2f)
        val cut = SentencePiece(model).cut(AlignedText.of("eeeab"), isAligned = false)
        assertEquals(listOf("▁", "e", "ee", "ab"), List(cut.size) { cut.text(it) })
    }
}
