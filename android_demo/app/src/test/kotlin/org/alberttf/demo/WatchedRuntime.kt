package org.alberttf.demo

import java.nio.ByteBuffer
import org.alberttf.inference.JvmRuntime
import org.alberttf.inference.ModelRuntime
import org.alberttf.inference.OpenModel as RunningModel

/** Calls [onRun] before each run of a model. */
internal class WatchedRuntime : ModelRuntime by JvmRuntime {
    @Volatile
    var onRun: () -> Unit = {}

    override fun open(model: ByteBuffer, signature: String, numThreads: Int): RunningModel {
        val opened = JvmRuntime.open(model, signature, numThreads)
        return object : RunningModel by opened {
            override fun run(
                inputs: Map<String, IntArray>,
                settings: Map<String, Int>,
                outputs: Collection<String>,
            ): Map<String, FloatArray> {
                onRun()
                return opened.run(inputs, settings, outputs)
            }
        }
    }
}
