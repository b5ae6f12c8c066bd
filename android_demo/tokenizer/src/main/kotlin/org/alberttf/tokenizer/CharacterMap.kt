package org.alberttf.tokenizer

/**
 * What ALBERT's normalization makes of each character.
 *
 * Decomposition, removal of marks and lower-casing are one look-up. That is
 * right because each goes character by character: NFKD reorders only
 * characters of non-zero combining class, all of which are dropped, and
 * `str.lower` looks at the neighbours of the capital sigma alone, which stays
 * here and is settled afterwards.
 *
 * The code points are in pages of 128, the empty page being shared, so that
 * the table holds some 22,000 entries in place of 1,114,112.
 *
 * Hangul syllables are left out: they decompose by arithmetic.
 *
 * @param tables properties of characters.
 * @param doLowerCase whether upper case becomes lower case.
 * @param keepAccents whether decomposition and removal of marks are left out.
 */
internal class CharacterMap(
    tables: UnicodeTables,
    doLowerCase: Boolean,
    keepAccents: Boolean,
) {
    private val pageOf = ShortArray(PAGE_COUNT)
    private var entries = IntArray(PAGE_SIZE)
    private var expanded = IntArray(1)
    private var expandedSize = 1

    init {
        if (doLowerCase) {
            put(DOTTED_CAPITAL_I, intArrayOf('i'.code, COMBINING_DOT_ABOVE))
            putAll(tables.lowered)
        }
        if (!keepAccents) {
            putAll(tables.decomposed)
            tables.dropped.forEach { put(it, IntArray(0)) }
        }
        expanded = expanded.copyOf(expandedSize)
    }

    /**
     * Returns 0 for a character that stays; a code point that replaces it; or,
     * negative, where [expansionSize] and [expansion] find what does.
     */
    operator fun get(codePoint: Int): Int {
        val page = pageOf[codePoint ushr PAGE_BITS].toInt()
        return entries[(page shl PAGE_BITS) or (codePoint and PAGE_MASK)]
    }

    /** Returns how many characters stand for a negative [entry]. */
    fun expansionSize(entry: Int): Int = expanded[-entry]

    /** Returns the code point at [index] of what a negative [entry] becomes. */
    fun expansion(entry: Int, index: Int): Int = expanded[-entry + 1 + index]

    /**
     * What lowering or decomposition yields is itself looked up in what is
     * there by then. That lowers what decomposition yields, and nothing else:
     * nothing yields a character that the same step would change again.
     */
    private fun putAll(replacements: Replacements) {
        for (index in replacements.sources.indices) {
            val targets = replacements.targets(index)
            for (place in targets.indices) targets[place] = replaced(targets[place])
            put(replacements.sources[index], targets)
        }
    }

    private fun put(source: Int, targets: IntArray) {
        val index = (writablePage(source) shl PAGE_BITS) or (source and PAGE_MASK)
        entries[index] = if (targets.size == 1) targets[0] else expand(targets)
    }

    private fun replaced(codePoint: Int): Int {
        val entry = get(codePoint)
        return if (entry > 0) entry else codePoint
    }

    private fun writablePage(codePoint: Int): Int {
        val index = codePoint ushr PAGE_BITS
        if (pageOf[index].toInt() == 0) {
            pageOf[index] = (entries.size / PAGE_SIZE).toShort()
            entries = entries.copyOf(entries.size + PAGE_SIZE)
        }
        return pageOf[index].toInt()
    }

    private fun expand(targets: IntArray): Int {
        val index = expandedSize
        expandedSize += 1 + targets.size
        if (expandedSize > expanded.size) {
            expanded = expanded.copyOf(2 * expandedSize)
        }
        expanded[index] = targets.size
        targets.copyInto(expanded, index + 1)
        return -index
    }

    private companion object {
        const val PAGE_BITS = 7
        const val PAGE_SIZE = 1 shl PAGE_BITS
        const val PAGE_MASK = PAGE_SIZE - 1
        const val PAGE_COUNT = 0x110000 shr PAGE_BITS
        const val DOTTED_CAPITAL_I = 0x130
        const val COMBINING_DOT_ABOVE = 0x307
    }
}
