"""SentencePiece's Unigram segmentation as TensorFlow ops.

TensorFlow Text's own op is built with SentencePiece 0.1.96, which adds
scores in 64 bits and compares them with sums kept in 32. Where two
segmentations tie in 32 bits it may take another than the reference: "eee" as
`ee e`, not `e ee`. So the op is asked for the model's character table alone,
and the segmentation is found here, in 32 bits throughout.
"""

import importlib

import numpy as np
import tensorflow as tf

from albert_tf.data.in_graph_normalize import lookup_table
from albert_tf.text.spiece_proto import (
    NORMAL,
    UNKNOWN,
    USER_DEFINED,
    is_plain_unigram,
    read_pieces,
    without_normal_pieces,
)

_UNKNOWN_PENALTY = np.float32(10.0)
_RESET_BELOW = -100000.0
_CODE_BITS = 21


class InGraphUnigram(tf.Module):
    """Turns normalized text into ids, as SentencePiece does.

    1. The model's own normalizer, by tensorflow-text.
    2. From every character, a walk through a trie of the pieces.
    3. Viterbi over the characters of all rows at once; a tie goes to the
       segmentation whose last piece is longer.
    4. A run of unknown characters becomes one unknown piece.

    Args:
        model_proto: bytes of a `spiece.model`.

    Call arguments:
        texts: string[B], as `InGraphNormalizer` returns them.

    Returns:
        ragged int32[B, (pieces)].

    Raises:
        ValueError: tensorflow-text is missing, or the model is no Unigram.

    Source: sentencepiece 0.2.3 unigram_model.cc `EncodeOptimized`.
    """

    def __init__(self, model_proto):
        super().__init__()
        if not is_plain_unigram(model_proto):
            raise ValueError(
                "Text inside a TensorFlow graph needs a Unigram model without "
                "byte fallback, as ALBERT's are. Tokenize with "
                "AlbertTokenizer instead."
            )
        text = import_optional("tensorflow_text")
        self._normalizer = text.SentencepieceTokenizer(
            model=without_normal_pieces(model_proto), out_type=tf.string
        )
        pieces = read_pieces(model_proto)
        self._unknown_id = [piece.kind for piece in pieces].index(UNKNOWN)
        lowest = min(p.score for p in pieces if p.kind == NORMAL)
        self._unknown_score = np.float32(lowest) - _UNKNOWN_PENALTY
        self._longest = max(len(p.text) for p in pieces if _is_in_trie(p))
        self._keys, self._children, self._scores, self._ids = map(
            lookup_table, _trie(pieces)
        )

    def __call__(self, texts):
        parts = self._normalizer.tokenize(texts)
        normalized = tf.strings.reduce_join(parts, axis=-1)
        codes = tf.strings.unicode_decode(normalized, "UTF-8")
        scores, ids = self._candidates(codes)
        rows, begins, lengths = _segment(
            codes.with_flat_values(scores).to_tensor(-np.inf),
            codes.row_lengths(),
        )
        begins += tf.gather(codes.row_splits, rows)
        ids = tf.gather_nd(ids, tf.stack([begins, lengths - 1], 1))
        return self._merge_unknown(ids, rows, codes.nrows())

    def _candidates(self, codes):
        """Finds every piece that fits somewhere.

        Returns:
            (scores, ids): float32[C, L] and int32[C, L] for C characters in
            all; the piece that begins there and has so many characters, or
            minus infinity and the unknown id. A character that is no piece
            has the score of the unknown.
        """
        places, nodes = self._walks(codes)
        num_characters = tf.size(codes.flat_values, tf.int64)
        size = [num_characters * self._longest]
        shape = [num_characters, self._longest]
        where = places[:, tf.newaxis]
        scores = tf.tensor_scatter_nd_update(
            tf.fill(size, -np.inf), where, tf.gather(self._scores, nodes)
        )
        ids = tf.tensor_scatter_nd_update(
            tf.fill(size, self._unknown_id), where, tf.gather(self._ids, nodes)
        )
        scores = tf.reshape(scores, shape)
        single = scores[:, :1]
        single = tf.where(single == -np.inf, self._unknown_score, single)
        scores = tf.concat([single, scores[:, 1:]], 1)
        return scores, tf.reshape(ids, shape)

    def _walks(self, codes):
        """Follows the trie from every character as far as it goes.

        Returns:
            (places, nodes): int64[*] character times L plus length less one,
            and int64[*] the node that is reached there.
        """
        letters = tf.cast(codes.flat_values, tf.int64)
        row_ends = tf.gather(codes.row_splits[1:], codes.value_rowids())

        def step(ahead, start, node, places, nodes):
            key = node * 2**_CODE_BITS + tf.gather(letters, start + ahead)
            found = tf.searchsorted(self._keys, key)
            going = tf.where(tf.gather(self._keys, found) == key)[:, 0]
            start = tf.gather(start, going)
            node = tf.gather(self._children, tf.gather(found, going))
            index = tf.cast(ahead, tf.int32)
            places = places.write(index, start * self._longest + ahead)
            nodes = nodes.write(index, node)
            ahead += 1
            inside = tf.where(start + ahead < tf.gather(row_ends, start))[:, 0]
            start, node = tf.gather(start, inside), tf.gather(node, inside)
            return ahead, start, node, places, nodes

        start = tf.range(tf.size(letters, tf.int64))
        lists = [_list_of_vectors(self._longest) for _ in range(2)]
        shapes = [[], [None], [None], None, None]
        *_, places, nodes = tf.while_loop(
            lambda ahead, *_: ahead < self._longest,
            step,
            (tf.constant(0, tf.int64), start, tf.zeros_like(start), *lists),
            shape_invariants=tuple(map(tf.TensorShape, shapes)),
        )
        return places.concat(), nodes.concat()

    def _merge_unknown(self, ids, rows, num_rows):
        is_unknown = tf.cast(ids == self._unknown_id, tf.int32)
        follows = tf.pad(is_unknown[1:] * is_unknown[:-1], [[1, 0]])
        same_row = tf.pad(tf.cast(rows[1:] == rows[:-1], tf.int32), [[1, 0]])
        kept = (follows * same_row)[: tf.size(ids)] == 0
        return tf.RaggedTensor.from_value_rowids(
            ids[kept], rows[kept], num_rows, validate=False
        )


def import_optional(name):
    """Imports a package that only text inside a graph needs.

    Raises:
        ValueError: it is missing.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ValueError(
            f"Text inside a TensorFlow graph needs {name}: {error}. "
            "Install it with: pip install tensorflow-text keras-nlp. Where "
            "there is no wheel, tokenize with AlbertTokenizer."
        ) from error


def _list_of_vectors(size):
    return tf.TensorArray(
        tf.int64, size, element_shape=[None], infer_shape=False
    )


def _segment(scores, row_lengths):
    """Finds the best segmentation of every row.

    Args:
        scores: float32[B, S, L], by start and length less one.
        row_lengths: int64[B], in characters.

    Returns:
        (rows, begins, lengths): int64[*], one entry a piece, by row and
        place: its row, where it begins in the row, and its length.
    """
    lengths = _best_lengths(scores)
    every_row = tf.range(tf.shape(scores)[0])

    def step(count, ends, trail):
        taken = tf.gather_nd(lengths, tf.stack([ends, every_row], 1))
        return count + 1, ends - taken, trail.write(count, ends)

    trail = tf.TensorArray(tf.int32, 0, True, element_shape=[None])
    count, _, trail = tf.while_loop(
        lambda count, ends, trail: (count == 0) | tf.reduce_any(ends > 0),
        step,
        (tf.constant(0), tf.cast(row_lengths, tf.int32), trail),
    )
    # From the end of the row to its beginning; 0 once that is reached.
    trail = tf.reshape(trail.stack(), [count, tf.size(every_row)])
    trail = tf.reverse(tf.transpose(trail), [1])
    where = tf.where(trail > 0)
    ends = tf.cast(tf.gather_nd(trail, where), tf.int64)
    rows = where[:, 0]
    taken = tf.gather_nd(lengths, tf.stack([ends, rows], 1))
    taken = tf.cast(taken, tf.int64)
    return rows, ends - taken, taken


def _best_lengths(scores):
    """Returns int32[S + 1, B]: length of the best piece to end there.

    `best` and `taken` tell of the next L ends, the nearest first. A piece
    that begins later replaces one that begins earlier only where it is
    strictly better. Sums start anew before they outgrow 32 bits.
    """
    longest = scores.shape[2]
    scores = tf.transpose(scores, [1, 0, 2])
    num_starts, num_rows = tf.shape(scores)[0], tf.shape(scores)[1]
    lengths = tf.range(1, longest + 1)

    def step(start, best, taken, trail):
        trail = trail.write(start, taken[:, 0])
        here = best[:, :1]
        is_low = (here < _RESET_BELOW) & tf.math.is_finite(here)
        offset = tf.where(is_low, here, 0.0)
        unset = tf.fill([num_rows, 1], -np.inf)
        best = tf.concat([best[:, 1:] - offset, unset], 1)
        taken = tf.concat([taken[:, 1:], tf.zeros_like(taken[:, :1])], 1)
        candidate = scores[start] + (here - offset)
        is_better = candidate > best
        best = tf.where(is_better, candidate, best)
        taken = tf.where(is_better, lengths, taken)
        return start + 1, best, taken, trail

    best = tf.fill([num_rows, longest - 1], -np.inf)
    best = tf.concat([tf.zeros([num_rows, 1]), best], 1)
    taken = tf.zeros([num_rows, longest], tf.int32)
    trail = tf.TensorArray(tf.int32, num_starts + 1, element_shape=[None])
    _, _, taken, trail = tf.while_loop(
        lambda start, *_: start < num_starts,
        step,
        (tf.constant(0), best, taken, trail),
    )
    return trail.write(num_starts, taken[:, 0]).stack()


def _is_in_trie(piece):
    return piece.kind in (NORMAL, USER_DEFINED)


def _score(piece):
    if piece.kind == USER_DEFINED:
        # What SentencePiece gives them in place of their own.
        return np.float32(0.1 * (len(piece.text.encode("utf-8")) - 1))
    return np.float32(piece.score)


def _trie(pieces):
    """Returns keys (node and code point), sorted; children; scores; ids."""
    children = {}
    scores, ids = [np.float32(-np.inf)], [0]
    unknown_id = [piece.kind for piece in pieces].index(UNKNOWN)
    for index, piece in enumerate(pieces):
        node = 0
        for character in piece.text if _is_in_trie(piece) else "":
            key = (node << _CODE_BITS) + ord(character)
            if key not in children:
                children[key] = len(scores)
                scores.append(np.float32(-np.inf))
                ids.append(unknown_id)
            node = children[key]
        if node:
            scores[node], ids[node] = _score(piece), index
    keys = sorted(children)
    return (
        # The last key is larger than any that is looked up.
        np.array([*keys, np.iinfo(np.int64).max], np.int64),
        np.array([children[key] for key in keys], np.int64),
        np.array(scores, np.float32),
        np.array(ids, np.int32),
    )
