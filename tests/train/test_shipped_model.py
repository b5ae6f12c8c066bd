"""The model in `models/` loads, is small, and has learned its language."""

import pathlib

import numpy as np

from albert_tf import AlbertForPreTraining, AlbertTokenizer
from albert_tf.data.corpus import Corpus
from albert_tf.data.masking import MaskingOptions
from albert_tf.data.pretraining import PretrainingBatches
from albert_tf.data.segments import SegmentOptions
from tests.corpora import documents, write_corpus

MODELS = pathlib.Path(__file__).parents[2] / "models"
MINI = MODELS / "albert_mini_en"


def test_models_are_small():
    sizes = [path.stat().st_size for path in MODELS.rglob("*")]
    assert sum(sizes) < 8e6


def test_fills_masks_far_better_than_the_most_frequent_piece(tmp_path):
    tokenizer = AlbertTokenizer.from_pretrained(MINI)
    texts = documents(tokenizer)
    write_corpus(tmp_path, tokenizer, texts[:1], texts)
    batches = PretrainingBatches(
        Corpus.open(tmp_path),
        tokenizer,
        SegmentOptions(128),
        MaskingOptions(),
        batch_size=16,
        seed=1,
    )
    model = AlbertForPreTraining.from_pretrained(MINI)
    hits, wanted = [], []
    for inputs, targets, weights in batches.held_out():
        logits = np.array(model(inputs)["masked_lm_logits"])
        is_masked = np.array(weights["masked_lm_logits"]) > 0
        expected = np.array(targets["masked_lm_logits"])[is_masked]
        hits.append(logits.argmax(-1)[is_masked] == expected)
        wanted.append(expected)
    wanted = np.concatenate(wanted)
    most_frequent = np.bincount(wanted).max() / len(wanted)
    accuracy = np.concatenate(hits).mean()
    assert len(wanted) > 100
    assert accuracy > 2 * most_frequent, (accuracy, most_frequent)
