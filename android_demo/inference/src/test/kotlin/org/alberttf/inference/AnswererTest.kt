package org.alberttf.inference

import java.util.concurrent.CancellationException
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class AnswererTest {
    @Test
    fun `every row has Python's answers, at the same places`() {
        val rows = Golden.read(InferenceFiles.golden("answers.json"))
        assertTrue(rows.any { it.listOrNull("answer") == null })
        assertTrue(rows.count { it.listOrNull("answer") != null } > 10)
        val largest = Rows.answer(answerer, rows).maxOrNull() ?: Double.NaN
        println("${rows.size} questions; scores differ from Python's by $largest at most")
        assertTrue(largest <= 1e-4, "$largest")
    }

    @Test
    fun `windows are counted, and stop where that is asked for`() {
        val seen = ArrayList<Pair<Int, Int>>()
        assertThrows(CancellationException::class.java) {
            answerer.answer(
                "Where is the key?", "The key is outside. ".repeat(30),
                onWindow = { number, total -> seen.add(number to total) }, isCancelled = { seen.size == 3 },
            )
        }
        assertEquals(listOf(1, 2, 3), seen.map { it.first })
        assertTrue(seen.all { it.second > 10 })
    }

    @Test
    fun `a megabyte is cut, and said so`() {
        var total = 0
        val failure = assertThrows(CancellationException::class.java) {
            answerer.answer("Where?", LONG, onWindow = { _, windows -> total = windows }, isCancelled = { total > 0 })
        }
        assertEquals(null, failure.message)
        val reply = answerer.answer("Where?", LONG.substring(0, 200) + " ".repeat(1_000_000))
        assertTrue(reply.isTruncated)
        assertTrue(reply.candidates.all { it.end <= 200 })
    }

    /** The number is Python's. */
    @Test
    fun `of a question however long, all that is cut is counted`() {
        val reply = answerer.answer("Where is the key? ".repeat(20_000), "The key is outside.")
        assertEquals(139_988, reply.numCutTokens)
        assertFalse(reply.isTruncated)
    }

    @Test
    fun `a passage of nothing that the tokenizer keeps`() {
        val outcome = Outcome.of { answerer.answer("Who?", "\u0301\u0001") }
        assertEquals(
            Outcome.Failed("The passage is empty. Expected at least one character other than white space."), outcome,
        )
    }

    @Test
    fun `empty texts are refused in a sentence`() {
        val cases = listOf(Triple(" ", "a", "question"), Triple("\u0085", "a", "question"), Triple("a", "", "passage"))
        for ((question, passage, name) in cases) {
            val failed = Outcome.of { answerer.answer(question, passage) } as Outcome.Failed
            assertTrue(failed.message.startsWith("The $name is empty."))
        }
    }

    @Test
    fun `a model of another task is refused`() {
        val error = assertThrows(BundleException::class.java) { Classifier(session) }
        assertEquals("This is a model for question_answering. Expected one for classification.", error.message)
    }

    private companion object {
        val LONG = "The key is outside. ".repeat(60_000)
        val session = Session(Bundle.open(InferenceFiles.golden("answerer.tflite")), JvmRuntime)
        val answerer = Answerer(session)

        @AfterAll
        @JvmStatic
        fun closeSession() = session.close()
    }
}
