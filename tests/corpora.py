"""Small prepared corpora, made without `albert prepare`."""

import hashlib
from pathlib import Path

import numpy as np
import tensorflow as tf

from albert_tf.data.corpus import Corpus, Shard, Split
from tests.conftest import GOLDEN


def documents(tokenizer, num_lines=6):
    """Returns the golden corpus as documents: lists of lists of ids."""
    text = (GOLDEN / "small_corpus.txt").read_text(encoding="utf-8")
    sentences = [ids for ids in tokenizer.encode_ids(text.splitlines()) if ids]
    return [
        sentences[begin : begin + num_lines]
        for begin in range(0, len(sentences), num_lines)
    ]


def write_corpus(folder, tokenizer, train, heldout, num_shards=1):
    """Writes documents as a corpus with its tokenizer; returns the folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(folder)
    splits = {
        "train": _split(folder, "train", train, num_shards),
        "heldout": _split(folder, "heldout", heldout, 1),
    }
    Corpus(
        folder,
        hashlib.sha256(tokenizer.model_proto).hexdigest(),
        tokenizer.do_lower_case,
        tokenizer.keep_accents,
        tokenizer.vocab_size,
        1,
        0.1,
        "english",
        splits,
        {},
        {},
    ).write()
    return folder


def _split(folder, name, contents, num_shards):
    shards = []
    for number in range(num_shards if contents else 0):
        path = folder / f"{name}-{number:05d}-of-{num_shards:05d}.tfrecord"
        part = contents[number::num_shards]
        with tf.io.TFRecordWriter(str(path)) as writer:
            for document in part:
                writer.write(_record(document))
        tokens = sum(len(s) for document in part for s in document)
        size = path.stat().st_size
        shards.append(Shard(path.name, len(part), tokens, size))
    num_sentences = sum(map(len, contents))
    num_tokens = sum(shard.num_tokens for shard in shards)
    return Split(tuple(shards), len(contents), num_sentences, num_tokens, 0)


def _record(document):
    lists = {
        "token_ids": np.concatenate(document),
        "sentence_lengths": [len(sentence) for sentence in document],
    }
    feature = {
        name: tf.train.Feature(int64_list=tf.train.Int64List(value=values))
        for name, values in lists.items()
    }
    features = tf.train.Features(feature=feature)
    return tf.train.Example(features=features).SerializeToString()
