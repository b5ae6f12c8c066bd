package org.alberttf.inference

import java.io.ByteArrayOutputStream
import java.io.File
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream
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

    private fun refuses(bytes: ByteArray, start: String) =
        refuses(InferenceFiles.written("broken.tflite", bytes), start)

    private fun refuses(file: File, start: String) {
        val outcome = Outcome.of { Bundle.open(file) }
        val message = (outcome as Outcome.Failed).message
        assertTrue(message.startsWith(start), message)
    }

    /** Returns the shipped file with another `albert.json`. */
    private fun edited(edit: (String) -> String): ByteArray {
        val zip = AppendedZip(java.nio.ByteBuffer.wrap(whole))
        val made = ByteArrayOutputStream()
        ZipOutputStream(made).use { out ->
            for (name in zip.names) {
                val bytes = zip.read(name) ?: ByteArray(0)
                val text = String(bytes, Charsets.UTF_8)
                out.putNextEntry(ZipEntry(name))
                if (name == "albert.json") {
                    val other = edit(text)
                    check(other != text) { "the edit changes nothing" }
                    out.write(other.toByteArray())
                } else {
                    out.write(bytes)
                }
            }
        }
        return whole.copyOf(zip.begin) + made.toByteArray()
    }
}
