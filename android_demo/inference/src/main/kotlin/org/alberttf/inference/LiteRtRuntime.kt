package org.alberttf.inference

import java.nio.ByteBuffer
import java.nio.ByteOrder
import org.tensorflow.lite.Interpreter
import org.tensorflow.lite.TensorFlowLite

/** LiteRT (TensorFlow Lite) on Android, with XNNPACK as it comes. */
public class LiteRtRuntime : ModelRuntime {
    override val name: String get() = "LiteRT ${TensorFlowLite.runtimeVersion()}"

    override fun open(model: ByteBuffer, signature: String, numThreads: Int): OpenModel {
        val interpreter = guarded {
            Interpreter(model, Interpreter.Options().setNumThreads(numThreads))
        }
        if (signature !in interpreter.signatureKeys) {
            interpreter.close()
            throw BundleException("The model lacks the signature $signature. Export it again.")
        }
        return LiteRtModel(interpreter, signature)
    }
}

private class LiteRtModel(
    private val interpreter: Interpreter,
    private val signature: String,
) : OpenModel {
    override fun run(
        inputs: Map<String, IntArray>,
        settings: Map<String, Int>,
        outputs: Collection<String>,
    ): Map<String, FloatArray> = guarded {
        // Rows of one: the interpreter takes the new length from the array.
        val given = HashMap<String, Any>(settings)
        inputs.forEach { (name, row) -> given[name] = arrayOf(row) }
        // No outputs asked for: their sizes are known only after the run.
        interpreter.runSignature(given, HashMap(), signature)
        outputs.associateWith(::values)
    }

    private fun values(name: String): FloatArray {
        val tensor = interpreter.getOutputTensorFromSignature(name, signature)
        val buffer = tensor.asReadOnlyBuffer().order(ByteOrder.nativeOrder())
        val quantization = tensor.quantizationParams()
        return TensorValues.of(buffer, tensor.dataType(), quantization.scale, quantization.zeroPoint)
    }

    override fun close() = interpreter.close()
}

/** The interpreter's own complaints, as an error that is shown. */
private inline fun <T> guarded(work: () -> T): T = try {
    work()
} catch (error: IllegalArgumentException) {
    throw refused(error)
} catch (error: IllegalStateException) {
    throw refused(error)
}

private fun refused(error: RuntimeException): BundleException {
    val reason = error.message.orEmpty().lineSequence().first()
    val mend = if ("Didn't find op" in error.message.orEmpty()) {
        "This app's LiteRT is too old for it. Update the app, or export with `--target tflite-runtime`."
    } else {
        "Copy or export it again."
    }
    return BundleException("LiteRT refuses the model: $reason $mend", error)
}
