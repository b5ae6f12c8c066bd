package org.alberttf.tokenizer

/**
 * Whether a text is blank, as `str.isspace` of Python 3.11 has it.
 *
 * The same on every phone; Kotlin's `isBlank` leaves out U+0085.
 */
public object WhiteSpace {
    private val spaces by lazy { UnicodeTables().spaces }

    /** Returns whether a text holds nothing else, as an empty one does. */
    public fun isAllOf(text: String): Boolean = text.codePoints().allMatch { it in spaces }
}
