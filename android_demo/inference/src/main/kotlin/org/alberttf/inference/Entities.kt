package org.alberttf.inference

/** Joins tagged words to entities. */
internal object Entities {
    private const val OUTSIDE = "O"

    /**
     * Returns the entities, each as sure as its least sure word.
     *
     * As conlleval reads tags, so that BIO, IO and tags that no scheme allows
     * all have a meaning: an entity begins at `B-`, and at `I-` after a tag of
     * another kind or after `O`; it ends where the kind does. A tag without a
     * prefix, other than `O`, counts as `I-`. A word without a tag, null, is
     * of no entity.
     *
     * Source: `albert_tf/text/entities.py`; conlleval.pl of the CoNLL-2000
     * task.
     */
    fun join(text: String, words: List<Tag?>): List<Tag> {
        val entities = ArrayList<Tag>()
        var openKind: String? = null
        for (word in words) {
            if (word == null) {
                openKind = null
                continue
            }
            val hasPrefix = word.label.startsWith("B-") || word.label.startsWith("I-")
            val kind = if (hasPrefix) word.label.substring(2) else word.label.takeIf { it != OUTSIDE }
            if (kind != null && kind == openKind && !word.label.startsWith("B-")) {
                val begun = entities.removeAt(entities.size - 1)
                val probability = minOf(begun.probability, word.probability)
                entities.add(Tag(text.substring(begun.start, word.end), begun.start, word.end, kind, probability))
            } else if (kind != null) {
                entities.add(word.copy(label = kind))
            }
            openKind = kind
        }
        return entities
    }
}
