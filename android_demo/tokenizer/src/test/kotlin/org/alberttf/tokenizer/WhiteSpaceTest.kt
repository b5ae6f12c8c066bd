package org.alberttf.tokenizer

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class WhiteSpaceTest {
    /** `[c for c in range(0x110000) if chr(c).isspace()]`, in Python 3.11. */
    private val pythons = (0x9..0xD) + (0x1C..0x20) + listOf(0x85, 0xA0, 0x1680) + (0x2000..0x200A) +
        listOf(0x2028, 0x2029, 0x202F, 0x205F, 0x3000)

    @Test
    fun `every character is white space where Python's is`() {
        val ours = (0..Character.MAX_CODE_POINT).filter { WhiteSpace.isAllOf(String(Character.toChars(it))) }
        assertEquals(pythons, ours)
    }

    @Test
    fun `a text is blank where all of it is white space`() {
        val blank = pythons.joinToString("") { String(Character.toChars(it)) }
        assertTrue(WhiteSpace.isAllOf(""))
        assertTrue(WhiteSpace.isAllOf(blank))
        for (other in listOf("a", "\u200B", "\uFEFF", "\uD83D", "\uD83D\uDE00")) {
            assertFalse(WhiteSpace.isAllOf("$blank$other$blank"), other)
        }
    }
}
