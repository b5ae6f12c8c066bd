package org.alberttf.tokenizer

/**
 * Cleans text as ALBERT's was before SentencePiece saw it.
 *
 * 1. White space is collapsed to single spaces, as `" ".join(text.split())`.
 * 2. Characters are decomposed (NFKD) and combining marks dropped.
 * 3. Upper case is lowered.
 *
 * A lone surrogate becomes U+FFFD, since it has no UTF-8 form.
 *
 * @param tables properties of characters.
 * @param doLowerCase false leaves out step 3.
 * @param keepAccents true leaves out step 2.
 *
 * Source: google-research/albert tokenization.py `preprocess_text`. Differs:
 * `keepAccents`, which Hugging Face added.
 */
internal class AlbertNormalizer(
    tables: UnicodeTables,
    private val doLowerCase: Boolean,
    private val keepAccents: Boolean,
) {
    private val map = CharacterMap(tables, doLowerCase, keepAccents)
    private val spaces = tables.spaces
    private val finalSigma = FinalSigma(tables)

    /** What each ASCII character becomes; negative for white space. */
    private val ascii = ByteArray(0x80) { code ->
        if (code in spaces) SPACE else replaced(code).toByte()
    }

    /**
     * Returns [text] cleaned, each byte with the UTF-16 range of [text] that
     * it stands for. A dropped mark is counted to the character it stood on.
     */
    fun normalize(text: String, isAligned: Boolean): AlignedText {
        val pass = Pass(text, AlignedText(text.length + 8, isAligned))
        var at = 0
        while (at < text.length) {
            val char = text[at].code
            if (char < 0x80) pass.appendAscii(char, at++) else at = pass.append(at)
        }
        if (pass.hasCapitalSigma && doLowerCase) finalSigma.settle(pass.output)
        return pass.output
    }

    private fun replaced(codePoint: Int): Int =
        map[codePoint].let { if (it == 0) codePoint else it }

    /** One text on its way. */
    private inner class Pass(val text: String, val output: AlignedText) {
        var hasCapitalSigma = false
        private var isInWord = false
        private var hasWords = false

        fun appendAscii(char: Int, at: Int) {
            val replacement = ascii[char].toInt()
            if (replacement < 0) {
                isInWord = false
            } else {
                if (!isInWord) beginWord(at)
                output.append(replacement, at, at + 1)
            }
        }

        /** Appends the character at [at] and returns where the next begins. */
        fun append(at: Int): Int {
            val codePoint = text.codePointAt(at)
            val end = at + Character.charCount(codePoint)
            if (codePoint in spaces) {
                isInWord = false
                return end
            }
            if (!isInWord) beginWord(at)
            when (codePoint) {
                in SURROGATES -> put(REPLACEMENT_CHARACTER, at, end)
                in HANGUL_SYLLABLES -> putSyllable(codePoint, at, end)
                else -> putReplaced(codePoint, at, end)
            }
            return end
        }

        private fun beginWord(at: Int) {
            isInWord = true
            if (hasWords) {
                val size = output.size
                val start = if (output.isAligned && size > 0) output.ends[size - 1] else 0
                output.append(' '.code, start, at)
            }
            hasWords = true
        }

        private fun putReplaced(codePoint: Int, at: Int, end: Int) {
            val entry = map[codePoint]
            if (entry >= 0) {
                put(if (entry == 0) codePoint else entry, at, end)
                return
            }
            val size = map.expansionSize(entry)
            if (size == 0) output.extendLast(end)
            for (index in 0 until size) put(map.expansion(entry, index), at, end)
        }

        /** Decomposes a syllable into its two or three letters. */
        private fun putSyllable(codePoint: Int, at: Int, end: Int) {
            if (keepAccents) return put(codePoint, at, end)
            val index = codePoint - HANGUL_SYLLABLES.first
            val trail = index % NUM_TRAILS
            put(FIRST_LEAD + index / (NUM_VOWELS * NUM_TRAILS), at, end)
            put(FIRST_VOWEL + index / NUM_TRAILS % NUM_VOWELS, at, end)
            if (trail > 0) put(FIRST_TRAIL + trail, at, end)
        }

        private fun put(codePoint: Int, at: Int, end: Int) {
            hasCapitalSigma = hasCapitalSigma || codePoint == CAPITAL_SIGMA
            output.appendCodePoint(codePoint, at, end)
        }
    }

    private companion object {
        const val SPACE: Byte = -1
        const val CAPITAL_SIGMA = 0x3A3
        const val REPLACEMENT_CHARACTER = 0xFFFD
        val SURROGATES = 0xD800..0xDFFF

        // Unicode Standard section 3.12, "Hangul Syllable Decomposition". The
        // first trail stands for none.
        val HANGUL_SYLLABLES = 0xAC00..0xD7A3
        const val FIRST_LEAD = 0x1100
        const val FIRST_VOWEL = 0x1161
        const val FIRST_TRAIL = 0x11A7
        const val NUM_VOWELS = 21
        const val NUM_TRAILS = 28
    }
}
