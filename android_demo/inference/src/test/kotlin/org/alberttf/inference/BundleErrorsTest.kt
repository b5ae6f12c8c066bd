package org.alberttf.inference

import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class BundleErrorsTest {
    private val whole = InferenceFiles.shipped.readBytes()

    @Test
    fun `a missing file`() = refuses(File("target/none.tflite"), "Cannot read none.tflite")

    @Test
    fun `an empty file`() = refuses(ByteArray(0), "The file is empty")

    @Test
    fun `a foreign file`() = refuses("A letter to my aunt, not a model.".toByteArray(), "This is not a TFLite file.")

    @Test
    fun `a truncated file, wherever it ends`() {
        for (size in listOf(9, 100, whole.size / 2, whole.size - 1000, whole.size - 1)) {
            refuses(whole.copyOf(size), "The file holds no tokenizer")
        }
    }

    @Test
    fun `a byte changed in the model`() {
        val changed = whole.clone()
        changed[2000] = (changed[2000] + 1).toByte()
        refuses(changed, "The file was changed after it was written: model has another sha256.")
    }

    @Test
    fun `a newer format`() = refuses(
        edited { it.replace("\"format_version\": 1", "\"format_version\": 2") },
        "The file has bundle format 2; this app reads format 1.",
    )

    @Test
    fun `an unknown key`() = refuses(
        edited { it.replaceFirst("{", "{\"colour\": 1,") }, "albert.json has keys that this app does not know",
    )

    @Test
    fun `a key twice`() = refuses(edited { it.replaceFirst("{", "{\"task\": \"x\",") }, "albert.json is not JSON")

    @Test
    fun `a value of another type`() = refuses(
        edited { it.replace(Regex("\"max_length\": \\d+"), "\"max_length\": \"long\"") }, "albert.json: `max_length`",
    )

    @Test
    fun `labels that disagree`() = refuses(
        edited { it.replace("\"lights\"", "\"lamps\"") }, "labels.txt and albert.json disagree",
    )

    @Test
    fun `an output that the task needs is not named`() {
        for ((name, output, needed) in listOf(
            Triple("classifier", "logits", "logits for the task classification"),
            Triple("regressor", "logits", "logits for the task regression"),
            Triple("tagger", "logits", "logits for the task token_classification"),
            Triple("chooser", "logits", "logits for the task multiple_choice"),
            Triple("answerer", "end_logits", "start_logits, end_logits for the task question_answering"),
        )) {
            val file = EditedBundle.of(InferenceFiles.golden("$name.tflite")) { it.replace("\"$output\": \"", "\"x\": \"") }
            refuses(file, "albert.json: `outputs` must have $needed. Missing: $output.")
        }
    }

    @Test
    fun `a self-test of an output that is not named`() = refuses(
        edited { it.replaceFirst(FIRST_LOGITS, "\"scores\": [") },
        "albert.json self_tests: `outputs` must have numbers for logits. Received: scores.",
    )

    @Test
    fun `a self-test without a number`() = refuses(
        edited { it.replaceFirst(FIRST_LOGITS, "\"logits\": [[],") },
        "albert.json: an output of a self-test is no number.",
    )

    @Test
    fun `another number of labels than logits`() {
        for ((name, message) in listOf(
            "classifier" to "The model gives 3 logits; the labels in albert.json are for 1.",
            "tagger" to "The model gives 25 logits; the labels in albert.json are for 5.",
        )) {
            val bundle = Bundle.open(InferenceFiles.written("labels.tflite", ofOneLabel("$name.tflite")))
            val failed = Outcome.of { Session(bundle, JvmRuntime) } as Outcome.Failed
            assertTrue(failed.message.startsWith(message), failed.message)
        }
    }

    @Test
    fun `a failed self-test`() {
        val file = edited { it.replace(Regex("(\"logits\": \\[\\s*)-?[0-9.]+"), "$199.5") }
        val bundle = Bundle.open(InferenceFiles.written("self-test.tflite", file))
        val outcome = Outcome.of { Session(bundle, JvmRuntime) }
        assertTrue((outcome as Outcome.Failed).message.startsWith("The model fails its self-test on TFLite"))
    }

    @Test
    fun `the runtime's refusal`() {
        val bundle = Bundle.open(
            InferenceFiles.written("signature.tflite", edited { it.replace("\"signature\": \"predict\"", "\"signature\": \"x\"") }),
        )
        assertEquals(
            Outcome.Failed("The model lacks the signature x."), Outcome.of { Session(bundle, JvmRuntime) },
        )
    }

    @Test
    fun `a task that no runner is for`() {
        val file = edited { it.replace("\"padding_mask\": \"padding_mask\"", "\"masked_positions\": \"padding_mask\"") }
        val bundle = Bundle.open(InferenceFiles.written("other-task.tflite", file))
        val failed = Outcome.of { Session(bundle, JvmRuntime) } as Outcome.Failed
        assertTrue(failed.message.startsWith("This app has no use for a model of the task"), failed.message)
    }

    @Test
    fun `lengths of windows that do not fit`() {
        for ((edit, start) in listOf(
            ("\"max_length\": 48" to "\"max_length\": 15") to "`question_answering` of albert.json is broken: `maxLength`",
            ("\"doc_stride\": 12" to "\"doc_stride\": 0") to "`question_answering` of albert.json is broken: `docStride`",
            ("\"doc_stride\": 12" to "\"stride\": 12") to "question_answering of albert.json has keys that this app does not know",
        )) {
            val file = EditedBundle.of(InferenceFiles.golden("answerer.tflite")) { it.replace(edit.first, edit.second) }
            Session(Bundle.open(InferenceFiles.written("windows.tflite", file)), JvmRuntime).use { session ->
                val failed = Outcome.of { Answerer(session) } as Outcome.Failed
                assertTrue(failed.message.startsWith(start), failed.message)
            }
        }
    }

    private fun ofOneLabel(name: String): ByteArray =
        EditedBundle.of(InferenceFiles.golden(name), mapOf("labels.txt" to "one\n".toByteArray())) {
            it.replace(Regex("\"labels\": \\[[^\\]]*\\]"), "\"labels\": [\"one\"]")
                .replace(Regex("\"labels.txt\": \"[0-9a-f]+\""), "\"labels.txt\": \"$ONE_LABEL_SHA256\"")
        }

    private fun refuses(bytes: ByteArray, start: String) =
        refuses(InferenceFiles.written("broken.tflite", bytes), start)

    private fun refuses(file: File, start: String) {
        val outcome = Outcome.of { Bundle.open(file) }
        val message = (outcome as Outcome.Failed).message
        assertTrue(message.startsWith(start), message)
    }

    private fun edited(edit: (String) -> String): ByteArray = EditedBundle.of(InferenceFiles.shipped, edit = edit)

    private companion object {
        /** Of a label `one` and the end of its line. */
        const val ONE_LABEL_SHA256 = "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806"

        /** Where the numbers of the first self-test begin. */
        val FIRST_LOGITS = Regex("\"logits\": \\[")
    }
}
