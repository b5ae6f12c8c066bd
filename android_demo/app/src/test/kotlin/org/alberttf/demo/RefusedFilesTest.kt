package org.alberttf.demo

import java.io.ByteArrayInputStream
import java.io.IOException
import java.io.InputStream
import java.io.SequenceInputStream
import org.alberttf.inference.BundleException
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** The screen without Android: files that it cannot open, and what is left of them. */
internal class RefusedFilesTest : OpenedScreen() {
    @Test
    fun `of a refused file nothing stays`() {
        folder.newFile("incoming1.tmp").writeText("of a copy that was broken off")
        val runtime = WatchedRuntime()
        val screen = started(runtime = runtime)
        assertEquals(emptyList<String>(), incoming())
        val model = TestModels.golden("answerer").readBytes()
        refused(screen, "The file holds no tokenizer") { ByteArrayInputStream(model.copyOf(model.size / 2)) }
        refused(screen, "The model file cannot be read: torn.") { torn(model) }
        folder.root.resolve(Tab.ANSWER.task).writeText("in the folder's place")
        refused(screen, "The model file cannot be read: cannot make") { ByteArrayInputStream(model) }
        runtime.onRun = { throw BundleException("The self-test fails.") }
        refused(screen, "The self-test fails.") { ByteArrayInputStream(model) }
    }

    @Test
    fun `of a file that is no model only the beginning is read`() {
        val screen = started()
        refused(screen, "This is not a TFLite file.") { torn("Dear aun".toByteArray()) }
        refused(screen, "This is not a TFLite file.") { ByteArrayInputStream("TFL3".toByteArray()) }
    }

    @Test
    fun `a file that is no model is refused, and the old one stays`() {
        val screen = started()
        choose(screen, "letter.txt", "Dear aunt,".toByteArray())
        assertTrue(screen.state.problem.orEmpty().startsWith("This is not a TFLite file."))
        assertTrue(screen.state.models.getValue(Tab.CLASSIFY).isShipped)
        screen.dismissProblem()
        assertNull(screen.state.problem)
        screen.choose({ "x" }) { throw IOException("gone") }
        main.until { !screen.state.isOpening }
        assertEquals("The model file cannot be read: gone. Choose it again.", screen.state.problem)
    }

    private fun refused(screen: Screen, problem: String, open: () -> InputStream) {
        screen.choose({ "x.tflite" }, open)
        main.until { !screen.state.isOpening }
        assertTrue(screen.state.problem, screen.state.problem.orEmpty().startsWith(problem))
        assertEquals(emptyList<String>(), incoming())
    }

    /** Fails behind its last byte. */
    private fun torn(bytes: ByteArray): InputStream = SequenceInputStream(
        ByteArrayInputStream(bytes),
        object : InputStream() {
            override fun read(): Int = throw IOException("torn")
        },
    )
}
