package org.alberttf.tokenizer

/**
 * White space, which a text needs more than.
 *
 * Characters are those of `str.isspace` in Python 3.11, on every phone; Kotlin's
 * `isBlank` leaves out U+0085.
 */
public object WhiteSpace {
    private val spaces by lazy { UnicodeTables().spaces }

    /** Returns whether a text holds nothing else, as an empty one does. */
    public fun isAllOf(text: String): Boolean = text.codePoints().allMatch { it in spaces }
}
