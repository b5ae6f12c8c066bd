"""Documents of token ids as records of a TFRecord file, without TensorFlow.

Preparing a corpus runs in many processes; loading TensorFlow in each would
cost more time and memory than the work itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

_PACKED = 2  # Wire type of what follows with its length.


def document_examples(
    token_ids: np.ndarray,
    sentence_lengths: np.ndarray,
    num_sentences: np.ndarray,
) -> Iterator[bytes]:
    """Yields a serialized `tf.train.Example` for each of many documents.

    Byte for byte what TensorFlow's `SerializeToString(deterministic=True)`
    gives: features in the order of their names, numbers packed.

    Args:
        token_ids: int[T]. Of all documents, one after the other.
        sentence_lengths: int[N]. Of all documents, summing to T.
        num_sentences: int[D]. Of each document, summing to N.

    Source: tensorflow/core/example/example.proto and feature.proto.
    """
    sentence_ends = np.concatenate([[0], np.cumsum(num_sentences)])
    token_ends = np.concatenate([[0], np.cumsum(sentence_lengths)])
    lengths = _packed(sentence_lengths, sentence_ends)
    ids = _packed(token_ids, token_ends[sentence_ends])
    for its_lengths, its_ids in zip(lengths, ids):
        features = _feature("sentence_lengths", its_lengths)
        features += _feature("token_ids", its_ids)
        yield _field(1, features)


def framed(record: bytes) -> bytes:
    """Returns a record as it stands in a TFRecord file.

    Source: tensorflow/core/lib/io/record_writer.h.
    """
    length = struct.pack("<Q", len(record))
    return b"".join((length, _checksum(length), record, _checksum(record)))


def _feature(name: str, packed: bytes) -> bytes:
    # One entry of a map from names to features, each an Int64List here.
    feature = _field(3, _field(1, packed))
    return _field(1, _field(1, name.encode("ascii")) + _field(2, feature))


def _field(number: int, payload: bytes) -> bytes:
    tag = bytes([number << 3 | _PACKED])
    return b"".join((tag, _varint(len(payload)), payload))


def _varint(value: int) -> bytes:
    """Returns a number as protocol buffers write it.

    Seven bits a byte, the lowest first; the high bit says that more follow.
    """
    digits = []
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*digits, value])


def _packed(values: np.ndarray, ends: np.ndarray) -> list[bytes]:
    """Returns the varints of `values[a:b]` for neighbours a, b in `ends`."""
    longest = len(_varint(int(values.max(initial=0))))
    data = np.empty((len(values), longest), np.uint8)
    is_used = np.ones((len(values), longest), bool)
    num_bytes = np.ones(len(values), np.int64)
    for place in range(longest):
        digits = values >> 7 * place
        has_more = digits > 0x7F
        data[:, place] = digits & 0x7F | has_more << 7
        is_used[:, place + 1 : place + 2] = has_more[:, None]
        num_bytes += has_more
    packed = data[is_used].tobytes()
    cuts = np.concatenate([[0], np.cumsum(num_bytes)])[ends].tolist()
    return [packed[a:b] for a, b in zip(cuts, cuts[1:])]


def _checksum(data: bytes) -> bytes:
    # Readers of a corpus do not need it.
    import google_crc32c

    crc = google_crc32c.value(data)
    masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
    return struct.pack("<I", masked)
