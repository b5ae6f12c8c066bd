package org.alberttf.demo

import android.content.res.Resources
import org.alberttf.inference.Classification
import org.alberttf.inference.Reply
import org.alberttf.inference.Score
import org.alberttf.inference.Tagging

/** Lines of figures: time, layers, length, memory. */
internal object Figures {
    fun of(resources: Resources, model: ModelInfo): String = joined(
        resources.getString(R.string.megabytes, model.sizeBytes / MEGABYTE),
        model.quantization,
        resources.getString(R.string.opened_in, model.openMs),
        model.runtime,
    )

    fun of(resources: Resources, done: Work.Done<*>): String {
        val value = done.value
        val numLayers = when (value) {
            is Classification -> value.layersUsed
            is Tagging -> value.layersUsed
            else -> null
        }
        val numTokens = when (value) {
            is Classification -> value.numTokens
            is Score -> value.numTokens
            is Tagging -> value.numTokens
            else -> null
        }
        return joined(
            resources.getString(R.string.milliseconds, done.latencyMs),
            numLayers?.let { resources.getQuantityString(R.plurals.layers, it, it) },
            numTokens?.let { resources.getQuantityString(R.plurals.tokens, it, it) },
            (value as? Reply)?.let { resources.getQuantityString(R.plurals.windows, it.numWindows, it.numWindows) },
            done.memoryBytes?.let { resources.getString(R.string.memory, it / MEGABYTE) },
        )
    }

    fun percent(resources: Resources, probability: Double): String =
        resources.getString(R.string.percent, probability * 100)

    private fun joined(vararg parts: String?): String = parts.filterNotNull().joinToString(" · ")

    private const val MEGABYTE = 1e6
}
