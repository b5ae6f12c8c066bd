package org.alberttf.inference

import java.io.File
import java.io.RandomAccessFile
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

internal class BundleTest {
    private val whole = InferenceFiles.shipped.readBytes()

    @Test
    fun `opens from the middle of another file, as of an APK`() {
        val apk = InferenceFiles.written("app.apk", ByteArray(1237) { 7 } + whole + ByteArray(999) { 7 })
        val bundle = RandomAccessFile(apk, "r").use { Bundle.open(it.channel, 1237, whole.size.toLong()) }
        assertEquals(whole.size, bundle.sizeBytes)
        answersAsTheFile(bundle)
    }

    @Test
    fun `opens from a stream`() = answersAsTheFile(whole.inputStream().use { Bundle.open(it) })

    @Test
    fun `says what albert json says`() {
        val manifest = Bundle.open(InferenceFiles.shipped).manifest
        assertEquals("classification", manifest.task)
        assertEquals("tflite-runtime" to "dynamic_int8", manifest.target to manifest.quantization)
        assertEquals(8, manifest.labels.size)
        assertEquals(128, manifest.maxLength)
    }

    @Test
    fun `a model of fixed length gets padding, and answers the same`() {
        val free = InferenceFiles.golden("classifier.tflite")
        val fixed = EditedBundle.of(free) { it.replace("\"fixed_length\": false", "\"fixed_length\": true") }
        val lengths = ArrayList<Int>()
        val runtime = object : ModelRuntime by JvmRuntime {
            override fun open(model: java.nio.ByteBuffer, signature: String, numThreads: Int): OpenModel {
                val opened = JvmRuntime.open(model, signature, numThreads)
                return object : OpenModel by opened {
                    override fun run(
                        inputs: Map<String, IntArray>,
                        settings: Map<String, Int>,
                        outputs: Collection<String>,
                    ) = opened.run(inputs, settings, outputs).also { lengths.add(inputs.getValue("token_ids").size) }
                }
            }
        }
        val ours = Session(Bundle.open(InferenceFiles.written("fixed.tflite", fixed)), runtime)
            .use { Classifier(it).classify(TEXT).logits }
        val theirs = Session(Bundle.open(free), JvmRuntime).use { Classifier(it).classify(TEXT).logits }
        assertArrayEquals(theirs, ours, 1e-5f)
        assertEquals(setOf(64), lengths.toSet())
    }

    private fun answersAsTheFile(bundle: Bundle) {
        val logits = listOf(bundle, Bundle.open(File("../assets/classification.tflite"))).map { each ->
            Session(each, JvmRuntime).use { Classifier(it).classify(TEXT).logits.asList() }
        }
        assertEquals(logits[1], logits[0])
    }

    private companion object {
        const val TEXT = "it is far too dark in here"
    }
}
