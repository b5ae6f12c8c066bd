"""Writes `UnicodeData.kt`: what Python knows of characters, for Kotlin.

    python3.11 -m android_demo.tokenizer.unicode.make_unicode_data

ALBERT's text normalization is defined by Python's `unicodedata`, `str.lower`,
`str.split` and `str.isdigit`, and words by its `re`. A phone's own tables
differ from those and from each other: the version of Unicode changes with that
of Android. So the tables travel with the code. The version is Python 3.11's,
Unicode 14.0; characters that came later stay unchanged.

The data are numbers of variable length (7 bits a byte, the lowest first),
deflated, in Base64: a count and then the entries of each part, in this order.

- decomposed: map, NFKD with the combining marks dropped; Hangul syllables and
  what becomes empty are left out.
- dropped: ranges of what becomes empty so.
- lower: map of `str.lower`; U+0130, which becomes two characters, and the
  capital sigma, whose lower case depends on its neighbours, are left out.
- cased, ignorable: ranges of what `str.lower` looks at, or past, when it
  settles a capital sigma.
- digits: ranges of `str.isdigit`.
- spaces: ranges of `str.isspace`, at which `str.split` splits.
- letters: ranges of what `\\w` of a regular expression matches.
- marks: ranges of the categories Mn, Mc and Me.

A map's entry is the distance from the source before, the number of
characters it becomes, and each one's distance from the one before (the sign
in the lowest bit). A range is the distance from the end of the range before,
and the length.
"""

import base64
import pathlib
import re
import sys
import textwrap
import unicodedata
import zlib

UNICODE_VERSION = "14.0.0"
TARGET = (
    pathlib.Path(__file__)
    .parents[1]
    .joinpath("src/main/kotlin/org/alberttf/tokenizer/UnicodeData.kt")
)
HANGUL = range(0xAC00, 0xD7A4)
SURROGATES = range(0xD800, 0xE000)
CAPITAL_SIGMA = ord("Σ")
TEMPLATE = """\
package org.alberttf.tokenizer

/**
 * Properties of characters under Unicode {version}, deflated, in Base64.
 *
 * Made by `unicode/make_unicode_data.py`, which describes the format; read by
 * [UnicodeTables]. Do not edit.
 */
internal const val UNICODE_DATA: String =
{literals}
"""


def characters():
    """Returns every character that a text may hold."""
    codes = range(sys.maxunicode + 1)
    return [chr(code) for code in codes if code not in SURROGATES]


def decompositions():
    """Returns {code: text} for each character that NFKD less marks changes."""
    found = {}
    for character in characters():
        decomposed = unicodedata.normalize("NFKD", character)
        kept = [c for c in decomposed if not unicodedata.combining(c)]
        if ord(character) not in HANGUL and kept != [character]:
            found[ord(character)] = "".join(kept)
    return found


def lower_cases():
    """Returns {code: text} of `str.lower`, without the two odd letters."""
    lowered = {ord(c): c.lower() for c in characters() if c.lower() != c}
    odd = [code for code, text in lowered.items() if len(text) > 1]
    if odd != [0x130] or lowered.pop(0x130) != "i\u0307":
        raise ValueError(f"Only U+0130 may become two letters. Found: {odd}.")
    del lowered[CAPITAL_SIGMA]
    again = [text for text in lowered.values() if text.lower() != text]
    if again:
        raise ValueError(f"Lower case must be final. Found: {again}.")
    return lowered


def case_classes():
    """Returns the sets of codes that are cased, and that are ignorable.

    Python has no function that says so; what it does to a sigma tells.
    """
    cased, ignorable = set(), set()
    for character in characters():
        if f"{character}Σ".lower()[-1] == "ς":
            cased.add(ord(character))
        elif f"A{character}Σ".lower()[-1] == "ς":
            ignorable.add(ord(character))
    return cased, ignorable


def check_lowering_keeps_case_classes(lowered, cased, ignorable):
    """Raises if a sigma could be settled otherwise among lowered letters."""
    for code, text in lowered.items():
        for kind in (cased, ignorable):
            if (code in kind) != (ord(text) in kind):
                raise ValueError(f"U+{code:04X} changes class when lowered.")


def numbers(value):
    """Returns a number of variable length."""
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(encoded) + bytes([value])


def map_part(texts):
    """Returns a map as bytes."""
    encoded = [numbers(len(texts))]
    before = target_before = 0
    for code, text in sorted(texts.items()):
        encoded += [numbers(code - before), numbers(len(text))]
        before = code
        for target in map(ord, text):
            distance = target - target_before
            sign = -1 if distance < 0 else 0
            encoded.append(numbers((distance << 1) ^ sign))
            target_before = target
    return b"".join(encoded)


def range_part(codes):
    """Returns ranges as bytes."""
    ranges = []
    for code in sorted(codes):
        if ranges and ranges[-1][1] == code:
            ranges[-1][1] = code + 1
        else:
            ranges.append([code, code + 1])
    encoded, before = [numbers(len(ranges))], 0
    for begin, end in ranges:
        encoded += [numbers(begin - before), numbers(end - begin)]
        before = end
    return b"".join(encoded)


def source():
    """Returns the Kotlin file.

    Raises:
        ValueError: this Python knows another version of Unicode.
    """
    if unicodedata.unidata_version != UNICODE_VERSION:
        raise ValueError(
            f"The tables are those of Unicode {UNICODE_VERSION}. This Python "
            f"has {unicodedata.unidata_version}. Use Python 3.11."
        )
    decomposed, lowered = decompositions(), lower_cases()
    cased, ignorable = case_classes()
    check_lowering_keeps_case_classes(lowered, cased, ignorable)
    everything = map(ord, characters())
    texts = {code: text for code, text in decomposed.items() if text}
    data = [
        map_part(texts),
        range_part(decomposed.keys() - texts.keys()),
        map_part(lowered),
        range_part(cased),
        range_part(ignorable),
        range_part(ord(c) for c in characters() if c.isdigit()),
        range_part(code for code in everything if chr(code).isspace()),
        range_part(ord(c) for c in characters() if re.match(r"\w", c)),
        range_part(
            ord(c) for c in characters() if unicodedata.category(c)[0] == "M"
        ),
    ]
    packed = base64.b64encode(zlib.compress(b"".join(data), 9)).decode()
    literals = [f'    "{line}"' for line in textwrap.wrap(packed, 72)]
    return TEMPLATE.format(
        version=UNICODE_VERSION, literals=" +\n".join(literals)
    )


if __name__ == "__main__":
    try:
        TARGET.write_text(source(), encoding="ascii")
    except ValueError as error:
        sys.exit(str(error))
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")
