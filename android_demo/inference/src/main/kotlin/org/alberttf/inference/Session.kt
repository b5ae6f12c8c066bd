package org.alberttf.inference

import java.io.Closeable
import org.alberttf.tokenizer.ModelInputs

/**
 * A bundle and the model in it, ready to run on one thread at a time.
 *
 * @param bundle the open file.
 * @param runtime what runs it.
 * @param numThreads at least 1; the default is half of the processors and at
 * most four: on phones that is as many as are fast.
 * @param selfTest runs the sentences that travel with the model first.
 * @param patience for a model with early exit: how many depths in a row must
 * agree before it stops, at least 0; null for the bundle's own. Other models
 * have no use for it.
 * @throws BundleException the runtime refuses the model, or a self-test fails.
 */
public class Session(
    public val bundle: Bundle,
    private val runtime: ModelRuntime,
    numThreads: Int = (Runtime.getRuntime().availableProcessors() / 2).coerceIn(1, 4),
    selfTest: Boolean = true,
    patience: Int? = null,
) : Closeable {
    private val manifest = bundle.manifest

    /** Null for a model that always runs all its layers. */
    private val patience = manifest.earlyExit?.let { patience ?: it.patience }

    init {
        require(patience == null || patience >= 0) { "The patience must be 0 or more. Received: $patience." }
    }

    private val model = runtime.open(bundle.model, manifest.signature, numThreads)

    init {
        val unknown = manifest.inputs.keys - setOf("token_ids", "segment_ids", "padding_mask") -
            if (this.patience == null) emptySet() else setOf("patience")
        try {
            if (this.patience != null && "patience" !in manifest.inputs) {
                throw BundleException("albert.json has an early exit but no input `patience`. Export the model again.")
            }
            if (unknown.isNotEmpty()) {
                throw BundleException("This app has no use for a model of the task ${manifest.task}.")
            }
            if (selfTest) manifest.selfTests.forEach(::check)
        } catch (error: Exception) {
            model.close()
            throw error
        }
    }

    /**
     * Returns the outputs of one row by our names, laid flat.
     *
     * @throws BundleException the runtime fails, or the model has another number
     * of labels than albert.json.
     */
    public fun run(row: ModelInputs): Map<String, FloatArray> = run(row, patience)

    private fun run(row: ModelInputs, patience: Int?): Map<String, FloatArray> {
        require(row.size <= manifest.maxLength) {
            "A sequence has ${row.size} tokens; the model takes ${manifest.maxLength}."
        }
        val full = if (manifest.fixedLength) row.padTo(manifest.maxLength, bundle.tokenizer.padId) else row
        val inputs = mapOf(
            "token_ids" to full.tokenIds, "segment_ids" to full.segmentIds, "padding_mask" to full.paddingMask,
        )
        val named = (manifest.inputs - "patience").entries
            .associate { (ours, theirs) -> theirs to inputs.getValue(ours) }
        val settings = if (patience == null) emptyMap() else mapOf(manifest.inputs.getValue("patience") to patience)
        val outputs = model.run(named, settings, manifest.outputs.values)
        return manifest.outputs.mapValues { outputs.getValue(it.value) }.also { requireLogits(it, full.size) }
    }

    /** Refuses logits that the labels, or a score, do not fit. */
    private fun requireLogits(outputs: Map<String, FloatArray>, numTokens: Int) {
        val wanted = when (manifest.task) {
            Task.CLASSIFICATION -> manifest.labels.size
            Task.TOKEN_CLASSIFICATION -> numTokens * manifest.labels.size
            Task.REGRESSION, Task.MULTIPLE_CHOICE -> 1
            else -> return
        }
        val given = outputs.getValue("logits").size
        if (wanted == 0 || given != wanted) {
            val hasLabels = manifest.task in setOf(Task.CLASSIFICATION, Task.TOKEN_CLASSIFICATION)
            val expected = if (hasLabels) "the labels in albert.json are for $wanted" else "one score is expected"
            throw BundleException("The model gives $given logits; $expected. Export it again.")
        }
    }

    override fun close(): Unit = model.close()

    private fun check(test: SelfTest) {
        val row = packed(test)
        if (row.tokenIds.asList() != test.tokenIds) {
            throw BundleException(
                "The model fails its self-test: \"${test.text}\" became ${row.tokenIds.asList()}, " +
                    "expected ${test.tokenIds}. Export it again.",
            )
        }
        // All layers: where the model stops early, rounding may decide when.
        val outputs = run(row, manifest.earlyExit?.numLayers)
        for ((name, wanted) in test.outputs) {
            val got = outputs.getValue(name)
            val error = difference(got, wanted)
            val limit = limitOf(name)
            if (!(error <= limit)) {
                throw BundleException(
                    "The model fails its self-test on ${runtime.name}: $name of \"${test.text}\" " +
                        "differs by $error, at most $limit is expected. Export it for this runtime.",
                )
            }
        }
    }

    /** Returns a sentence as the runner of its task packs it. */
    private fun packed(test: SelfTest): ModelInputs = when {
        manifest.task == Task.MULTIPLE_CHOICE && test.pair != null ->
            bundle.packChoices(test.text, listOf(test.pair)).rows[0]
        else -> bundle.tokenizer(test.text, test.pair, manifest.maxLength)
    }

    /** Not a number where a value is none, or values are missing. */
    private fun difference(got: FloatArray, wanted: FloatArray): Float {
        if (got.size < wanted.size) return Float.NaN
        var largest = 0f
        for (index in wanted.indices) {
            val error = Math.abs(got[index] - wanted[index])
            if (error.isNaN()) return error
            largest = maxOf(largest, error)
        }
        return largest
    }

    private fun limitOf(name: String): Float = manifest.tolerance *
        (manifest.selfTests.mapNotNull { it.outputs[name] }
            .flatMap { it.asList() }.maxOfOrNull { Math.abs(it) } ?: 0f)
}
