"""Records equal TensorFlow's own, byte for byte."""

import numpy as np
import tensorflow as tf

from albert_tf.data.records import document_examples, framed

# At the edges of one to five bytes of a packed number.
EDGES = [0, 1, 127, 128, 16383, 16384, 2**21 - 1, 2**21, 2**28 - 1, 2**28]


def _int64(values):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def _example(token_ids, sentence_lengths):
    feature = {
        "token_ids": _int64(token_ids),
        "sentence_lengths": _int64(sentence_lengths),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature))


def test_equals_tensorflow():
    generator = np.random.default_rng(0)
    long = generator.integers(0, 30000, 40_000).tolist()
    documents = [
        (EDGES, [1, 9]),
        ([5], [1]),
        (long, [39_000, 1000]),
        ([2**31 - 1, 3], [1, 1]),
    ]
    records = document_examples(
        np.concatenate([ids for ids, _ in documents]),
        np.concatenate([lengths for _, lengths in documents]),
        np.array([len(lengths) for _, lengths in documents]),
    )
    expected = [
        _example(*each).SerializeToString(deterministic=True)
        for each in documents
    ]
    assert list(records) == expected


def test_no_documents():
    nothing = np.zeros(0, np.int64)
    assert list(document_examples(nothing, nothing, nothing)) == []


def test_tensorflow_reads_the_frames(tmp_path):
    records = [b"", b"a", bytes(range(256)) * 300]
    path = tmp_path / "ours.tfrecord"
    path.write_bytes(b"".join(map(framed, records)))
    dataset = tf.data.TFRecordDataset(str(path))
    assert list(dataset.as_numpy_iterator()) == records
    with tf.io.TFRecordWriter(str(tmp_path / "theirs.tfrecord")) as writer:
        for record in records:
            writer.write(record)
    assert path.read_bytes() == (tmp_path / "theirs.tfrecord").read_bytes()
