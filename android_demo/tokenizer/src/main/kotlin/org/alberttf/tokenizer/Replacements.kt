package org.alberttf.tokenizer

/**
 * Characters, and what each is replaced by.
 *
 * @param sources code points, ascending.
 * @param bounds where the replacement of each begins in [targets], and after
 * the last, where it ends.
 * @param targets code points.
 */
internal class Replacements(
    val sources: IntArray,
    private val bounds: IntArray,
    private val targets: IntArray,
) {
    /** Returns what replaces the source at [index]. */
    fun targets(index: Int): IntArray =
        targets.copyOfRange(bounds[index], bounds[index + 1])
}
