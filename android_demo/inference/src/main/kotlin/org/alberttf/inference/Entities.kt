package org.alberttf.inference

/** Joins tagged words to entities. */
internal object Entities {
    /**
     * Joins words labelled `B-X`, `I-X`, `I-X` to one entity `X`.
     *
     * An `I-X` that nothing of X precedes begins an entity, as in CoNLL's own
     * scorer.
     *
     * Source: conlleval.pl, `startOfChunk` and `endOfChunk`.
     */
    fun join(text: String, words: List<Tag>): List<Tag> {
        val entities = ArrayList<Tag>()
        var previous: String? = null
        for (word in words) {
            val prefix = word.label.substringBefore('-', missingDelimiterValue = "")
            val name = word.label.substringAfter('-')
            if (prefix != "B" && prefix != "I") {
                previous = null
                continue
            }
            if (prefix == "I" && previous == name) {
                val begun = entities.removeAt(entities.size - 1)
                entities.add(
                    begun.copy(
                        text = text.substring(begun.start, word.end), end = word.end,
                        probability = minOf(begun.probability, word.probability),
                    ),
                )
            } else {
                entities.add(word.copy(label = name))
            }
            previous = name
        }
        return entities
    }
}
