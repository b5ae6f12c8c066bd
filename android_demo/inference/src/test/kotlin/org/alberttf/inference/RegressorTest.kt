package org.alberttf.inference

import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class RegressorTest {
    @Test
    fun `every row has Python's score`() {
        val rows = Golden.read(InferenceFiles.golden("scores.json"))
        assertTrue(rows.any { it.textOrNull("pair") != null } && rows.any { it.boolean("is_truncated") })
        val largest = Rows.score(regressor, rows).maxOrNull() ?: Double.NaN
        println("${rows.size} scores differ from Python's by $largest at most")
        assertTrue(rows.size > 50 && largest <= 1e-4, "$largest")
    }

    @Test
    fun `a megabyte is cut, and said so`() {
        val answer = regressor.score("switch the lamp on ".repeat(60_000), "and off")
        assertTrue(answer.isTruncated)
        assertEquals(session.bundle.manifest.maxLength, answer.numTokens)
    }

    @Test
    fun `an empty text is refused in a sentence`() {
        for ((text, pair) in listOf(" " to null, "\u0085" to "a", "a" to "\n")) {
            val outcome = Outcome.of { regressor.score(text, pair) }
            assertTrue((outcome as Outcome.Failed).message.startsWith("The text is empty."), text)
        }
    }

    /** Its exporter writes no self-test of a pair. */
    @Test
    fun `a model of single texts takes no second one`() {
        assertTrue(session.bundle.manifest.takesPairs)
        val file = EditedBundle.of(InferenceFiles.golden("regressor.tflite"), edit = ::withoutPairs)
        Session(Bundle.open(InferenceFiles.written("single.tflite", file)), JvmRuntime).use { single ->
            assertFalse(single.bundle.manifest.takesPairs)
            val outcome = Outcome.of { Regressor(single).score("a", "b") }
            assertEquals(
                Outcome.Failed("This model takes single texts. Received a second one. Leave it out."), outcome,
            )
            assertEquals(regressor.score("a").score, Regressor(single).score("a").score)
        }
    }

    @Test
    fun `more than one number is no score`() {
        val file = EditedBundle.of(InferenceFiles.golden("classifier.tflite"), mapOf("labels.txt" to ByteArray(0))) {
            it.replace("\"task\": \"classification\"", "\"task\": \"regression\"")
                .replace(Regex("\"labels\": \\[[^\\]]*\\]"), "\"labels\": []")
                .replace(Regex("\"labels.txt\": \"[0-9a-f]+\""), "\"labels.txt\": \"$EMPTY_SHA256\"")
        }
        val bundle = Bundle.open(InferenceFiles.written("scores.tflite", file))
        assertEquals(
            Outcome.Failed("The model gives 3 logits; one score is expected. Export it again."),
            Outcome.of { Session(bundle, JvmRuntime) },
        )
    }

    @Test
    fun `a model of another task is refused`() {
        val error = assertThrows(BundleException::class.java) { Classifier(session) }
        assertEquals("This is a model for regression. Expected one for classification.", error.message)
    }

    /** Takes the self-test that is of two texts out of an `albert.json`. */
    private fun withoutPairs(json: String): String {
        val at = json.lastIndexOf(",\n  {", json.indexOf("\"pair\""))
        return json.removeRange(at, json.indexOf("\n  }", at) + "\n  }".length)
    }

    private companion object {
        /** Of a file without a byte. */
        const val EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        val session = Session(Bundle.open(InferenceFiles.golden("regressor.tflite")), JvmRuntime)
        val regressor = Regressor(session)

        @AfterAll
        @JvmStatic
        fun closeSession() = session.close()
    }
}
