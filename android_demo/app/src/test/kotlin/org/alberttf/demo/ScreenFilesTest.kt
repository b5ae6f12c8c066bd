package org.alberttf.demo

import java.io.ByteArrayInputStream
import java.io.InputStream
import java.io.SequenceInputStream
import java.util.Collections
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** The screen without Android: models that are chosen, kept, refused and removed. */
internal class ScreenFilesTest : OpenedScreen() {
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
        for (name in listOf("answerer", "regressor", "chooser", "tagger")) {
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
    fun `two screens receive at once, and neither takes the other's copy`() {
        val shelf = ModelShelf(folder.root, TestModels::shipped)
        val slow = SlowStream(TestModels.golden("answerer").readBytes())
        val one = started(shelf = shelf)
        one.choose({ "slow.tflite" }) { slow.stream }
        assertTrue(slow.isHalfRead.await(10, TimeUnit.SECONDS))
        val other = started(shelf = shelf)
        choose(other, "t.tflite", TestModels.golden("tagger").readBytes())
        slow.goOn.countDown()
        main.until { !one.state.isOpening }
        assertNull(one.state.problem)
        assertEquals("slow.tflite", one.state.models.getValue(Tab.ANSWER).name)
        assertEquals("t.tflite", other.state.models.getValue(Tab.TAG).name)
        assertEquals(emptyList<String>(), incoming())
    }

    /** Waits in its middle. */
    private class SlowStream(bytes: ByteArray) {
        val isHalfRead = CountDownLatch(1)
        val goOn = CountDownLatch(1)
        private val wait = object : InputStream() {
            override fun read(): Int {
                isHalfRead.countDown()
                goOn.await(10, TimeUnit.SECONDS)
                return -1
            }
        }
        private val half = bytes.size / 2
        val stream: InputStream = SequenceInputStream(
            Collections.enumeration(
                listOf(ByteArrayInputStream(bytes, 0, half), wait, ByteArrayInputStream(bytes, half, bytes.size)),
            ),
        )
    }

    private companion object {
        val SHIPPED_LABELS =
            setOf("calendar", "climate", "lights", "message", "music", "shopping", "timer", "weather")
    }
}
