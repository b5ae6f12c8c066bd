"""Text that nobody chose, for holding one tokenizer against another."""

import sys
import unicodedata

_ALPHABETS = {
    "numbers": "0123456789,,,,.-– ",
    "symbols": "()\"-.–£€ ,;:!?'’“”…",
    "controls": "".join(map(chr, [*range(0x21), *range(0x7F, 0xA1)])),
    "spaces": " \t\n\u00a0\u1680\u2003\u200b\u200d\u2028\u3000\ufeff\u2581",
    "greek": "ΑΣσςάΊΰ̓ͅ.\u00ad' ",
    "turkish": "İıIi\u0307 ŞşĞğ",
    "hangul": "한국어\u1112\u1161\u11ab\u1100\u116e\u11a8 ",
    "kana": "カガか\u3099\u309aｶﾞﾟ ",
    "digits": "٣४๔７𝟗²½Ⅷ①,,, ",
    "tags": "[CLS]SEP<unk>pad▁/ ",
}


def _characters(wanted):
    return [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if not 0xD800 <= code < 0xE000 and wanted(chr(code))
    ]


class RandomText:
    """Makes random texts of many kinds.

    Args:
        seed: int.
        pieces: list of str. Vocabulary to draw ordinary-looking words from.
    """

    def __init__(self, rng, pieces):
        self._rng = rng
        self._words = [p.replace("\u2581", " ") for p in pieces if p]
        self._pools = {
            **_ALPHABETS,
            "decomposed": _characters(unicodedata.decomposition),
            "marks": _characters(unicodedata.combining),
            "cased": _characters(lambda c: c != c.lower() or c != c.upper()),
            "numeric": _characters(str.isnumeric),
        }

    def __call__(self):
        """Returns one text, up to some hundred characters."""
        rng = self._rng
        return "".join(self._part() for _ in range(rng.randint(1, 6)))

    def _part(self):
        rng = self._rng
        kind = rng.choice(["words", "any", "bmp", "surrogates", *self._pools])
        count = rng.randint(1, 12)
        if kind == "words":
            words = [rng.choice(self._words) for _ in range(count)]
            return "".join(rng.choice([w, w, w.title()]) for w in words)
        if kind == "any":
            return "".join(chr(rng.randrange(0x110000)) for _ in range(count))
        if kind == "bmp":
            return "".join(chr(rng.randrange(0x3100)) for _ in range(count))
        if kind == "surrogates":
            return chr(rng.randrange(0xD800, 0xE000)) + rng.choice(self._words)
        return "".join(rng.choice(self._pools[kind]) for _ in range(count))
