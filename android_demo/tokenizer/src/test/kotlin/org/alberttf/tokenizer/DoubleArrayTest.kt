package org.alberttf.tokenizer

import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class DoubleArrayTest {
    private fun build(keys: Collection<List<Byte>>) = DoubleArrayBuilder(
        keys.map { it.toByteArray() }.toTypedArray(), IntArray(keys.size) { it },
    ).build()

    private fun random(size: Int, bytes: IntRange) = Random(size).run {
        List(size) { List(nextInt(1, 9)) { bytes.random(this).toByte() } }.distinct()
    }

    @Test
    fun `finds its keys, and only those`() {
        for (bytes in listOf(1..255, 97..99, 1..2)) {
            val keys = random(3_000, bytes)
            val trie = build(keys)
            val values = keys.withIndex().associate { it.value to it.index }
            for (key in keys + random(4_000, 0..255) + random(500, bytes)) {
                assertEquals(values[key] ?: -1, trie.find(key.toByteArray(), 0, key.size))
            }
        }
    }

    @Test
    fun `finds every prefix, the shortest first`() {
        val trie = build(listOf("a", "abc", "ab", "abd", "b").map { it.toByteArray().asList() })
        val found = ArrayList<Pair<Int, Int>>()
        trie.forEachPrefix("xabcd".toByteArray(), 1, 5) { end, value -> found += end to value }
        assertEquals(listOf(2 to 0, 3 to 2, 4 to 1), found)
        found.clear()
        trie.forEachPrefix("xabcd".toByteArray(), 1, 3) { end, value -> found += end to value }
        assertEquals(listOf(2 to 0, 3 to 2), found)
    }

    @Test
    fun `a null character leads nowhere`() {
        val trie = build(listOf("a".toByteArray().asList()))
        assertEquals(-1, trie.find(byteArrayOf(0), 0, 1))
        assertEquals(-1, trie.find(byteArrayOf('a'.code.toByte(), 0), 0, 2))
    }

    @Test
    fun `tells of single bytes`() {
        val trie = build(listOf("a", "ab", "bc", "d\u00e9").map { it.toByteArray().asList() })
        assertEquals(listOf(true, false, false), listOf('a', 'b', 'd').map { trie.hasKey(it.code) })
        assertTrue(trie.hasAsciiAfter('a'.code) && trie.hasAsciiAfter('b'.code))
        assertFalse(trie.hasAsciiAfter('d'.code) || trie.hasAsciiAfter('x'.code))
    }
}
