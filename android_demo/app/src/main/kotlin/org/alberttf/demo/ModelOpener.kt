package org.alberttf.demo

import java.io.File
import java.io.IOException
import java.io.InputStream
import java.util.concurrent.Executor
import org.alberttf.inference.Bundle
import org.alberttf.inference.ModelRuntime
import org.alberttf.inference.Outcome

/**
 * Opens the models of a shelf. All of it takes time, and belongs into the
 * background.
 *
 * @param deliver where models hand over their results.
 */
internal class ModelOpener(
    private val shelf: ModelShelf,
    private val runtime: ModelRuntime,
    private val deliver: Executor,
) {
    /** Opens the file chosen for a tab; null where none was. */
    fun chosen(tab: Tab): Chosen? = shelf.chosen(tab)?.let { file ->
        Chosen(file.name, Outcome.of { openFile(file.name, file) })
    }

    /** Opens the model that came with the app; null where it has none. */
    fun shipped(tab: Tab): Outcome<OpenModel?> = Outcome.of {
        shelf.openShipped(tab)?.let { bundle ->
            OpenModel.of("${tab.task}.tflite", isShipped = true, runtime, deliver) { bundle }
        }
    }

    /**
     * Opens a document and keeps a copy of it.
     *
     * @param name gives the document's name.
     */
    fun received(name: () -> String, open: () -> InputStream): Outcome<OpenModel> = Outcome.of {
        val called = name()
        shelf.receive(open()) { copy -> openFile(called, copy).also { keep(it, copy, called) } }
    }

    private fun keep(model: OpenModel, copy: File, name: String) = try {
        shelf.keep(copy, model.tab, name)
    } catch (error: IOException) {
        model.close()
        throw error
    }

    private fun openFile(name: String, file: File): OpenModel =
        OpenModel.of(name, isShipped = false, runtime, deliver) { Bundle.open(file) }

    /** A chosen file, and what became of opening it. */
    class Chosen(val name: String, val outcome: Outcome<OpenModel>)
}
