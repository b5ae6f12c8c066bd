package org.alberttf.inference

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

internal class JsonTest {
    @Test
    fun `what JSON is`() {
        assertEquals(
            mapOf("a" to listOf(1.0, -0.5, 2e3, true, false, null), "b" to "é\n\"\u20ac", "c" to emptyMap<String, Any>()),
            Json.parse(""" {"a": [1, -0.5, 2E3, true, false, null], "b": "é\n\"\u20ac", "c": {}} """),
        )
    }

    @Test
    fun `what it is not`() {
        for (text in listOf("", "{", "[1,]", "{a: 1}", "'a'", "01", "1 2", "nul", "[NaN]", "\"\t\"", "{\"a\":1,\"a\":1}", "\"\\u12", "[".repeat(100))) {
            assertThrows(BundleException::class.java, { Json.parse(text) }, text)
        }
    }
}
