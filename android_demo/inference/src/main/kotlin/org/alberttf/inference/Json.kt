package org.alberttf.inference

/**
 * Reads JSON to maps, lists, strings, doubles, booleans and nulls.
 *
 * Stricter than Android's `org.json`, which takes comments, unquoted keys and
 * the last of two equal keys; and the same on every Java virtual machine.
 *
 * Source: RFC 8259.
 */
internal class Json private constructor(private val text: String) {
    private var at = 0

    private fun value(depth: Int): Any? {
        if (depth > MAX_DEPTH) fail("nested deeper than $MAX_DEPTH")
        skipSpace()
        return when (peek()) {
            '{' -> members(depth)
            '[' -> elements(depth)
            '"' -> string()
            't' -> word("true", true)
            'f' -> word("false", false)
            'n' -> word("null", null)
            else -> number()
        }
    }

    private fun members(depth: Int): Map<String, Any?> {
        val members = LinkedHashMap<String, Any?>()
        separated('}') {
            skipSpace()
            val key = string()
            skipSpace()
            expect(':')
            if (key in members) fail("the key $key twice")
            members[key] = value(depth + 1)
        }
        return members
    }

    private fun elements(depth: Int): List<Any?> {
        val elements = ArrayList<Any?>()
        separated(']') { elements.add(value(depth + 1)) }
        return elements
    }

    private inline fun separated(end: Char, element: () -> Unit) {
        at++
        skipSpace()
        if (peek() == end) {
            at++
            return
        }
        while (true) {
            element()
            skipSpace()
            if (peek() == end) {
                at++
                return
            }
            expect(',')
        }
    }

    private fun string(): String {
        expect('"')
        val made = StringBuilder()
        while (true) {
            val next = peek()
            at++
            when {
                next == '"' -> return made.toString()
                next == '\\' -> made.append(escaped())
                next < ' ' -> fail("a control character")
                else -> made.append(next)
            }
        }
    }

    private fun escaped(): Char {
        val name = peek()
        at++
        if (name == 'u') {
            val digits = text.substring(at, minOf(at + 4, text.length))
            if (!HEX.matches(digits)) fail("\\u$digits")
            at += 4
            return digits.toInt(16).toChar()
        }
        val index = ESCAPES.indexOf(name)
        if (index < 0) fail("\\$name")
        return ESCAPED[index]
    }

    private fun number(): Double {
        val begin = at
        while (at < text.length && (text[at].isLetterOrDigit() || text[at] in "+-.")) at++
        val digits = text.substring(begin, at)
        if (!NUMBER.matches(digits)) fail(digits.ifEmpty { text.substring(at, at + 1) })
        return digits.toDouble()
    }

    private fun word(word: String, value: Any?): Any? {
        if (!text.startsWith(word, at)) fail(text.substring(at, minOf(at + 8, text.length)))
        at += word.length
        return value
    }

    private fun expect(wanted: Char) {
        if (peek() != wanted) fail("'${text[at]}' in place of '$wanted'")
        at++
    }

    private fun peek(): Char = if (at < text.length) text[at] else fail("the end")

    private fun skipSpace() {
        while (at < text.length && text[at] in " \t\r\n") at++
    }

    private fun fail(what: String): Nothing =
        throw BundleException("albert.json is not JSON: $what at character $at. Export the model again.")

    companion object {
        private const val MAX_DEPTH = 64
        private const val ESCAPES = "\"\\/bfnrt"
        private const val ESCAPED = "\"\\/\b\u000c\n\r\t"
        private val HEX = Regex("[0-9a-fA-F]{4}")
        private val NUMBER = Regex("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?")

        /**
         * Returns the value of a text.
         *
         * @throws BundleException it is not JSON, or a key occurs twice.
         */
        fun parse(text: String): Any? {
            val reader = Json(text)
            val value = reader.value(0)
            reader.skipSpace()
            if (reader.at < text.length) reader.fail("'${text[reader.at]}' behind the value")
            return value
        }
    }
}
