package org.alberttf.tokenizer

import org.json.JSONArray
import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class WordSplitterTest {
    private val splitter = WordSplitter()

    @Test
    fun `words are Python's, whatever the characters`() {
        val rows = JSONArray(TestFiles.golden("words.json").readText()).map { it as JSONObject }
        var numWords = 0
        for (row in rows) {
            val text = row.getString("text")
            val wanted = row.getJSONArray("words").map { (it as JSONArray).getInt(0) to it.getInt(1) }
            assertEquals(wanted, splitter.split(text).map { codePoints(text, it.begin) to codePoints(text, it.end) })
            numWords += wanted.size
        }
        assertTrue(numWords > 1_500)
    }

    @Test
    fun `half of a character is a word of its own`() {
        assertEquals(listOf(Span(0, 1), Span(1, 2), Span(3, 4)), splitter.split("a\uD83D \uDE00"))
    }

    private fun codePoints(text: String, place: Int) = text.codePointCount(0, place)
}
