package org.alberttf.inference

import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class ClassifierTest {
    @Test
    fun `every row of a float model has Python's label and logits`() {
        Session(Bundle.open(InferenceFiles.golden("classifier.tflite")), JvmRuntime).use { session ->
            val rows = Golden.read(InferenceFiles.golden("classes.json"))
            val largest = Rows.classify(Classifier(session), rows).maxOrNull() ?: Double.NaN
            println("${rows.size} rows of float; logits differ from Python's by $largest at most")
            assertTrue(largest <= 1e-4, "$largest")
        }
    }

    @Test
    fun `a model with early exit stops where Python's does`() {
        val bundle = Bundle.open(InferenceFiles.golden("exits.tflite"))
        val groups = Golden.read(InferenceFiles.golden("exits.json")).groupBy { it.intOrNull("patience") }
        assertEquals(setOf(null, 0, 1, 6), groups.keys)
        for ((patience, rows) in groups) {
            Session(bundle, JvmRuntime, patience = patience).use { session ->
                val classifier = Classifier(session)
                val largest = Rows.classify(classifier, rows).maxOrNull() ?: Double.NaN
                assertTrue(largest <= 1e-4, "patience $patience: $largest")
                for (row in rows) {
                    assertEquals(row.int("layers_used"), classifier.classify(row.text("text")).layersUsed)
                }
            }
        }
        assertEquals(null, classifier.classify("a").layersUsed)
    }

    @Test
    fun `a patience below 0 is refused`() {
        val bundle = Bundle.open(InferenceFiles.golden("exits.tflite"))
        assertEquals(
            Outcome.Failed("The patience must be 0 or more. Received: -1."),
            Outcome.of { Session(bundle, JvmRuntime, patience = -1) },
        )
    }

    /**
     * The last bit of a float sum depends on the build of TFLite, and now and
     * then decides which int8 value an activation becomes: Python's own two
     * runtimes differ by up to 0.006 on a few of these rows, by 4e-6 on the rest.
     */
    @Test
    fun `every row of the shipped model has Python's label and logits`() {
        val rows = Golden.read(InferenceFiles.golden("intents.json"))
        val differences = Rows.classify(classifier, rows)
        val rounded = differences.filter { it > 1e-4 }
        println(
            "${rows.size} rows of int8; logits differ from Python's by ${differences.maxOrNull()} at most, " +
                "on ${rounded.size} rows by more than 1e-4",
        )
        assertTrue(rows.size >= 170)
        assertTrue(rounded.size <= rows.size / 10, "$rounded")
        assertTrue(rounded.all { it < 0.02 }, "$rounded")
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
        for (text in listOf(" \n\t", "\u0085", "\u001C\u00A0\u3000")) {
            val outcome = Outcome.of { classifier.classify(text) }
            assertTrue((outcome as Outcome.Failed).message.startsWith("The text is empty."), text)
        }
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
