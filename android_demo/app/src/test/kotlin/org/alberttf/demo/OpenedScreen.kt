package org.alberttf.demo

import java.io.ByteArrayInputStream
import org.alberttf.inference.Classification
import org.alberttf.inference.JvmRuntime
import org.alberttf.inference.ModelRuntime
import org.junit.After
import org.junit.Rule
import org.junit.rules.TemporaryFolder

/** What tests of the screen without Android need to open one, on a real model. */
internal abstract class OpenedScreen {
    @get:Rule
    val folder = TemporaryFolder()
    protected val main = TestThread()
    private val screens = ArrayList<Screen>()

    @After
    fun close() = screens.forEach { it.close() }

    protected fun classified(screen: Screen, text: String): Work.Done<Classification> {
        screen.type(screen.state.texts.copy(classify = ""))
        screen.type(screen.state.texts.copy(classify = text))
        main.until { screen.state.classification is Work.Done }
        return screen.state.classification as Work.Done
    }

    protected fun choose(screen: Screen, name: String, bytes: ByteArray) {
        screen.choose({ name }) { ByteArrayInputStream(bytes) }
        main.until { !screen.state.isOpening }
    }

    /** Names of the copies that are neither kept nor deleted. */
    protected fun incoming(): List<String> = folder.root.list().orEmpty().filter { it.startsWith("incoming") }

    protected fun started(
        texts: Texts = Texts(),
        tab: Tab? = null,
        runtime: ModelRuntime = JvmRuntime,
        shelf: ModelShelf = ModelShelf(folder.root, TestModels::shipped),
    ): Screen {
        val screen = screen(runtime, shelf)
        screen.start(texts, tab)
        main.until { !screen.state.isOpening }
        return screen
    }

    protected fun screen(runtime: ModelRuntime, shelf: ModelShelf): Screen =
        Screen(shelf, runtime, main) { 1_000_000 }.also(screens::add)
}
