package org.alberttf.inference

import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class ClassifierTest {
    /**
     * The last bit of a float sum depends on the build of TFLite, and now and
     * then decides which int8 value an activation becomes: Python's own two
     * runtimes differ by up to 0.004 on 4 of these rows, by 3e-6 on the rest.
     */
    @Test
    fun `every row has Python's tokens, label and logits`() {
        val rows = (InferenceFiles.golden("intents.json") as List<*>).map { it as Map<*, *> }
        val differences = rows.map { row ->
            val text = row["text"] as String
            val answer = classifier.classify(text, row["pair"] as String?)
            assertEquals(row["label"], answer.label, text)
            assertEquals(row["is_truncated"], answer.isTruncated, text)
            assertEquals((row["token_ids"] as List<*>).size, answer.numTokens, text)
            val logits = (row["logits"] as List<*>).map { it as Double }
            logits.indices.maxOf { Math.abs(logits[it] - answer.logits[it]) }
        }
        val rounded = differences.filter { it > 1e-4 }
        println(
            "${rows.size} rows; logits differ from Python's by ${differences.maxOrNull()} at most, " +
                "on ${rounded.size} rows by more than 1e-4",
        )
        assertTrue(rows.size >= 170)
        assertTrue(rounded.size <= rows.size / 20, "$rounded")
        assertTrue(rounded.all { it < 0.01 }, "$rounded")
    }

    @Test
    fun `probabilities add up to one`() {
        val answer = classifier.classify("it is far too dark in here")
        assertEquals(1.0, answer.probabilities.values.sum(), 1e-9)
        assertEquals(answer.probability, answer.probabilities.getValue(answer.label))
        assertFalse(answer.isTruncated)
    }

    @Test
    fun `a megabyte is cut, and said so`() {
        val answer = classifier.classify("switch the lamp on ".repeat(60_000))
        assertTrue(answer.isTruncated)
        assertEquals(session.bundle.manifest.maxLength, answer.numTokens)
    }

    @Test
    fun `only emoji and right-to-left text give an answer`() {
        for (text in listOf("😀😀😀", "\uD83D", "מה שלום העולם", "مرحبا بالعالم")) {
            assertTrue(classifier.classify(text).probability > 0, text)
        }
    }

    @Test
    fun `an empty text is refused in a sentence`() {
        val outcome = Outcome.of { classifier.classify(" \n\t") }
        assertTrue((outcome as Outcome.Failed).message.startsWith("The text is empty."))
    }

    @Test
    fun `a model of another task is refused`() {
        val error = assertThrows(BundleException::class.java) { Answerer(session) }
        assertEquals(
            "This is a model for classification. Expected one for question_answering.", error.message,
        )
    }

    private companion object {
        val session = Session(Bundle.open(InferenceFiles.shipped), JvmRuntime)
        val classifier = Classifier(session)

        @AfterAll
        @JvmStatic
        fun closeSession() = session.close()
    }
}
