package org.alberttf.inference

/**
 * A JSON object whose values have the types that are asked for.
 *
 * @property values by key.
 * @property where the object stands, for messages.
 */
internal class Fields(val values: Map<String, Any?>, private val where: String) {
    fun string(key: String): String = values[key] as? String ?: wrong(key)

    fun boolean(key: String): Boolean = values[key] as? Boolean ?: wrong(key)

    fun number(key: String): Double = values[key] as? Double ?: wrong(key)

    fun int(key: String): Int {
        val number = number(key)
        return if (number == number.toInt().toDouble()) number.toInt() else wrong(key)
    }

    fun list(key: String): List<Any?> = values[key] as? List<*> ?: wrong(key)

    fun strings(key: String): Map<String, String> =
        of(values[key], "$key of $where").let { inner -> inner.values.mapValues { inner.string(it.key) } }

    fun orNull(key: String): Any? = values[key]

    fun wrong(key: String): Nothing = throw BundleException(
        "$where: `$key` is missing or of another type. Received: ${values[key]}. Export the model again.",
    )

    fun requireKeys(required: Set<String>, optional: Set<String>) {
        val unknown = values.keys - required - optional
        val missing = required - values.keys
        if (unknown.isEmpty() && missing.isEmpty()) return
        throw BundleException(
            "$where has keys that this app does not know, or lacks some. Unknown: " +
                "${unknown.sorted().joinToString().ifEmpty { "none" }}; missing: " +
                "${missing.sorted().joinToString().ifEmpty { "none" }}. Update the app, or export " +
                "the model again.",
        )
    }

    companion object {
        fun of(value: Any?, where: String): Fields {
            val map = value as? Map<*, *>
                ?: throw BundleException("$where is no JSON object. Export the model again.")
            return Fields(map.entries.associate { it.key as String to it.value }, where)
        }
    }
}
