package org.alberttf.demo

import java.nio.ByteBuffer
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import org.alberttf.inference.BundleException
import org.alberttf.inference.JvmRuntime
import org.alberttf.inference.ModelRuntime
import org.alberttf.inference.OpenModel as RunningModel
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** The screen without Android, on a real model: what becomes of texts. */
internal class ScreenTest : OpenedScreen() {
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
    fun `a model of single texts gets the first`() {
        val screen = started()
        choose(screen, "single.tflite", TestModels.single())
        assertEquals(false, screen.state.models[Tab.CLASSIFY]?.takesPairs)
        val one = classified(screen, "turn it off").value
        screen.type(screen.state.texts.copy(hasPair = true, pair = "the lamp"))
        main.until { (screen.state.classification as Work.Done).value !== one }
        assertEquals(one.numTokens, (screen.state.classification as Work.Done).value.numTokens)
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
    fun `choices that take their time are counted`() {
        val runtime = WatchedRuntime()
        val screen = started(runtime = runtime)
        choose(screen, "c.tflite", TestModels.golden("chooser").readBytes())
        val seen = ArrayList<Work<*>>()
        screen.observer = { seen.add(it.choice) }
        runtime.onRun = { Thread.sleep(400) }
        screen.type(screen.state.texts.copy(context = "It rained.", choices = "a tent\na lamp\na bath"))
        main.until { screen.state.choice is Work.Done }
        assertEquals(listOf(Work.Running(2, 3), Work.Running(3, 3)), seen.filterIsInstance<Work.Running>().distinct())
    }

    @Test
    fun `without a model the screen says so`() {
        val screen = screen(JvmRuntime, ModelShelf(folder.root) { null })
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
        val screen = screen(BrokenRuntime, ModelShelf(folder.root, TestModels::shipped))
        screen.start()
        main.until { !screen.state.isOpening }
        assertEquals("The runtime refuses the model.", screen.state.problem)
    }

    @Test
    fun `texts are kept while the app is gone`() {
        val saved = SavedTexts(folder.root.resolve("texts"))
        assertEquals(Texts(), saved.read())
        val texts = Texts(
            "a", true, "\uD83D\uDE00", "", "x".repeat(2_000_000), "é",
            first = "1", second = "2", context = "c\n", asked = "_?", choices = "x\ny",
        )
        saved.write(texts)
        assertEquals(texts, saved.read())
        folder.root.resolve("texts").writeText("torn")
        assertEquals(Texts(), saved.read())
    }

    private object BrokenRuntime : ModelRuntime {
        override val name: String get() = "broken"

        override fun open(model: ByteBuffer, signature: String, numThreads: Int): RunningModel =
            throw BundleException("The runtime refuses the model.")
    }
}
