package org.alberttf.tokenizer

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** Holds the tokenizer against the files that pytest reads too. */
internal class GoldenTest {
    @Test
    fun `small model`() {
        val rows = GoldenRow.readAll(TestFiles.golden("tokenization_small.json"))
        assertEquals(emptyList<String>(), rows.flatMap { it.differences(TestFiles.small) })
    }

    @Test
    fun `ALBERT's own model`() {
        val model = TestFiles.shared("data/albert/spiece.model")
        val rows = GoldenRow.readAll(TestFiles.shared("golden/tokenization.json"))
        val tokenizer = AlbertTokenizer(model.readBytes())
        assertEquals(567, rows.size)
        assertEquals(emptyList<String>(), rows.flatMap { it.differences(tokenizer) })
    }
}
