package org.alberttf.inference

import java.io.File
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The README's Kotlin is the code between the two marks here, which runs. */
internal class ReadmeTest {
    private val shown = LinkedBlockingQueue<String>()

    /** Stands in for Android's, which hands work to the main thread. */
    private object Handler {
        fun post(work: Runnable) = work.run()
    }

    private fun show(line: String) {
        shown.add(line)
    }

    @Test
    fun `the snippet runs`() {
        for ((text, start) in listOf("it is far too dark in here" to "lights 0.", "  " to "The text is empty.")) {
            snippet(File("../assets"), Handler, text)
            val line = shown.poll(20, TimeUnit.SECONDS).orEmpty()
            assertTrue(line.startsWith(start), line)
        }
    }

    @Test
    fun `the snippet is that of the README`() {
        val readme = File("../README.md").readText()
        val source = File("src/test/kotlin/org/alberttf/inference/ReadmeTest.kt").readText()
        val printed = readme.substringAfter("## Inference").substringAfter("```kotlin\n").substringBefore("```")
        val run = source.substringAfter("// begin\n").substringBefore("        // end\n").trimIndent()
        assertEquals(printed, run.replace("(assets, ", "(").replace("JvmRuntime", "LiteRtRuntime()") + "\n")
    }

    private fun snippet(assets: File, handler: Handler, typed: String) {
        // begin
        val bundle = Bundle.open(File(assets, "classification.tflite"))
        val session = Session(bundle, JvmRuntime) // runs the bundle's self-test
        val classifier = Classifier(session)
        val worker = LastWins(deliver = handler::post)

        fun onTextChanged(text: String) = worker.submit({ classifier.classify(text) }) { outcome ->
            when (outcome) {
                is Outcome.Success -> show("${outcome.value.label} ${outcome.value.probability}")
                is Outcome.Failed -> show(outcome.message)
            }
        }
        // end
        onTextChanged(typed)
        // Not at once, which would drop the work.
        while (shown.isEmpty()) Thread.sleep(1)
        worker.close { session.close() }
    }
}
