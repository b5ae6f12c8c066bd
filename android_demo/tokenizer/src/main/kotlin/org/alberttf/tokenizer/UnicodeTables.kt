package org.alberttf.tokenizer

import java.io.ByteArrayInputStream
import java.util.Base64
import java.util.zip.InflaterInputStream

/**
 * Properties of characters as Python 3.11 knows them (Unicode 14.0).
 *
 * The platform is not asked: its answer would change with the version of
 * Android, and a phone would give other ids than the model was trained with.
 *
 * Read anew by each user, which keeps only what it needs.
 *
 * Source: `unicode/make_unicode_data.py`, which describes the format.
 */
internal class UnicodeTables {
    /** Characters that NFKD without combining marks changes, and to what. */
    val decomposed: Replacements

    /** Characters that NFKD without combining marks drops. */
    val dropped: CodePointRanges

    /** Characters with another lower case; neither U+0130 nor capital sigma. */
    val lowered: Replacements

    /** Letters that decide how a capital sigma next to them is lowered. */
    val cased: CodePointRanges

    /** Characters that are looked past when a capital sigma is lowered. */
    val caseIgnorable: CodePointRanges

    /** Characters for which `str.isdigit` is true: more than decimal ones. */
    val digits: CodePointRanges

    /** Characters for which `str.isspace` is true. */
    val spaces: CodePointRanges

    /** Characters that words are made of: letters, numbers and `_`. */
    val letters: CodePointRanges

    /** Characters that belong to the one before them: accents, vowel signs. */
    val marks: CodePointRanges

    init {
        val packed = Base64.getDecoder().decode(UNICODE_DATA)
        val inflated = InflaterInputStream(ByteArrayInputStream(packed))
        val data = Numbers(inflated.readBytes())
        decomposed = data.replacements()
        dropped = data.ranges()
        lowered = data.replacements()
        cased = data.ranges()
        caseIgnorable = data.ranges()
        digits = data.ranges()
        spaces = data.ranges()
        letters = data.ranges()
        marks = data.ranges()
    }

    /** Reads numbers of variable length, 7 bits a byte, the lowest first. */
    private class Numbers(private val bytes: ByteArray) {
        private var at = 0

        fun next(): Int {
            var value = 0
            var shift = 0
            while (true) {
                val byte = bytes[at++].toInt()
                value = value or ((byte and 0x7F) shl shift)
                if (byte >= 0) return value
                shift += 7
            }
        }

        fun ranges(): CodePointRanges {
            var bound = 0
            val bounds = IntArray(2 * next())
            for (index in bounds.indices) {
                bound += next()
                bounds[index] = bound
            }
            return CodePointRanges(bounds)
        }

        fun replacements(): Replacements {
            var source = 0
            var target = 0
            val sources = IntArray(next())
            val bounds = IntArray(sources.size + 1)
            var targets = IntArray(2 * sources.size)
            for (index in sources.indices) {
                source += next()
                sources[index] = source
                bounds[index + 1] = bounds[index] + next()
                if (bounds[index + 1] > targets.size) targets = targets.copyOf(2 * targets.size)
                for (place in bounds[index] until bounds[index + 1]) {
                    val distance = next()
                    target += (distance ushr 1) xor -(distance and 1)
                    targets[place] = target
                }
            }
            return Replacements(sources, bounds, targets.copyOf(bounds[sources.size]))
        }
    }
}
