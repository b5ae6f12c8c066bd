"""ALBERT's tokenizer as TensorFlow ops, for `tf.data` and TensorFlow Serving.

Normalization is not left to TensorFlow Text: its ICU knows another version
of Unicode than Python, its lower-casing folds more letters, and `\\s` of its
regular expressions matches fewer. Instead every character is looked up in a
table made by the Python functions that define the result.
"""

import base64
import functools
import importlib
import sys
import unicodedata

import keras
import numpy as np
import tensorflow as tf

from albert_tf.text.resplit import DigitCommaSplit
from albert_tf.text.tokenizer import AlbertTokenizer

_CAPITAL_SIGMA, _SIGMA, _FINAL_SIGMA = map(ord, "Σσς")
_OTHER, _CASED, _IGNORABLE = range(3)
_UNCHANGED = -1


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertTextPreprocessor(keras.layers.Layer):
    """Turns strings into model inputs inside a TensorFlow graph.

    Gives the ids of `AlbertTokenizer`, on either Keras backend, alone,
    batched, and in `tf.data`. Needs tensorflow-text and keras-nlp; where they
    cannot be installed, tokenize with `AlbertTokenizer` before `tf.data`.

    1. White space collapsed, characters replaced, capital sigmas settled.
    2. SentencePiece, then the split of pieces that end in digit and comma.
    3. Truncation, special tokens, padding.

    Args:
        tokenizer: AlbertTokenizer.
        max_length: int. Longest sequence, special tokens included.
        pad_to_max_length: bool. False pads to the longest row; True gives
            every batch one shape, as XLA and JAX want it.

    Call arguments:
        texts: string[B] or string[], UTF-8.
        pairs: strings of the same shape, or None.

    Returns:
        dict of int32[B, S] or int32[S]: `token_ids`, `segment_ids`,
        `padding_mask`.

    Raises:
        ValueError: a package is missing; `max_length` leaves no room.

    Example:
        preprocess = AlbertTextPreprocessor(tokenizer, max_length=64)
        texts = tf.data.Dataset.from_tensor_slices(["a film", "a book"])
        batches = texts.batch(2).map(preprocess)

    Source: google-research/albert tokenization.py.
    """

    def __init__(
        self, tokenizer, max_length=128, pad_to_max_length=False, **kwargs
    ):
        super().__init__(**kwargs)
        # Strings stay TensorFlow's on every backend.
        self._convert_input_args = False
        self._allow_non_tensor_positional_args = True
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.pad_to_max_length = pad_to_max_length
        self._normalizer = _Normalizer(
            tokenizer.do_lower_case, tokenizer.keep_accents
        )
        self._splits = _splits_table(tokenizer)
        self._sentencepiece = _import("tensorflow_text").SentencepieceTokenizer(
            model=tokenizer.model_proto, out_type=tf.int32
        )
        self._packer = _packer(tokenizer, max_length)
        self._run = tf.function(self._preprocess)
        self.built = True

    def call(self, texts, pairs=None):
        texts = tf.convert_to_tensor(texts, tf.string)
        if pairs is not None:
            pairs = tf.convert_to_tensor(pairs, tf.string)
        return self._run(texts, pairs)

    def normalize(self, texts):
        """Returns string[B]: what SentencePiece receives."""
        return self._normalizer(tf.convert_to_tensor(texts, tf.string))

    def encode_ids(self, texts):
        """Returns ragged int32[B, (S)]: ids without special tokens."""
        ids = self._sentencepiece.tokenize(self.normalize(texts))
        return tf.gather(self._splits, ids).merge_dims(-2, -1)

    def _preprocess(self, texts, pairs):
        is_single = texts.shape.rank == 0
        segments = [texts] if pairs is None else [texts, pairs]
        if is_single:
            segments = [tf.expand_dims(segment, 0) for segment in segments]
        encoded = tuple(self.encode_ids(segment) for segment in segments)
        token_ids, segment_ids = self._packer(encoded)
        mask = tf.cast(token_ids != self.tokenizer.pad_id, tf.int32)
        batch = {
            "token_ids": token_ids,
            "segment_ids": segment_ids,
            "padding_mask": mask,
        }
        if not self.pad_to_max_length:
            length = tf.reduce_max(tf.reduce_sum(mask, axis=-1))
            batch = {name: x[:, :length] for name, x in batch.items()}
        if is_single:
            batch = {name: x[0] for name, x in batch.items()}
        return batch

    def get_config(self):
        model = base64.b64encode(self.tokenizer.model_proto).decode("ascii")
        return {
            **super().get_config(),
            "model": model,
            "do_lower_case": self.tokenizer.do_lower_case,
            "keep_accents": self.tokenizer.keep_accents,
            "max_length": self.max_length,
            "pad_to_max_length": self.pad_to_max_length,
        }

    @classmethod
    def from_config(cls, config):
        fields = dict(config)
        tokenizer = AlbertTokenizer(
            base64.b64decode(fields.pop("model")),
            do_lower_case=fields.pop("do_lower_case"),
            keep_accents=fields.pop("keep_accents"),
        )
        return cls(tokenizer, **fields)


class _Normalizer(tf.Module):
    """`albert_tf.text.normalize` over string tensors.

    It may go character by character for the reason given there. The one
    letter whose lower case depends on its neighbours, the capital sigma,
    passes through the table and is settled afterwards.
    """

    def __init__(self, do_lower_case, keep_accents):
        super().__init__()
        spaces = "".join(filter(str.isspace, _all_characters()))
        self._spaces = f"[{spaces}]+"
        rows = _replacements(do_lower_case, keep_accents)
        self._replacements = tf.ragged.constant(rows, dtype=tf.int32)
        self._classes = tf.constant(_case_classes()) if do_lower_case else None

    def __call__(self, texts):
        # What is not UTF-8 becomes U+FFFD, as when Python decodes bytes.
        texts = tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8")
        texts = tf.strings.regex_replace(texts, self._spaces, " ")
        codes = tf.strings.unicode_decode(tf.strings.strip(texts), "UTF-8")
        codes = self._replace(codes)
        if self._classes is not None:
            codes = self._lower_sigmas(codes)
        return tf.strings.unicode_encode(codes, "UTF-8")

    def _replace(self, codes):
        last = self._replacements.nrows(out_type=tf.int32) - 1
        parts = tf.gather(
            self._replacements, tf.minimum(codes.flat_values, last)
        )
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


def _all_characters():
    return map(chr, range(sys.maxunicode + 1))


@functools.cache
def _replacements(do_lower_case, keep_accents):
    """Returns what each code point becomes, up to the last that changes."""
    rows = []
    last = 0
    for code, character in enumerate(_all_characters()):
        text = character
        if not keep_accents and not character.isascii():
            text = unicodedata.normalize("NFKD", character)
            text = "".join(c for c in text if not unicodedata.combining(c))
        if do_lower_case:
            text = "".join(c if c == "Σ" else c.lower() for c in text)
        last = code if text != character else last
        rows.append([_UNCHANGED] if text == character else [*map(ord, text)])
    # The row after the last stands for all that follow.
    return rows[: last + 2]


@functools.cache
def _case_classes():
    """Returns how Python sees each code point when it lowers a sigma.

    It has no function that says so; what it does to a sigma tells.
    """

    def case_class(character):
        if f"{character}Σ".lower()[-1] == "ς":
            return _CASED
        is_skipped = f"A{character}Σ".lower()[-1] == "ς"
        return _IGNORABLE if is_skipped else _OTHER

    classes = np.array([*map(case_class, _all_characters())], np.int32)
    return classes[: np.flatnonzero(classes)[-1] + 2]


def _splits_table(tokenizer):
    """Returns ragged int32[V, (parts)]: the ids that stand for each id."""
    split = DigitCommaSplit(tokenizer._processor)
    if not split.works_on_ids:
        raise ValueError(
            'The vocabulary has no piece ",", without which ids do not tell '
            "which pieces to split. Tokenize with AlbertTokenizer instead."
        )
    rows = [split.ids([token_id]) for token_id in range(tokenizer.vocab_size)]
    return tf.ragged.constant(rows, dtype=tf.int32)


def _packer(tokenizer, max_length):
    if max_length < 5:
        raise ValueError(
            "`max_length` must be at least 5: 3 special tokens and one of "
            f"each text. Received: max_length={max_length}."
        )
    # Round-robin gives the lengths of `packing.pack`.
    return _import("keras_nlp").layers.MultiSegmentPacker(
        sequence_length=max_length,
        start_value=tokenizer.cls_id,
        end_value=tokenizer.sep_id,
        pad_value=tokenizer.pad_id,
        truncate="round_robin",
    )


def _import(name):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ValueError(
            f"Text inside a TensorFlow graph needs {name}: {error}. "
            "Install it with: pip install tensorflow-text keras-nlp. Where "
            "there is no wheel, tokenize with AlbertTokenizer."
        ) from error
