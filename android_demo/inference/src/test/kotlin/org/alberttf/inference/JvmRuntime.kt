package org.alberttf.inference

import java.nio.ByteBuffer
import org.bytedeco.javacpp.FloatPointer
import org.bytedeco.javacpp.IntPointer
import org.bytedeco.javacpp.Pointer
import org.bytedeco.tensorflowlite.TfLiteInterpreter
import org.bytedeco.tensorflowlite.TfLiteModel
import org.bytedeco.tensorflowlite.TfLiteSignatureRunner
import org.bytedeco.tensorflowlite.global.tensorflowlite as c

/** TFLite through its C interface, on the machine that runs the tests. */
internal object JvmRuntime : ModelRuntime {
    override val name: String get() = "TFLite ${c.TfLiteVersion().string}"

    override fun open(model: ByteBuffer, signature: String, numThreads: Int): OpenModel {
        val bytes = Pointer(model)
        val parsed: TfLiteModel = c.TfLiteModelCreate(bytes, model.limit().toLong())
            ?: throw BundleException("The runtime refuses the model.")
        val options = c.TfLiteInterpreterOptionsCreate()
        c.TfLiteInterpreterOptionsSetNumThreads(options, numThreads)
        val interpreter = c.TfLiteInterpreterCreate(parsed, options)
            ?: throw BundleException("The runtime refuses the model.")
        val runner = c.TfLiteInterpreterGetSignatureRunner(interpreter, signature)
            ?: throw BundleException("The model lacks the signature $signature.")
        return JvmModel(parsed, interpreter, runner, model)
    }
}

/** Keeps [bytes], which the model points into. */
private class JvmModel(
    private val model: TfLiteModel,
    private val interpreter: TfLiteInterpreter,
    private val runner: TfLiteSignatureRunner,
    @Suppress("unused") private val bytes: ByteBuffer,
) : OpenModel {
    override fun run(
        inputs: Map<String, IntArray>,
        settings: Map<String, Int>,
        outputs: Collection<String>,
    ): Map<String, FloatArray> {
        inputs.forEach { (name, row) ->
            check(c.TfLiteSignatureRunnerResizeInputTensor(runner, name, intArrayOf(1, row.size), 2) == 0)
        }
        check(c.TfLiteSignatureRunnerAllocateTensors(runner) == 0)
        val values = inputs + settings.mapValues { intArrayOf(it.value) }
        values.forEach { (name, row) ->
            val tensor = c.TfLiteSignatureRunnerGetInputTensor(runner, name)
            IntPointer(*row).use { check(c.TfLiteTensorCopyFromBuffer(tensor, it, 4L * row.size) == 0) }
        }
        check(c.TfLiteSignatureRunnerInvoke(runner) == 0)
        return outputs.associateWith(::output)
    }

    private fun output(name: String): FloatArray {
        val tensor = c.TfLiteSignatureRunnerGetOutputTensor(runner, name)
        val values = FloatArray((c.TfLiteTensorByteSize(tensor) / 4).toInt())
        if (c.TfLiteTensorType(tensor) == c.kTfLiteInt32) {
            val integers = IntPointer(c.TfLiteTensorData(tensor))
            return FloatArray(values.size) { integers.get(it.toLong()).toFloat() }
        }
        FloatPointer(c.TfLiteTensorData(tensor)).get(values)
        return values
    }

    override fun close() {
        c.TfLiteSignatureRunnerDelete(runner)
        c.TfLiteInterpreterDelete(interpreter)
        c.TfLiteModelDelete(model)
    }
}
