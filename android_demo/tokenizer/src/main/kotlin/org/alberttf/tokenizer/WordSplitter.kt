package org.alberttf.tokenizer

/**
 * Finds the words of a plain text, punctuation apart.
 *
 * Punctuation inside a word stays, around it stands alone: `U.S.-based`, then
 * `.`. A mark belongs to what it follows. Letters are those of Unicode 14.0, as
 * in Python, on every phone.
 *
 * Source: `albert_tf/text/words.py`.
 */
public class WordSplitter {
    private val letters: CodePointRanges
    private val marks: CodePointRanges
    private val spaces: CodePointRanges

    init {
        val tables = UnicodeTables()
        letters = tables.letters
        marks = tables.marks
        spaces = tables.spaces
    }

    /** Returns where the words are, in UTF-16 units. */
    public fun split(text: String): List<Span> {
        val words = ArrayList<Span>()
        var at = 0
        while (at < text.length) {
            at = when {
                isSpace(text, at) -> next(text, at)
                isLetter(text, at) -> wordEnd(text, at).also { words.add(Span(at, it)) }
                else -> skip(text, next(text, at), ::isMark).also { words.add(Span(at, it)) }
            }
        }
        return words
    }

    private fun wordEnd(text: String, begin: Int): Int {
        var end = skip(text, begin, ::isLetterOrMark)
        while (true) {
            val behind = skip(text, end) { whole, at -> !isLetter(whole, at) && !isSpace(whole, at) }
            if (behind == end || behind == text.length || !isLetter(text, behind)) return end
            end = skip(text, behind, ::isLetterOrMark)
        }
    }

    private inline fun skip(text: String, begin: Int, isWanted: (String, Int) -> Boolean): Int {
        var at = begin
        while (at < text.length && isWanted(text, at)) at = next(text, at)
        return at
    }

    private fun next(text: String, at: Int) = at + Character.charCount(text.codePointAt(at))

    private fun isLetter(text: String, at: Int) = text.codePointAt(at) in letters

    private fun isMark(text: String, at: Int) = text.codePointAt(at) in marks

    private fun isLetterOrMark(text: String, at: Int) = isLetter(text, at) || isMark(text, at)

    private fun isSpace(text: String, at: Int) = text.codePointAt(at) in spaces
}
