package org.alberttf.inference

import java.nio.ByteBuffer
import java.nio.ByteOrder
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Test
import org.tensorflow.lite.DataType

/** `scale * (value - zero_point)`, as docs/bundle.md says. */
internal class TensorValuesTest {
    private val bytes = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder())

    @Test
    fun `int8 has a zero point`() {
        byteArrayOf(-128, 0, 3, 127).forEachIndexed { index, value -> bytes.put(index, value) }
        bytes.limit(4)
        holds(DataType.INT8, 0.5f, 3, -65.5f, -1.5f, 0f, 62f)
    }

    @Test
    fun `int16 of two bytes each`() {
        shortArrayOf(-32768, 0, 300, 32767).forEachIndexed { index, value -> bytes.putShort(2 * index, value) }
        bytes.limit(8)
        holds(DataType.INT16, 0.25f, 0, -8192f, 0f, 75f, 8191.75f)
    }

    @Test
    fun `values without a scale stand for themselves`() {
        intArrayOf(-1, 0, 70_000).forEachIndexed { index, value -> bytes.putInt(4 * index, value) }
        holds(DataType.INT32, 0f, 0, -1f, 0f, 70_000f)
        floatArrayOf(-1.5f, 0f, 1e-9f).forEachIndexed { index, value -> bytes.putFloat(4 * index, value) }
        holds(DataType.FLOAT32, 0f, 0, -1.5f, 0f, 1e-9f)
        bytes.put(0, -7).limit(1)
        holds(DataType.INT8, 0f, 0, -7f)
    }

    private fun holds(type: DataType, scale: Float, zeroPoint: Int, vararg wanted: Float) =
        assertArrayEquals(wanted, TensorValues.of(bytes, type, scale, zeroPoint))
}
