package org.alberttf.tokenizer

/**
 * A set of characters.
 *
 * @param bounds begin and end of each half-open range, ascending.
 */
internal class CodePointRanges(val bounds: IntArray) {
    operator fun contains(codePoint: Int): Boolean {
        val found = bounds.binarySearch(codePoint)
        // Bounds alternate between the begin and the end of a range: inside is
        // whoever has an odd number of bounds at or before himself.
        val numBefore = if (found >= 0) found + 1 else -(found + 1)
        return numBefore % 2 == 1
    }

    /** Calls [action] with every member, ascending. */
    inline fun forEach(action: (codePoint: Int) -> Unit) {
        for (index in bounds.indices step 2) {
            for (codePoint in bounds[index] until bounds[index + 1]) {
                action(codePoint)
            }
        }
    }
}
