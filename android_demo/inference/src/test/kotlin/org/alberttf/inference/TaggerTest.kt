package org.alberttf.inference

import java.util.concurrent.CancellationException
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class TaggerTest {
    @Test
    fun `every row has Python's tags, at the same places`() {
        val rows = Golden.read(InferenceFiles.golden("tags.json"))
        var numTags = 0
        for (row in rows) {
            val text = row.text("text")
            val answer = tagger.tag(text)
            assertEquals(row.int("num_tokens"), answer.numTokens, text)
            for ((wanted, got) in listOf(row.lists("words") to answer.words, row.lists("entities") to answer.entities)) {
                assertEquals(wanted.map { it.take(3) }, got.map { places(text, it) }, text)
                wanted.zip(got).forEach { (theirs, ours) ->
                    assertEquals(theirs[3] as Double, ours.probability, 1e-4)
                    assertEquals(text.substring(ours.start, ours.end), ours.text)
                    numTags++
                }
            }
        }
        assertTrue(rows.size > 50 && numTags > 600)
    }

    @Test
    fun `words are joined as conlleval joins them`() {
        val labels = listOf("B-a", "I-a", "O", "I-b", "I-a", "B-a", "I-a", "X", "I-a", "B-")
        val words = labels.mapIndexed { index, label -> Tag("w", 2 * index, 2 * index + 1, label, 1.0 / (index + 1)) }
        assertEquals(
            listOf(
                Tag("w w", 0, 3, "a", 0.5), Tag("w", 6, 7, "b", 0.25), Tag("w", 8, 9, "a", 0.2),
                Tag("w w", 10, 13, "a", 1.0 / 7), Tag("w", 14, 15, "X", 0.125), Tag("w", 16, 17, "a", 1.0 / 9),
                Tag("w", 18, 19, "", 0.1),
            ),
            Entities.join("w w w w w w w w w w", words),
        )
    }

    @Test
    fun `a word without a tag is of no entity`() {
        val words = listOf(Tag("w", 0, 1, "B-a", 0.5), null, Tag("w", 4, 5, "I-a", 0.25))
        assertEquals(
            listOf(Tag("w", 0, 1, "a", 0.5), Tag("w", 4, 5, "a", 0.25)),
            Entities.join("w w w", words),
        )
    }

    @Test
    fun `a long text is read in windows, as far as that is wanted`() {
        val text = "Anna lives in Paris. ".repeat(40)
        val answer = tagger.tag(text)
        assertEquals(200, answer.words.size)
        assertTrue(answer.numWindows > 10 && !answer.isTruncated)
        var seen = 0
        assertThrows(CancellationException::class.java) {
            tagger.tag(text, onWindow = { number, _ -> seen = number }, isCancelled = { seen == 3 })
        }
        assertEquals(3, seen)
    }

    @Test
    fun `a megabyte is cut, and said so`() {
        val answer = tagger.tag("Paris. ".repeat(10) + " ".repeat(1_000_000))
        assertEquals(20, answer.words.size)
        assertTrue(answer.isTruncated)
    }

    /** Start and end as Python counts them, and the label. */
    private fun places(text: String, tag: Tag): List<Any> = listOf(
        Golden.codePoints(text, tag.start).toDouble(), Golden.codePoints(text, tag.end).toDouble(), tag.label,
    )

    private companion object {
        val session = Session(Bundle.open(InferenceFiles.golden("tagger.tflite")), JvmRuntime)
        val tagger = Tagger(session)

        @AfterAll
        @JvmStatic
        fun closeSession() = session.close()
    }
}
