package org.alberttf.inference

import java.nio.ByteBuffer
import org.tensorflow.lite.DataType

/** What the bytes of a model's output say. */
internal object TensorValues {
    /**
     * Returns the numbers that a tensor's values stand for.
     *
     * @param bytes the tensor's, in the order that the buffer names.
     * @param type INT8, INT16, INT32 or FLOAT32.
     * @param scale of quantized values; 0 where they stand for themselves.
     * @param zeroPoint the quantized value of 0.
     *
     * Source: `albert_tf/edge/session.py`, `_as_float`; docs/bundle.md.
     */
    fun of(bytes: ByteBuffer, type: DataType, scale: Float, zeroPoint: Int): FloatArray {
        val values = floats(bytes, type)
        return if (scale == 0f) values else FloatArray(values.size) { scale * (values[it] - zeroPoint) }
    }

    private fun floats(bytes: ByteBuffer, type: DataType): FloatArray = when (type) {
        DataType.INT8 -> FloatArray(bytes.remaining()) { bytes.get(it).toFloat() }
        DataType.INT16 -> bytes.asShortBuffer().let { shorts ->
            FloatArray(shorts.remaining()) { shorts.get(it).toFloat() }
        }
        DataType.INT32 -> bytes.asIntBuffer().let { integers ->
            FloatArray(integers.remaining()) { integers.get(it).toFloat() }
        }
        else -> bytes.asFloatBuffer().let { floats ->
            FloatArray(floats.remaining()).also { floats.get(it) }
        }
    }
}
