package org.alberttf.inference

/** A row of a golden file; `golden/make_golden.py` tells of the fields. */
internal class Golden(private val row: Map<*, *>) {
    fun text(key: String): String = row[key] as String

    fun textOrNull(key: String): String? = row[key] as String?

    fun int(key: String): Int = number(key).toInt()

    fun intOrNull(key: String): Int? = (row[key] as Double?)?.toInt()

    fun number(key: String): Double = row[key] as Double

    fun numberOrNull(key: String): Double? = row[key] as Double?

    fun boolean(key: String): Boolean = row[key] as Boolean

    fun numbers(key: String): List<Double> = (row[key] as List<*>).map { it as Double }

    fun texts(key: String): List<String> = (row[key] as List<*>).map { it as String }

    fun lists(key: String): List<List<*>> = (row[key] as List<*>).map { it as List<*> }

    fun listOrNull(key: String): List<*>? = row[key] as List<*>?

    companion object {
        fun read(file: java.io.File): List<Golden> =
            (Json.parse(file.readText()) as List<*>).map { Golden(it as Map<*, *>) }

        /** Characters as Python counts them, of a place in UTF-16 units. */
        fun codePoints(text: String, place: Int): Int = text.codePointCount(0, place)
    }
}
