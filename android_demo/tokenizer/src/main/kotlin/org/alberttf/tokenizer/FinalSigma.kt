package org.alberttf.tokenizer

/**
 * Lowers capital sigmas, the one letter whose lower case depends on others.
 *
 * At the end of a word it becomes ς: after a cased letter and before none,
 * looking past what is case-ignorable. Anywhere else it becomes σ. The letters
 * around are lowered already, which changes the class of none of them
 * (`unicode/make_unicode_data.py` checks that).
 *
 * Source: Python's unicodeobject.c `handle_capital_sigma`.
 */
internal class FinalSigma(tables: UnicodeTables) {
    private val cased = tables.cased
    private val caseIgnorable = tables.caseIgnorable

    /** Lowers each capital sigma of [text] in its place: both have 2 bytes. */
    fun settle(text: AlignedText) {
        for (at in 0 until text.size - 1) {
            if (isCapitalSigma(text.bytes, at)) {
                val isFinal = isCasedBefore(text, at) && !isCasedAfter(text, at + 2)
                text.set(at, SMALL_LEAD)
                text.set(at + 1, if (isFinal) SMALL_FINAL else SMALL)
            }
        }
    }

    private fun isCapitalSigma(bytes: ByteArray, at: Int): Boolean =
        bytes[at] == LEAD.toByte() && bytes[at + 1] == CAPITAL.toByte()

    private fun isCasedBefore(text: AlignedText, end: Int): Boolean {
        var at = end
        while (at > 0) {
            at = Utf8.startBefore(text.bytes, at)
            val codePoint = Utf8.codePointAt(text.bytes, at)
            if (codePoint !in caseIgnorable) {
                return codePoint in cased
            }
        }
        return false
    }

    private fun isCasedAfter(text: AlignedText, begin: Int): Boolean {
        var at = begin
        while (at < text.size) {
            val codePoint = Utf8.codePointAt(text.bytes, at)
            if (codePoint !in caseIgnorable) {
                return codePoint in cased
            }
            at += Utf8.length(text.bytes[at])
        }
        return false
    }

    private companion object {
        // The two bytes, in UTF-8, of Σ, ς and σ.
        const val LEAD = 0xCE
        const val CAPITAL = 0xA3
        const val SMALL_LEAD = 0xCF
        const val SMALL_FINAL = 0x82
        const val SMALL = 0x83
    }
}
