package org.alberttf.demo

import org.alberttf.inference.JvmRuntime
import org.junit.Assert.assertEquals
import org.junit.Test

/** The screen without Android: which tab is in front. */
internal class ScreenTabsTest : OpenedScreen() {
    @Test
    fun `a tab that is chosen while models open stays in front`() {
        kept(Tab.ANSWER).writeBytes(TestModels.golden("answerer").readBytes())
        kept(Tab.TAG).writeBytes(TestModels.golden("tagger").readBytes())
        val screen = screen(JvmRuntime, ModelShelf(folder.root, TestModels::shipped))
        screen.start(tab = Tab.TAG)
        main.until { Tab.ANSWER in screen.state.models }
        screen.select(Tab.ANSWER)
        main.until { !screen.state.isOpening }
        assertEquals(Tab.ANSWER, screen.state.tab)
    }

    @Test
    fun `the tab of last time comes to the front at the start alone`() {
        kept(Tab.CLASSIFY).writeText("torn")
        val screen = started(tab = Tab.CLASSIFY)
        choose(screen, "a.tflite", TestModels.golden("answerer").readBytes())
        screen.removeChosen(Tab.CLASSIFY)
        main.until { !screen.state.isOpening }
        assertEquals(Tab.ANSWER, screen.state.tab)
    }

    private fun kept(tab: Tab) = folder.newFolder(tab.task).resolve("mine.tflite")
}
