package org.alberttf.demo

import java.io.Closeable
import java.util.concurrent.Executor
import org.alberttf.inference.Answerer
import org.alberttf.inference.Bundle
import org.alberttf.inference.BundleException
import org.alberttf.inference.Chooser
import org.alberttf.inference.Classifier
import org.alberttf.inference.LastWins
import org.alberttf.inference.ModelRuntime
import org.alberttf.inference.Regressor
import org.alberttf.inference.Session
import org.alberttf.inference.Tagger

/**
 * A model with the thread that runs it.
 *
 * Of the runners, [classifier] to [chooser], the one that fits [tab] is there.
 */
internal class OpenModel private constructor(
    private val session: Session,
    val tab: Tab,
    val info: ModelInfo,
    deliver: Executor,
) : Closeable {
    val classifier: Classifier? = if (tab == Tab.CLASSIFY) Classifier(session) else null
    val regressor: Regressor? = if (tab == Tab.COMPARE) Regressor(session) else null
    val answerer: Answerer? = if (tab == Tab.ANSWER) Answerer(session) else null
    val tagger: Tagger? = if (tab == Tab.TAG) Tagger(session) else null
    val chooser: Chooser? = if (tab == Tab.CHOOSE) Chooser(session) else null
    val worker: LastWins = LastWins(deliver)

    /** Frees the model as soon as its thread has done with it. */
    override fun close(): Unit = worker.close { session.close() }

    companion object {
        /**
         * Opens a model and runs its self-test.
         *
         * @param name of the file.
         * @param open gives the bundle.
         * @throws BundleException it cannot be used.
         */
        fun of(
            name: String,
            isShipped: Boolean,
            runtime: ModelRuntime,
            deliver: Executor,
            open: () -> Bundle,
        ): OpenModel {
            val begun = System.nanoTime()
            val bundle = open()
            val manifest = bundle.manifest
            val tab = Tab.of(manifest.task) ?: throw BundleException(
                "This app has no screen for ${manifest.task}. Choose a model for one of: " +
                    Tab.values().joinToString { it.task } + ".",
            )
            val session = Session(bundle, runtime)
            val openMs = (System.nanoTime() - begun) / 1e6
            val info = ModelInfo(
                name, isShipped, bundle.sizeBytes, manifest.quantization, runtime.name, openMs, manifest.takesPairs,
            )
            try {
                return OpenModel(session, tab, info, deliver)
            } catch (error: BundleException) {
                session.close()
                throw error
            }
        }
    }
}
