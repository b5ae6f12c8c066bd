"""ALBERT's tokenizer as TensorFlow ops, for `tf.data` and serving."""

import base64

import keras
import numpy as np
import tensorflow as tf

from albert_tf.data.in_graph_normalize import InGraphNormalizer, lookup_table
from albert_tf.data.in_graph_unigram import InGraphUnigram, import_optional
from albert_tf.text.model_files import load_processor
from albert_tf.text.resplit import DigitCommaSplit
from albert_tf.text.tokenizer import AlbertTokenizer


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertTextPreprocessor(keras.layers.Layer):
    """Turns strings into model inputs inside a TensorFlow graph.

    Gives the ids of `AlbertTokenizer`, on either Keras backend, alone,
    batched, and in `tf.data`. Needs tensorflow-text and keras-nlp. Exact, not
    fast: a core does some 0.1 MB a second, a hundredth of `AlbertTokenizer`.
    Where that counts, or the packages cannot be installed, tokenize first.

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
        self._normalizer = InGraphNormalizer(
            tokenizer.do_lower_case, tokenizer.keep_accents
        )
        self._parts, self._part_splits = _parts_of_ids(tokenizer)
        self._unigram = InGraphUnigram(tokenizer.model_proto)
        self._packer = _packer(tokenizer, max_length)
        # Eager loops over characters would be slow, and each shape that is
        # traced takes seconds: one function serves batches of every size.
        spec = tf.TensorSpec([None], tf.string)
        self._encode_batch = tf.function(self._encode, input_signature=[spec])
        self._pack_texts = tf.function(self._pack, input_signature=[spec])
        self._pack_pairs = tf.function(self._pack, input_signature=[spec] * 2)
        self.built = True

    def call(self, texts, pairs=None):
        texts = tf.convert_to_tensor(texts, tf.string)
        if texts.shape.rank == 0:
            pairs = None if pairs is None else tf.expand_dims(pairs, 0)
            batch = self.call(tf.expand_dims(texts, 0), pairs)
            return {name: x[0] for name, x in batch.items()}
        if pairs is None:
            return self._pack_texts(texts)
        return self._pack_pairs(texts, tf.convert_to_tensor(pairs, tf.string))

    @property
    def tables(self):
        """Returns the modules and variables that a SavedModel must hold."""
        return [self._normalizer, self._unigram, self._parts, self._part_splits]

    def normalize(self, texts):
        """Returns string[B]: what SentencePiece receives.

        Args:
            texts: string[B].
        """
        codes = self._normalizer(tf.convert_to_tensor(texts, tf.string))
        return tf.strings.unicode_encode(codes, "UTF-8")

    def encode_ids(self, texts):
        """Returns ragged int32[B, (S)]: ids without special tokens.

        Args:
            texts: string[B].
        """
        return self._encode_batch(tf.convert_to_tensor(texts, tf.string))

    def _encode(self, texts):
        parts_of_ids = tf.RaggedTensor.from_row_splits(
            self._parts, self._part_splits, validate=False
        )
        # Loops over characters are for the CPU, whatever else is there.
        with tf.device("CPU:0"):
            ids = self._unigram(self.normalize(texts))
            return tf.gather(parts_of_ids, ids).merge_dims(-2, -1)

    def _pack(self, *segments):
        encoded = tuple(self._encode_batch(segment) for segment in segments)
        token_ids, segment_ids = self._packer(encoded)
        mask = tf.cast(token_ids != self.tokenizer.pad_id, tf.int32)
        batch = {
            "token_ids": token_ids,
            "segment_ids": segment_ids,
            "padding_mask": mask,
        }
        if self.pad_to_max_length:
            return batch
        length = tf.reduce_max(tf.reduce_sum(mask, axis=-1))
        return {name: x[:, :length] for name, x in batch.items()}

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


def _parts_of_ids(tokenizer):
    """Returns int32[*] ids and int64[V + 1] splits: what each id splits to."""
    split = DigitCommaSplit(load_processor(tokenizer.model_proto))
    if not split.works_on_ids:
        raise ValueError(
            'The vocabulary has no piece ",", without which ids do not tell '
            "which pieces to split. Tokenize with AlbertTokenizer instead."
        )
    rows = [split.ids([token_id]) for token_id in range(tokenizer.vocab_size)]
    parts = np.array([part for row in rows for part in row], np.int32)
    splits = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return lookup_table(parts), lookup_table(splits)


def _packer(tokenizer, max_length):
    if max_length < 5:
        raise ValueError(
            "`max_length` must be at least 5: 3 special tokens and one of "
            f"each text. Received: max_length={max_length}."
        )
    # Round-robin gives the lengths of `packing.pack`.
    return import_optional("keras_nlp").layers.MultiSegmentPacker(
        sequence_length=max_length,
        start_value=tokenizer.cls_id,
        end_value=tokenizer.sep_id,
        pad_value=tokenizer.pad_id,
        truncate="round_robin",
    )
