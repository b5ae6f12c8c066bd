package org.alberttf.inference

/**
 * What `albert.json` in a bundle says; docs/bundle.md tells of every key.
 *
 * @property outputs our name of each output to the signature's.
 * @property inputs our name of each input to the signature's.
 * @property sha256 hex digest of each part; `model` is the flatbuffer.
 * @property takesPairs whether there may be a second text behind the first.
 * @property maxAnswerLength of multiple choice: most tokens of a question with
 * its choice; null for the published number.
 * @property earlyExit null for a model that always runs all its layers.
 */
public class Manifest internal constructor(fields: Map<String, Any?>) {
    private val read = Fields(fields, "albert.json")
    public val task: String = read.string("task")
    public val signature: String = read.string("signature")
    public val inputs: Map<String, String> = read.strings("inputs")
    public val outputs: Map<String, String> = read.strings("outputs")
    public val maxLength: Int = read.int("max_length")
    public val fixedLength: Boolean = read.boolean("fixed_length")
    public val doLowerCase: Boolean = read.boolean("do_lower_case")
    public val keepAccents: Boolean = read.boolean("keep_accents")
    public val labels: List<String> = read.list("labels").map { it as? String ?: read.wrong("labels") }
    public val producer: String = read.string("producer")
    public val quantization: String = read.string("quantization")
    public val target: String = read.string("target")
    public val minimumRuntime: String = read.string("minimum_runtime")
    public val sha256: Map<String, String> = read.strings("sha256")
    public val tolerance: Float = read.number("tolerance").toFloat()
    internal val selfTests: List<SelfTest> = read.list("self_tests").map {
        SelfTest(Fields.of(it, "albert.json self_tests"))
    }
    public val takesPairs: Boolean get() = selfTests.isEmpty() || selfTests.any { it.pair != null }
    public val maxAnswerLength: Int? =
        if (read.orNull("max_answer_length") == null) null else read.int("max_answer_length")
    public val earlyExit: EarlyExit? = read.orNull("early_exit")?.let { EarlyExit.of(it) }
    internal val questionAnswering: Fields? =
        read.orNull("question_answering")?.let { Fields.of(it, "question_answering of albert.json") }

    init {
        val lacking = Task.outputs(task) - outputs.keys
        if (lacking.isNotEmpty()) {
            throw BundleException(
                "albert.json: `outputs` must have ${Task.outputs(task).joinToString()} for the task $task. " +
                    "Missing: ${lacking.joinToString()}. Export the model again.",
            )
        }
        selfTests.forEach(::requireOutputs)
    }

    private fun requireOutputs(test: SelfTest) {
        val unknown = test.outputs.keys - outputs.keys
        if (unknown.isNotEmpty()) {
            throw BundleException(
                "albert.json self_tests: `outputs` must have numbers for ${outputs.keys.joinToString()}. " +
                    "Received: ${unknown.joinToString()}. Export the model again.",
            )
        }
    }

    internal companion object {
        private const val FORMAT_VERSION = 1
        private val REQUIRED = setOf(
            "format_version", "producer", "task", "signature", "inputs", "outputs", "max_length",
            "fixed_length", "do_lower_case", "keep_accents", "labels", "quantization", "target",
            "minimum_runtime", "sha256", "tolerance", "self_tests",
        )
        private val OPTIONAL = setOf("question_answering", "early_exit", "max_answer_length")

        /**
         * Reads the text of `albert.json`.
         *
         * @throws BundleException a newer format, an unknown or missing key, a
         * value of another type, or an output that is needed or tested and not
         * named.
         */
        fun parse(text: String): Manifest {
            val fields = Fields.of(Json.parse(text), "albert.json")
            val version = fields.orNull("format_version")
            if (version != FORMAT_VERSION.toDouble()) {
                throw BundleException(
                    "The file has bundle format ${(version as? Double)?.toInt() ?: version}; this app " +
                        "reads format $FORMAT_VERSION. Update the app, or export the model again.",
                )
            }
            fields.requireKeys(REQUIRED, OPTIONAL)
            return Manifest(fields.values)
        }
    }
}

/**
 * Of a model that stops once its layers agree.
 *
 * @property numLayers of the model.
 * @property patience how many depths in a row must agree, by default.
 */
public class EarlyExit private constructor(public val numLayers: Int, public val patience: Int) {
    internal companion object {
        fun of(value: Any): EarlyExit {
            val fields = Fields.of(value, "early_exit of albert.json")
            fields.requireKeys(setOf("num_layers", "patience"), emptySet())
            return EarlyExit(fields.int("num_layers"), fields.int("patience"))
        }
    }
}

/** A sentence that travels with the model, and what it must give. */
internal class SelfTest(fields: Fields) {
    init {
        fields.requireKeys(
            setOf("text", "token_ids", "outputs"), setOf("pair", "masked_positions", "indices"),
        )
    }

    val text: String = fields.string("text")
    val pair: String? = fields.orNull("pair")?.let { it as? String ?: fields.wrong("pair") }
    val tokenIds: List<Int> = fields.list("token_ids").map {
        (it as? Double ?: fields.wrong("token_ids")).toInt()
    }

    /** Values by our name of the output, nested lists laid flat. */
    val outputs: Map<String, FloatArray> =
        Fields.of(fields.orNull("outputs"), "outputs of a self-test").let { outputs ->
            outputs.values.mapValues { flat(it.value).toFloatArray() }
        }

    private fun flat(value: Any?): List<Float> = when {
        value is Double -> listOf(value.toFloat())
        value is List<*> && value.isNotEmpty() -> value.flatMap(::flat)
        else -> throw BundleException("albert.json: an output of a self-test is no number. Export the model again.")
    }
}
