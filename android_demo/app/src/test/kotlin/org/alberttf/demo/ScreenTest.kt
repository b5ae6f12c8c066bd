package org.alberttf.demo

import java.io.ByteArrayInputStream
import java.io.IOException
import java.nio.ByteBuffer
import org.alberttf.inference.Bundle
import org.alberttf.inference.BundleException
import org.alberttf.inference.JvmRuntime
import org.alberttf.inference.ModelRuntime
import org.alberttf.inference.OpenModel as RunningModel
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** The screen without Android, on a real model. */
internal class ScreenTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val main = TestThread()
    private val screens = ArrayList<Screen>()

    @After
    fun close() = screens.forEach { it.close() }

    @Test
    fun `what is typed is labelled`() {
        val screen = started()
        assertEquals(setOf(Tab.CLASSIFY), screen.state.models.keys)
        assertEquals(Tab.CLASSIFY, screen.state.tab)
        val done = classified(screen, "it is far too dark in here")
        assertEquals("lights", done.value.label)
        assertEquals(1e6.toLong(), done.memoryBytes)
        assertTrue(done.latencyMs > 0)
        screen.type(screen.state.texts.copy(classify = "  "))
        assertEquals(Work.None, screen.state.classification)
    }

    @Test
    fun `of fast typing the last text is labelled`() {
        val screen = started()
        val text = "tell my sister that I will be late"
        for (length in 1..text.length) screen.type(screen.state.texts.copy(classify = text.take(length)))
        main.until { (screen.state.classification as? Work.Done)?.value?.label == "message" }
        val alone = classified(started(), text).value.probability
        assertEquals(alone, (screen.state.classification as Work.Done).value.probability, 1e-6)
    }

    @Test
    fun `two texts where the switch says so`() {
        val screen = started()
        val one = classified(screen, "turn it off").value
        screen.type(screen.state.texts.copy(hasPair = true, pair = "the lamp"))
        main.until { (screen.state.classification as Work.Done).value !== one }
        val two = (screen.state.classification as Work.Done).value
        assertTrue(two.numTokens > one.numTokens)
    }

    @Test
    fun `a megabyte, emoji, right to left`() {
        val screen = started()
        assertTrue(classified(screen, "lamp ".repeat(200_000)).value.isTruncated)
        for (text in listOf("😀😀", "أطفئ النور", "\u0301")) {
            screen.type(screen.state.texts.copy(classify = text))
            main.until { (screen.state.classification as? Work.Done)?.value?.isTruncated == false }
            screen.type(screen.state.texts.copy(classify = ""))
        }
    }

    @Test
    fun `a chosen model gets its tab, and is there after a restart`() {
        val screen = started()
        choose(screen, "home.tflite", TestModels.golden("answerer").readBytes())
        assertEquals(Tab.ANSWER, screen.state.tab)
        assertEquals(setOf(Tab.CLASSIFY, Tab.ANSWER), screen.state.models.keys)
        val again = started(Texts(question = "Where?", passage = "At home."), Tab.ANSWER)
        assertEquals(Tab.ANSWER, again.state.tab)
        assertEquals("home.tflite", again.state.models.getValue(Tab.ANSWER).name)
        assertEquals("At home.", again.state.texts.passage)
        again.removeChosen(Tab.ANSWER)
        main.until { !again.state.isOpening }
        assertEquals(setOf(Tab.CLASSIFY), again.state.models.keys)
        assertEquals(Tab.CLASSIFY, again.state.tab)
    }

    @Test
    fun `a chosen model takes the shipped one's place until it is removed`() {
        val screen = started()
        choose(screen, "../x/mine.tflite", TestModels.golden("classifier").readBytes())
        assertEquals(".._x_mine.tflite".trimStart('.'), started().state.models.getValue(Tab.CLASSIFY).name)
        assertTrue(classified(screen, "dark").value.label in listOf("calm", "glad", "sad"))
        screen.removeChosen(Tab.CLASSIFY)
        main.until { !screen.state.isOpening }
        assertTrue(screen.state.models.getValue(Tab.CLASSIFY).isShipped)
        main.until { (screen.state.classification as? Work.Done)?.value?.label in SHIPPED_LABELS }
    }

    @Test
    fun `an answer has its place, and loses it with its passage`() {
        val screen = started()
        choose(screen, "a.tflite", TestModels.golden("answerer").readBytes())
        val passage = "The key is outside. ".repeat(20)
        screen.type(screen.state.texts.copy(question = "Where is the key?", passage = passage))
        val seen = ArrayList<Work<*>>()
        screen.observer = { seen.add(it.reply) }
        screen.ask()
        main.until { screen.state.reply is Work.Done }
        val reply = (screen.state.reply as Work.Done).value
        for (candidate in reply.candidates) {
            assertEquals(passage.substring(candidate.start, candidate.end), candidate.text)
        }
        assertEquals((1..reply.numWindows).toList(), seen.filterIsInstance<Work.Running>().map { it.number }.filter { it > 0 })
        screen.type(screen.state.texts.copy(passage = passage + "!"))
        assertEquals(Work.None, screen.state.reply)
    }

    @Test
    fun `words are tagged`() {
        val screen = started()
        choose(screen, "t.tflite", TestModels.golden("tagger").readBytes())
        screen.type(screen.state.texts.copy(tag = "Ada went to London."))
        main.until { screen.state.tagging is Work.Done }
        assertEquals("Ada", (screen.state.tagging as Work.Done).value.words.first().text)
    }

    @Test
    fun `a file that is no model is refused, and the old one stays`() {
        val screen = started()
        choose(screen, "letter.txt", "Dear aunt,".toByteArray())
        assertTrue(screen.state.problem.orEmpty().startsWith("This is not a TFLite file."))
        assertTrue(screen.state.models.getValue(Tab.CLASSIFY).isShipped)
        screen.dismissProblem()
        assertNull(screen.state.problem)
        screen.choose("x") { throw IOException("gone") }
        main.until { !screen.state.isOpening }
        assertEquals("The model file cannot be read: gone. Choose it again.", screen.state.problem)
    }

    @Test
    fun `without a model the screen says so`() {
        val screen = screen { null }
        screen.start()
        main.until { !screen.state.isOpening }
        assertNull(screen.state.tab)
        screen.type(Texts(classify = "dark", question = "Who?", passage = "I."))
        screen.ask()
        assertEquals(Work.None, screen.state.reply)
        choose(screen, "late.tflite", TestModels.golden("classifier").readBytes())
        main.until { screen.state.classification is Work.Done }
    }

    @Test
    fun `a runtime that fails is told`() {
        val screen = screen(BrokenRuntime, TestModels::shipped)
        screen.start()
        main.until { !screen.state.isOpening }
        assertEquals("The runtime refuses the model.", screen.state.problem)
    }

    @Test
    fun `texts are kept while the app is gone`() {
        val saved = SavedTexts(folder.root.resolve("texts"))
        assertEquals(Texts(), saved.read())
        val texts = Texts("a", true, "\uD83D\uDE00", "", "x".repeat(2_000_000), "é")
        saved.write(texts)
        assertEquals(texts, saved.read())
        folder.root.resolve("texts").writeText("torn")
        assertEquals(Texts(), saved.read())
    }

    private fun classified(screen: Screen, text: String): Work.Done<org.alberttf.inference.Classification> {
        screen.type(screen.state.texts.copy(classify = ""))
        screen.type(screen.state.texts.copy(classify = text))
        main.until { screen.state.classification is Work.Done }
        return screen.state.classification as Work.Done
    }

    private fun choose(screen: Screen, name: String, bytes: ByteArray) {
        screen.choose(name) { ByteArrayInputStream(bytes) }
        main.until { !screen.state.isOpening }
    }

    private fun started(texts: Texts = Texts(), tab: Tab? = null): Screen {
        val screen = screen(JvmRuntime, TestModels::shipped)
        screen.start(texts, tab)
        main.until { !screen.state.isOpening }
        return screen
    }

    private fun screen(runtime: ModelRuntime = JvmRuntime, shipped: (Tab) -> Bundle?): Screen =
        Screen(ModelShelf(folder.root, shipped), runtime, main) { 1_000_000 }.also(screens::add)

    private object BrokenRuntime : ModelRuntime {
        override val name: String get() = "broken"

        override fun open(model: ByteBuffer, signature: String, numThreads: Int): RunningModel =
            throw BundleException("The runtime refuses the model.")
    }

    private companion object {
        val SHIPPED_LABELS =
            setOf("calendar", "climate", "lights", "message", "music", "shopping", "timer", "weather")
    }
}
