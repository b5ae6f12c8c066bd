package org.alberttf.tokenizer

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** Cleaning of text; all expected values are what Python 3.11 gave. */
internal class AlbertNormalizerTest {
    private val tables = UnicodeTables()
    private val lower = AlbertNormalizer(tables, doLowerCase = true, keepAccents = false)
    private val cased = AlbertNormalizer(tables, doLowerCase = false, keepAccents = false)
    private val accented = AlbertNormalizer(tables, doLowerCase = true, keepAccents = true)

    private fun AlbertNormalizer.check(text: String, expected: String) =
        assertEquals(expected, normalize(text, isAligned = true).toString())

    @Test
    fun `white space is Python's`() {
        lower.check(" a\u001cb\u001fc\u0085d\u00a0e\u3000f\u2028\r\ng ", "a b c d e f g")
        // White space elsewhere, not in Python.
        lower.check("a\u200bb\ufeffc\u180ed", "a\u200bb\ufeffc\u180ed")
    }

    @Test
    fun `a word of nothing but marks leaves its space`() {
        lower.check("\u0301 a", " a")
        lower.check("a \u0301 b", "a  b")
    }

    @Test
    fun `marks are dropped, also where the combining class of the whole is 0`() {
        lower.check("Café e\u0301 \u1ec7 \u0f73\u0344.", "cafe e e .")
        accented.check("Café E\u0301", "café e\u0301")
    }

    @Test
    fun `characters are decomposed`() {
        lower.check("ﬁ ½ ﷺ Å ㎏", "fi 1\u20442 صلى الله عليه وسلم a kg")
        lower.check("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8")
        lower.check("가", "\u1100\u1161")
        accented.check("한½", "한½")
    }

    @Test
    fun `the dotted capital I`() {
        lower.check("İI", "ii")
        accented.check("İI", "i\u0307i")
        cased.check("İI", "II")
    }

    @Test
    fun `the sigma at the end of a word`() {
        lower.check("ΑΣ ΟΔΟΣ, ΣΑΣΑ. Σ", "ας οδος, σασα. σ")
        lower.check("ΑΣ' ΑΣ'Α Α.Σ Α.Σ.", "ας' ασ'α α.ς α.ς.")
        accented.check("ΑΣ\u0301Α ΑΣ\u0345", "ασ\u0301α ας\u0345")
        // A mathematical sigma becomes one by decomposition.
        lower.check("a\ud835\udeba", "aς")
        cased.check("ΑΣ", "ΑΣ")
    }

    @Test
    fun `half a character is replaced`() {
        lower.check("a\ud800b \udfff", "a\ufffdb \ufffd")
        lower.check("\ud83d\ud83d\ude00", "\ufffd\ud83d\ude00")
    }

    @Test
    fun `letters above FFFF`() = lower.check("\ud801\udc00", "\ud801\udc28")
}
