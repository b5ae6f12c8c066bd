package org.alberttf.tokenizer

/**
 * The normalizer that a SentencePiece model carries: its own table of rules,
 * longest match first, and what becomes of white space.
 *
 * @param spec the model's switches.
 * @param symbols the user-defined symbols, which no rule changes; null without.
 *
 * Source: sentencepiece 0.2.3 normalizer.cc `Normalize`, `NormalizePrefix`.
 */
internal class SentencePieceNormalizer(
    private val spec: SentencePieceModel.NormalizerSpec,
    private val symbols: DoubleArray?,
) {
    private val charsMap = spec.charsMap
    private val isPlain = BooleanArray(0x80) { isUnchangedBeforeAscii(it) }

    /** Normalized text, and where the source ends that it stands for. */
    class Result(val text: AlignedText, val end: Int)

    /** Returns [source] normalized; origins are bytes of [source]. */
    fun normalize(source: AlignedText, isAligned: Boolean): Result {
        val pass = Pass(source, AlignedText(source.size * 3 / 2 + 16, isAligned))
        pass.run()
        return Result(pass.output, pass.consumed)
    }

    /**
     * Tells which characters stay what they are wherever an ASCII character,
     * or nothing, follows: nearly all of an English text, one step each.
     *
     * A user-defined symbol that is this one character stays as such. Without
     * one, no rule is this one character. And nothing longer can match, since
     * it would have to go on with the ASCII character that follows.
     */
    private fun isUnchangedBeforeAscii(byte: Int): Boolean {
        if (symbols?.hasAsciiAfter(byte) == true) return false
        if (symbols?.hasKey(byte) == true) return true
        val rules = charsMap?.rules ?: return true
        return !rules.hasKey(byte) && !rules.hasAsciiAfter(byte)
    }

    /** One text on its way. */
    private inner class Pass(source: AlignedText, val output: AlignedText) {
        /** How much of the source the output so far stands for, in bytes. */
        var consumed = 0
        private val bytes = source.bytes
        private val size = source.size
        private var isAfterSpace = spec.removeExtraWhitespaces

        // The prefix that was looked at last: its length, and what it becomes.
        private var prefixLength = 0
        private var replacement = bytes
        private var begin = 0
        private var end = 0

        fun run() {
            if (spec.removeExtraWhitespaces) skipSpaces()
            if (consumed == size) return
            if (spec.addDummyPrefix && !spec.isWhitespaceSuffix) appendSpace()
            while (consumed < size) {
                if (isPlainAt(consumed)) appendPlain() else appendPrefix()
            }
            if (spec.removeExtraWhitespaces) dropTrailingSpaces()
            if (spec.addDummyPrefix && spec.isWhitespaceSuffix) appendSpace()
        }

        private fun isPlainAt(at: Int): Boolean {
            val byte = bytes[at]
            if (byte < 0 || !isPlain[byte.toInt()]) return false
            return at + 1 == size || bytes[at + 1] >= 0
        }

        private fun appendPlain() {
            val byte = bytes[consumed].toInt()
            if (byte == SPACE) {
                if (!isAfterSpace) appendSpace()
                isAfterSpace = spec.removeExtraWhitespaces
            } else {
                output.append(byte, consumed, consumed)
                isAfterSpace = false
            }
            consumed++
        }

        private fun appendPrefix() {
            findPrefix(consumed)
            if (isAfterSpace) {
                while (begin < end && replacement[begin].toInt() == SPACE) begin++
            }
            for (index in begin until end) {
                val byte = replacement[index].toInt()
                if (byte == SPACE) appendSpace() else output.append(byte, consumed, consumed)
            }
            if (begin < end) isAfterSpace = replacement[end - 1].toInt() == SPACE
            if (!spec.removeExtraWhitespaces) isAfterSpace = false
            consumed += prefixLength
        }

        /** Finds the longest symbol, rule or else one character at [at]. */
        private fun findPrefix(at: Int) {
            replacement = bytes
            begin = at
            end = at
            symbols?.forEachPrefix(bytes, at, size) { symbolEnd, _ -> end = symbolEnd }
            prefixLength = end - at
            if (prefixLength > 0) return
            var rule = -1
            charsMap?.rules?.forEachPrefix(bytes, at, size) { ruleEnd, value ->
                prefixLength = ruleEnd - at
                rule = value
            }
            if (rule >= 0 && charsMap != null) {
                replacement = charsMap.replacements
                begin = rule
                end = charsMap.replacementEnd(rule)
            } else {
                prefixLength = Utf8.length(bytes[at])
                end = at + prefixLength
            }
        }

        private fun skipSpaces() {
            while (consumed < size) {
                findPrefix(consumed)
                val isSpace = end - begin == 1 && replacement[begin].toInt() == SPACE
                if (!isSpace) return
                consumed += prefixLength
            }
        }

        private fun appendSpace() {
            if (spec.escapeWhitespaces) {
                for (byte in WORD_START_BYTES) output.append(byte.toInt(), consumed, consumed)
            } else {
                output.append(SPACE, consumed, consumed)
            }
        }

        private fun dropTrailingSpaces() {
            val space = if (spec.escapeWhitespaces) WORD_START_BYTES else SPACE_BYTES
            while (endsWith(output, space)) {
                val newSize = output.size - space.size
                if (output.isAligned) consumed = output.starts[newSize]
                output.truncate(newSize)
            }
        }
    }

    private fun endsWith(text: AlignedText, suffix: ByteArray): Boolean {
        val begin = text.size - suffix.size
        return begin >= 0 && suffix.indices.all { text.bytes[begin + it] == suffix[it] }
    }

    private companion object {
        const val SPACE = ' '.code
        val SPACE_BYTES = byteArrayOf(SPACE.toByte())
    }
}

/** U+2581, which stands for a space inside of pieces, in UTF-8. */
internal val WORD_START_BYTES = byteArrayOf(0xE2.toByte(), 0x96.toByte(), 0x81.toByte())
