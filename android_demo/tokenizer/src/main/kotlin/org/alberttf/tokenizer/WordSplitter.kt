package org.alberttf.tokenizer

/**
 * Finds the words of a plain text, punctuation apart.
 *
 * Punctuation inside a word stays, around it stands alone: `U.S.-based`, then
 * `.`. Letters are those of Unicode 14.0, as in Python, on every phone.
 *
 * Source: `albert_tf/text/words.py`, `\w+(?:[^\w\s]+\w+)*|[^\w\s]`.
 */
public class WordSplitter {
    private val letters: CodePointRanges
    private val spaces: CodePointRanges

    init {
        val tables = UnicodeTables()
        letters = tables.letters
        spaces = tables.spaces
    }

    /** Returns where the words are, in UTF-16 units. */
    public fun split(text: String): List<Span> {
        val words = ArrayList<Span>()
        var at = 0
        while (at < text.length) {
            val end = if (isLetter(text, at)) wordEnd(text, at) else next(text, at)
            if (!isSpace(text, at)) words.add(Span(at, end))
            at = end
        }
        return words
    }

    private fun wordEnd(text: String, begin: Int): Int {
        var end = skip(text, begin, ::isLetter)
        while (true) {
            val behind = skip(text, end) { whole, at -> !isLetter(whole, at) && !isSpace(whole, at) }
            if (behind == end || behind == text.length || !isLetter(text, behind)) return end
            end = skip(text, behind, ::isLetter)
        }
    }

    private inline fun skip(text: String, begin: Int, isWanted: (String, Int) -> Boolean): Int {
        var at = begin
        while (at < text.length && isWanted(text, at)) at = next(text, at)
        return at
    }

    private fun next(text: String, at: Int) = at + Character.charCount(text.codePointAt(at))

    private fun isLetter(text: String, at: Int) = text.codePointAt(at) in letters

    private fun isSpace(text: String, at: Int) = text.codePointAt(at) in spaces
}
