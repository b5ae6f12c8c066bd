"""ALBERT's text normalization as TensorFlow ops.

Normalization is not left to TensorFlow Text: its ICU knows another version
of Unicode than Python, its case folding changes more letters, and `\\s` of
its regular expressions matches fewer. Instead every character is looked up
in a table that the Python functions make which define the result.
"""

import functools
import sys
import unicodedata

import numpy as np
import tensorflow as tf

_CAPITAL_SIGMA, _SIGMA, _FINAL_SIGMA = map(ord, "Σσς")
_CASED, _IGNORABLE = 1, 2
_UNCHANGED = -1


class InGraphNormalizer(tf.Module):
    """`albert_tf.text.normalize` over string tensors.

    It may go character by character for the reason given there. The one
    letter whose lower case depends on its neighbours, the capital sigma,
    passes through the table and is settled afterwards.

    Args:
        do_lower_case: bool.
        keep_accents: bool.

    Call arguments:
        texts: string[B]. Bytes that are not UTF-8 count as U+FFFD.

    Returns:
        ragged int32[B, (characters)], code points.
    """

    def __init__(self, do_lower_case, keep_accents):
        super().__init__()
        spaces = "".join(filter(str.isspace, _characters()))
        self._spaces = f"[{spaces}]+"
        values, splits = _replacements(do_lower_case, keep_accents)
        self._values, self._splits = lookup_table(values), lookup_table(splits)
        self._classes = None
        if do_lower_case:
            self._classes = lookup_table(_case_classes())

    def __call__(self, texts):
        texts = tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8")
        texts = tf.strings.regex_replace(texts, self._spaces, " ")
        codes = tf.strings.unicode_decode(tf.strings.strip(texts), "UTF-8")
        codes = self._replace(codes)
        return codes if self._classes is None else self._lower_sigmas(codes)

    def _replace(self, codes):
        replacements = tf.RaggedTensor.from_row_splits(
            self._values, self._splits, validate=False
        )
        last = replacements.nrows(out_type=tf.int32) - 1
        parts = tf.gather(replacements, tf.minimum(codes.flat_values, last))
        originals = tf.repeat(codes.flat_values, parts.row_lengths())
        values = tf.where(
            parts.flat_values == _UNCHANGED, originals, parts.flat_values
        )
        splits = tf.gather(parts.row_splits, codes.row_splits)
        return tf.RaggedTensor.from_row_splits(values, splits, validate=False)

    def _lower_sigmas(self, codes):
        """Lowers Σ to ς after a cased letter and before none, else to σ.

        Case-ignorable characters between are looked past. `bounded` holds
        the class and row of the others, with one of no class at each end,
        so that `place` points before the character and `place + 2` behind.
        """
        letters, rows = codes.flat_values, codes.value_rowids()
        last = tf.size(self._classes) - 1
        classes = tf.gather(self._classes, tf.minimum(letters, last))
        is_solid = classes != _IGNORABLE
        bounded_classes = tf.pad(classes[is_solid], [[1, 1]])
        bounded_rows = tf.pad(rows[is_solid], [[1, 1]], constant_values=-1)
        where = tf.where(letters == _CAPITAL_SIGMA)
        solids = tf.cumsum(tf.cast(is_solid, tf.int32), exclusive=True)
        place = tf.gather_nd(solids, where)
        row = tf.gather_nd(rows, where)

        def is_cased(index):
            same_row = tf.gather(bounded_rows, index) == row
            cased = tf.gather(bounded_classes, index) == _CASED
            return tf.logical_and(same_row, cased)

        is_final = tf.logical_and(
            is_cased(place), tf.logical_not(is_cased(place + 2))
        )
        lowered = tf.where(is_final, _FINAL_SIGMA, _SIGMA)
        return codes.with_flat_values(
            tf.tensor_scatter_nd_update(letters, where, lowered)
        )


def lookup_table(array):
    """Returns a variable, which a SavedModel holds but once."""
    with tf.device("CPU:0"):
        return tf.Variable(array, trainable=False)


@functools.cache
def _characters():
    """Returns the characters that Unicode gives a meaning."""
    every = map(chr, range(sys.maxunicode + 1))
    meaningless = ("Cn", "Co", "Cs")
    return [c for c in every if unicodedata.category(c) not in meaningless]


@functools.cache
def _replacements(do_lower_case, keep_accents):
    """Returns what each code point becomes, up to the last that changes.

    Returns:
        (values, splits): int32[*] and int64[C + 2], as of a ragged tensor
        with a row for each code point; the last is for all that follow.
    """
    changed = {}
    for character in _characters():
        text = character
        if not keep_accents and not character.isascii():
            text = unicodedata.normalize("NFKD", character)
            text = "".join(c for c in text if not unicodedata.combining(c))
        if do_lower_case:
            text = "".join(c if c == "Σ" else c.lower() for c in text)
        if text != character:
            changed[ord(character)] = [*map(ord, text)]
    unchanged = [_UNCHANGED]
    rows = [changed.get(code, unchanged) for code in range(max(changed) + 2)]
    values = np.array([value for row in rows for value in row], np.int32)
    return values, np.cumsum([0, *map(len, rows)], dtype=np.int64)


@functools.cache
def _case_classes():
    """Returns how Python sees each code point when it lowers a sigma.

    It has no function that says so; what it does to a sigma tells.
    """
    classes = np.zeros(sys.maxunicode + 1, np.uint8)
    for character in _characters():
        if f"{character}Σ".lower()[-1] == "ς":
            classes[ord(character)] = _CASED
        elif f"A{character}Σ".lower()[-1] == "ς":
            classes[ord(character)] = _IGNORABLE
    return classes[: np.flatnonzero(classes)[-1] + 2]
