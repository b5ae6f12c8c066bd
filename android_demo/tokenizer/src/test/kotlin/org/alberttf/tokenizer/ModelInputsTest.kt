package org.alberttf.tokenizer

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

internal class ModelInputsTest {
    private fun pack(first: IntArray, second: IntArray?, maxLength: Int) =
        ModelInputs.pack(first, second, clsId = 2, sepId = 3, maxLength = maxLength)

    @Test
    fun `what is kept equals the reference's loop`() {
        for (budget in 2 until 14) {
            for (first in 0 until 16) {
                for (second in 0 until 16) {
                    var a = first
                    var b = second
                    while (a + b > budget) if (a > b) a-- else b--
                    val packed = pack(IntArray(first), IntArray(second), budget + 3)
                    assertEquals(a to b, packed.numFirst to packed.numSecond)
                    assertEquals(a + b + 3, packed.size)
                }
            }
        }
    }

    @Test
    fun `one text`() {
        val packed = pack(intArrayOf(7, 8, 9), null, 4)
        assertEquals(listOf(2, 7, 8, 3), packed.tokenIds.asList())
        assertEquals(listOf(0, 0, 0, 0), packed.segmentIds.asList())
        assertEquals(listOf(1, 1, 1, 1), packed.paddingMask.asList())
        assertEquals(2 to 0, packed.numFirst to packed.numSecond)
    }

    @Test
    fun `two texts`() {
        val packed = pack(intArrayOf(7, 8, 9), intArrayOf(10, 11), 7)
        assertEquals(listOf(2, 7, 8, 3, 10, 11, 3), packed.tokenIds.asList())
        assertEquals(listOf(0, 0, 0, 0, 1, 1, 1), packed.segmentIds.asList())
    }

    @Test
    fun `empty texts`() {
        assertEquals(listOf(2, 3), pack(IntArray(0), null, 8).tokenIds.asList())
        val packed = pack(IntArray(0), IntArray(0), 8)
        assertEquals(listOf(2, 3, 3), packed.tokenIds.asList())
        assertEquals(listOf(0, 0, 1), packed.segmentIds.asList())
    }

    @Test
    fun `padding`() {
        val packed = pack(intArrayOf(9), null, 8).padTo(5, padId = 7)
        assertEquals(listOf(2, 9, 3, 7, 7), packed.tokenIds.asList())
        assertEquals(listOf(0, 0, 0, 0, 0), packed.segmentIds.asList())
        assertEquals(listOf(1, 1, 1, 0, 0), packed.paddingMask.asList())
        val error = assertThrows(IllegalArgumentException::class.java) { packed.padTo(4, 0) }
        assertEquals(
            "`length` must hold the sequence: it has 5 tokens. Received: " +
                "length=4. Pack with this maxLength.",
            error.message,
        )
    }

    @Test
    fun `no room`() {
        for ((second, least) in listOf(null to 3, intArrayOf(1) to 5)) {
            val error = assertThrows(IllegalArgumentException::class.java) {
                pack(intArrayOf(1), second, least - 1)
            }
            assertEquals(
                "`maxLength` must be at least $least: ${(least + 1) / 2} special " +
                    "tokens and one of each text. Received: ${least - 1}.",
                error.message,
            )
            pack(intArrayOf(1), second, least)
        }
    }
}
