package org.alberttf.inference

import java.util.concurrent.CancellationException
import org.alberttf.tokenizer.PackedChoices
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class ChooserTest {
    @Test
    fun `every row has Python's choice`() {
        val rows = Golden.read(InferenceFiles.golden("choices.json"))
        assertTrue(rows.any { it.boolean("is_truncated") } && rows.any { !it.boolean("is_truncated") })
        val largest = Rows.choose(chooser, rows).maxOrNull() ?: Double.NaN
        println("${rows.size} choices; logits differ from Python's by $largest at most")
        assertTrue(rows.size >= 10 && largest <= 1e-4, "$largest")
    }

    @Test
    fun `probabilities add up to one`() {
        val answer = chooser.choose("It rained. We took", listOf("a tent", "umbrellas", "a bath"))
        assertEquals(1.0, answer.probabilities.sum(), 1e-9)
        assertEquals(answer.probability, answer.probabilities.maxOrNull())
        assertEquals(answer.choices[answer.index], answer.choice)
    }

    @Test
    fun `without a length of answers the published one holds`() {
        val file = EditedBundle.of(InferenceFiles.golden("chooser.tflite")) {
            it.replace(Regex(",\\s*\"max_answer_length\": 16"), "")
        }
        val bundle = Bundle.open(InferenceFiles.written("choices.tflite", file))
        assertEquals(null, bundle.manifest.maxAnswerLength)
        val long = listOf("lamp ".repeat(20) + "a", "lamp ".repeat(20) + "b")
        assertEquals(listOf(16, 16), session.bundle.packChoices("", long).rows.map { it.numSecond })
        val whole = session.bundle.tokenizer.encodeIds(long[0]).size
        assertEquals(whole, bundle.packChoices("", long).rows[0].numSecond)
        assertTrue(whole in 17..PackedChoices.MAX_ANSWER_LENGTH)
    }

    /** Cut from its beginning it would lose the answer. */
    @Test
    fun `of an answer however long the end is read`() {
        val long = listOf("a lamp. ".repeat(40_000) + "Ann", "a lamp. ".repeat(40_000) + "Bob")
        val ends = session.bundle.packChoices("", long).rows.map { it.tokenIds.asList() }
        assertTrue(ends[0] != ends[1])
        assertTrue(chooser.choose("Who?", long).isTruncated)
    }

    @Test
    fun `a megabyte is cut, and said so`() {
        val answer = chooser.choose("It rained. ".repeat(100_000), listOf("yes", "no"))
        assertTrue(answer.isTruncated)
    }

    /** White space is no token: only the length tells that it was cut. */
    @Test
    fun `of a question of a megabyte the end is read`() {
        val answer = chooser.choose("", listOf("yes", "no"), "Who? " + " ".repeat(1_000_000) + "Ann?")
        assertTrue(answer.isTruncated)
        val end = chooser.choose("", listOf("yes", "no"), "Ann?")
        assertFalse(end.isTruncated)
        assertEquals(end.logits.asList(), answer.logits.asList())
    }

    @Test
    fun `an end begins with a whole character`() {
        val text = "a\uD83D\uDE00b"
        assertEquals(listOf("b", "b", "\uD83D\uDE00b", text), (1..4).map { lastChars(text, it) })
    }

    @Test
    fun `it tells of each run before it`() {
        val told = ArrayList<Pair<Int, Int>>()
        chooser.choose("a", listOf("b", "c", "d"), onChoice = { number, total -> told.add(number to total) })
        assertEquals(listOf(1 to 3, 2 to 3, 3 to 3), told)
    }

    @Test
    fun `what cannot be chosen from is refused in a sentence`() {
        for ((work, start) in listOf(
            { chooser.choose("a", listOf("b")) } to "Expected two choices or more to choose from. Received: 1.",
            { chooser.choose(" ", listOf("b", "c"), "\u0085") } to "Context and question are empty.",
            { chooser.choose("a", listOf("b", " ")) } to "The choice is empty.",
        )) {
            val failed = Outcome.of(work) as Outcome.Failed
            assertTrue(failed.message.startsWith(start), failed.message)
        }
    }

    @Test
    fun `it stops between two runs where that is asked for`() {
        var numAsked = 0
        assertThrows(CancellationException::class.java) {
            chooser.choose("a", listOf("b", "c", "d"), isCancelled = { ++numAsked == 2 })
        }
        assertEquals(2, numAsked)
    }

    private companion object {
        val session = Session(Bundle.open(InferenceFiles.golden("chooser.tflite")), JvmRuntime)
        val chooser = Chooser(session)

        @AfterAll
        @JvmStatic
        fun closeSession() = session.close()
    }
}
