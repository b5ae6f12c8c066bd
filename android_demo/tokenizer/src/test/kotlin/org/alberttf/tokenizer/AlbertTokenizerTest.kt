package org.alberttf.tokenizer

import java.util.concurrent.Callable
import java.util.concurrent.Executors
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

/** The tokenizer as a user meets it. */
internal class AlbertTokenizerTest {
    private val tokenizer = TestFiles.small

    @Test
    fun `example of the documentation`() {
        val inputs = tokenizer("a good film", maxLength = 64)
        check(inputs.tokenIds.size == inputs.paddingMask.size)
        val ids = tokenizer.encodeIds("a good film").asList()
        assertEquals(listOf(2) + ids + 3, inputs.tokenIds.asList())
    }

    @Test
    fun `a pair`() {
        val inputs = tokenizer("a", "of")
        assertEquals(5, inputs.size)
        assertEquals(listOf(0, 0, 0, 1, 1), inputs.segmentIds.asList())
    }

    @Test
    fun `a long text is cut`() {
        val inputs = tokenizer("word ".repeat(300), maxLength = 10)
        assertEquals(10 to 8, inputs.size to inputs.numFirst)
        assertEquals(tokenizer.sepId, inputs.tokenIds.last())
    }

    @Test
    fun `special ids`() {
        assertEquals(1000, tokenizer.vocabSize)
        val ids = tokenizer.run { listOf(padId, unkId, clsId, sepId, maskId) }
        assertEquals(listOf(0, 1, 2, 3, 4), ids)
        assertEquals("[MASK]", tokenizer.idToPiece(4))
        assertEquals(4, tokenizer.pieceToId("[MASK]"))
        assertEquals(tokenizer.unkId, tokenizer.pieceToId("no piece"))
    }

    @Test
    fun `decoding`() {
        val ids = tokenizer("The film, of 2012, was good.").padTo(40, tokenizer.padId).tokenIds
        assertEquals("the film, of 2012, was good.", tokenizer.decode(ids))
        assertEquals("", tokenizer.decode(IntArray(0)))
    }

    @Test
    fun `decoding a foreign id`() {
        for (id in listOf(-1, 1000)) {
            val error = assertThrows(IllegalArgumentException::class.java) {
                tokenizer.decode(intArrayOf(5, id))
            }
            assertEquals("Token ids run from 0 to 999. Received: $id.", error.message)
        }
    }

    @Test
    fun `switches`() {
        val cased = AlbertTokenizer(TestFiles.smallModel, doLowerCase = false)
        assertEquals("Cafe", cased.normalize(" Café  "))
        assertNotEquals(cased.encodeIds("THE").asList(), cased.encodeIds("the").asList())
        val kept = AlbertTokenizer(TestFiles.smallModel, keepAccents = true)
        assertEquals("café ½", kept.normalize(" Café ½"))
        // The model's own table composes and expands what is left.
        assertEquals(kept.tokenize("é"), kept.tokenize("e\u0301"))
        assertEquals(listOf("▁1", "⁄", "2"), kept.tokenize("½"))
    }

    @Test
    fun `offsets are of the original`() {
        val encoding = tokenizer.encode("  The  CAFÉ\tis (ﬁne)")
        val words = encoding.ids.indices.joinToString("", transform = encoding::surface)
        assertEquals("TheCAFÉis(ﬁﬁne)", words)
    }

    @Test
    fun `offsets of odd texts`() {
        // Counted in UTF-16 units: the emoji has two.
        val expected = mapOf(
            "a 5, b" to listOf(0, 1, 2, 3, 3, 4, 5, 6),
            "2\u0001," to listOf(0, 1, 1, 3),
            "2,\u0001" to listOf(0, 1, 1, 3),
            "½" to listOf(0, 1, 0, 1, 0, 1),
            "a\u0301 a" to listOf(0, 2, 3, 4),
            "\u0301a" to listOf(1, 2),
            "\ud83d\ude00 a" to listOf(0, 0, 0, 2, 3, 4),
            "a  (" to listOf(0, 1, 3, 3, 3, 4),
        )
        for ((text, offsets) in expected) {
            val actual = tokenizer.encode(text).offsets.flatMap { listOf(it.begin, it.end) }
            assertEquals(offsets, actual, text)
        }
        val inCharacters = tokenizer.encode("\ud83d\ude00 a").codePointOffsets()
        assertEquals(listOf(Span(0, 0), Span(0, 1), Span(2, 3)), inCharacters)
    }

    @Test
    fun `several threads at once`() {
        val texts = TestFiles.golden("small_corpus.txt").readLines()
        val expected = texts.map { tokenizer.encodeIds(it).asList() }
        val threads = Executors.newFixedThreadPool(4)
        val work = List(8) { Callable { texts.map { tokenizer.encodeIds(it).asList() } } }
        for (result in threads.invokeAll(work)) assertEquals(expected, result.get())
        threads.shutdown()
    }

    @Test
    fun `a megabyte of one word`() {
        val ids = tokenizer.encodeIds("a".repeat(1_000_000))
        assertEquals("a".repeat(1_000_000), tokenizer.decode(ids))
    }
}
