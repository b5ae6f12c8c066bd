package org.alberttf.demo

import java.io.ByteArrayInputStream
import java.io.IOException
import java.io.InputStream
import java.io.SequenceInputStream
import java.nio.ByteBuffer
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import org.alberttf.inference.Bundle
import org.alberttf.inference.BundleException
import org.alberttf.inference.JvmRuntime
import org.alberttf.inference.ModelRuntime
import org.alberttf.inference.OpenModel as RunningModel
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
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
    private val incoming by lazy { folder.root.resolve("incoming") }

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
        screen.type(screen.state.texts.copy(classify = " \u0085"))
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
    fun `a screen with several files to open is opening until the last is open`() {
        val screen = started()
        val seen = ArrayList<Boolean>()
        screen.observer = { seen.add(it.isOpening) }
        for (name in listOf("answerer", "tagger")) {
            screen.choose({ name }) { TestModels.golden(name).inputStream() }
        }
        main.until { Tab.TAG in screen.state.models }
        assertFalse(false in seen)
        main.until { !screen.state.isOpening }
        assertEquals(Tab.values().toSet(), screen.state.models.keys)
    }

    @Test
    fun `another app is asked for name and document in the background`() {
        val screen = started()
        val asked = ArrayList<Thread>()
        val name = {
            asked.add(Thread.currentThread())
            "a.tflite"
        }
        screen.choose(name) {
            asked.add(Thread.currentThread())
            TestModels.golden("answerer").inputStream()
        }
        main.until { !screen.state.isOpening }
        assertEquals("a.tflite", screen.state.models.getValue(Tab.ANSWER).name)
        assertEquals(listOf("albert-files", "albert-files"), asked.map { it.name })
    }

    @Test
    fun `a removed model's tab stays in front`() {
        val screen = started()
        choose(screen, "a.tflite", TestModels.golden("answerer").readBytes())
        choose(screen, "mine.tflite", TestModels.golden("classifier").readBytes())
        val seen = HashSet<Tab?>()
        screen.observer = { seen.add(it.tab) }
        screen.removeChosen(Tab.CLASSIFY)
        main.until { !screen.state.isOpening }
        assertEquals(setOf<Tab?>(Tab.CLASSIFY), seen)
        assertEquals(setOf(Tab.CLASSIFY, Tab.ANSWER), screen.state.models.keys)
    }

    @Test
    fun `a chosen file that no longer opens is kept until it is removed`() {
        for (tab in listOf(Tab.ANSWER, Tab.CLASSIFY)) {
            val copy = folder.newFolder(tab.task).resolve("mine.tflite")
            copy.writeText("torn")
            val screen = started()
            assertEquals(mapOf(tab to "mine.tflite"), screen.state.broken)
            assertTrue(copy.exists())
            screen.removeChosen(tab)
            main.until { !screen.state.isOpening }
            assertEquals(emptyMap<Tab, String>(), screen.state.broken)
            assertFalse(copy.exists())
            assertEquals(setOf(Tab.CLASSIFY), screen.state.models.keys)
        }
    }

    @Test
    fun `a chosen file takes the place of one that no longer opens`() {
        folder.newFolder(Tab.ANSWER.task).resolve("mine.tflite").writeText("torn")
        val screen = started()
        assertEquals(setOf(Tab.ANSWER), screen.state.broken.keys)
        choose(screen, "a.tflite", TestModels.golden("answerer").readBytes())
        assertEquals(emptyMap<Tab, String>(), screen.state.broken)
        assertEquals(emptyMap<Tab, String>(), started().state.broken)
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
        seen.clear()
        screen.type(screen.state.texts.copy(passage = passage + "!"))
        assertEquals(listOf<Work<*>>(Work.None), seen)
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
    fun `a long text is tagged window by window, until another comes`() {
        val runtime = WatchedRuntime()
        val screen = started(runtime = runtime)
        choose(screen, "t.tflite", TestModels.golden("tagger").readBytes())
        val seen = ArrayList<Work<*>>()
        screen.observer = { seen.add(it.tagging) }
        val long = "Ada went to London. ".repeat(40)
        screen.type(screen.state.texts.copy(tag = long))
        main.until { screen.state.tagging is Work.Done }
        val numWindows = (screen.state.tagging as Work.Done).value.numWindows
        assertEquals((1..numWindows).toList(), seen.filterIsInstance<Work.Running>().map { it.number })
        val begun = CountDownLatch(1)
        val goOn = CountDownLatch(1)
        val numRuns = AtomicInteger()
        runtime.onRun = {
            numRuns.incrementAndGet()
            begun.countDown()
            goOn.await(10, TimeUnit.SECONDS)
        }
        screen.type(screen.state.texts.copy(tag = "$long!"))
        assertTrue(begun.await(10, TimeUnit.SECONDS))
        screen.type(screen.state.texts.copy(tag = "Ada went to London."))
        goOn.countDown()
        main.until { (screen.state.tagging as? Work.Done)?.value?.numWindows == 1 }
        assertEquals(2, numRuns.get())
    }

    @Test
    fun `of a refused file nothing stays`() {
        incoming.writeText("of a copy that was broken off")
        val runtime = WatchedRuntime()
        val screen = started(runtime = runtime)
        assertFalse(incoming.exists())
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
        screen.choose({ name }) { ByteArrayInputStream(bytes) }
        main.until { !screen.state.isOpening }
    }

    private fun refused(screen: Screen, problem: String, open: () -> InputStream) {
        screen.choose({ "x.tflite" }, open)
        main.until { !screen.state.isOpening }
        assertTrue(screen.state.problem, screen.state.problem.orEmpty().startsWith(problem))
        assertFalse(incoming.exists())
    }

    /** Fails behind its last byte. */
    private fun torn(bytes: ByteArray): InputStream = SequenceInputStream(
        ByteArrayInputStream(bytes),
        object : InputStream() {
            override fun read(): Int = throw IOException("torn")
        },
    )

    private fun started(texts: Texts = Texts(), tab: Tab? = null, runtime: ModelRuntime = JvmRuntime): Screen {
        val screen = screen(runtime, TestModels::shipped)
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
