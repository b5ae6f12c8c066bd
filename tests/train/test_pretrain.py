"""`albert pretrain`: it learns, stops well and goes on as if never stopped."""

import csv
import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest

from albert_tf import AlbertConfig, AlbertForPreTraining, AlbertTokenizer
from albert_tf.data.corpus import Corpus
from albert_tf.data.pretraining import PretrainingBatches
from albert_tf.train.pretrain import pretrain
from albert_tf.train.pretrain_model import compiled_model
from albert_tf.train.pretrain_options import PretrainOptions
from tests.corpora import documents, write_corpus


@pytest.fixture(scope="module")
def corpus(small_tokenizer, tmp_path_factory):
    texts = documents(small_tokenizer)
    folder = tmp_path_factory.mktemp("corpus")
    return write_corpus(folder, small_tokenizer, texts[3:], texts[:3], 2)


@pytest.fixture(scope="module")
def sizes(tmp_path_factory):
    config = AlbertConfig(
        vocab_size=1000,
        embedding_size=16,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    path = tmp_path_factory.mktemp("sizes") / "config.json"
    path.write_text(json.dumps(config.to_dict()))
    return path


@pytest.fixture
def options(corpus, sizes, tmp_path):
    return PretrainOptions(
        corpus=str(corpus),
        output=str(tmp_path / "run"),
        config=str(sizes),
        max_length=48,
        batch_size=8,
        steps=12,
        steps_per_evaluation=4,
        evaluation_batches=2,
        learning_rate=1e-3,
        dropout=0.1,
        shuffled_rows=16,
    )


def _batches(options, **changes):
    options = dataclasses.replace(options, **changes)
    return PretrainingBatches(
        Corpus.open(options.corpus),
        AlbertTokenizer.from_pretrained(options.corpus),
        options.segments(),
        options.masking(),
        batch_size=options.batch_size,
        length_buckets=options.length_buckets,
        num_parts=options.accumulation_steps,
        seed=options.seed,
        num_shuffled=options.shuffled_rows,
    )


def _history(folder):
    with open(folder / "history.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {k: float(v) for k, v in row.items() if k != "tokens_per_second"}
        for row in rows
    ]


def test_leaves_a_model_and_its_history(options, tmp_path, capsys):
    result = pretrain(options)
    folder = tmp_path / "run"
    rows = _history(folder)
    assert [row["step"] for row in rows] == [4, 8, 12]
    assert result["val_loss"] == rows[-1]["val_loss"]
    parts = result["val_masked_lm_loss"] + result["val_sentence_order_loss"]
    assert abs(parts - result["val_loss"]) < 1e-4
    assert 0 < result["val_unigram_accuracy"] < 0.5
    out = capsys.readouterr().out
    assert "always the most frequent piece" in out
    assert re.search(r"step 8 of 12: loss .*; held-out loss .* left\n", out)
    assert re.search(r"note: \d+ sentence orders are few", out)
    model = AlbertForPreTraining.from_pretrained(folder)
    assert model.albert_config.vocab_size == 1000
    AlbertTokenizer.from_pretrained(folder)
    assert not (folder / "checkpoints").exists()
    resumed = dataclasses.replace(options, resume=True)
    assert pretrain(resumed) == result
    assert "nothing to resume" in capsys.readouterr().out


def _mixed(options):
    """Options with sequences of several lengths, in buckets."""
    return dataclasses.replace(
        options,
        length_buckets=True,
        max_length=64,
        short_sequence_rate=1.0,
        batch_size=4,
    )


def test_learns_from_batches_of_several_shapes(options, tmp_path):
    mixed = dataclasses.replace(
        _mixed(options), steps=160, steps_per_evaluation=40, learning_rate=5e-3
    )
    batches = _batches(mixed).training().take(24)
    assert len({inputs["token_ids"].shape for inputs, *_ in batches}) > 1
    pretrain(mixed)
    rows = _history(tmp_path / "run")
    assert rows[-1]["loss"] < rows[0]["loss"]
    assert rows[-1]["val_loss"] < rows[0]["val_loss"]


@pytest.mark.parametrize("at_once", [1, 2])
def test_ends_where_the_steps_are_no_multiple(options, tmp_path, at_once):
    pretrain(dataclasses.replace(options, steps=6, steps_per_execution=at_once))
    assert [row["step"] for row in _history(tmp_path / "run")] == [4, 6]


def test_starts_from_counts_of_the_corpus(options, tmp_path, capsys):
    options = dataclasses.replace(options, initial_weights="corpus")
    pretrain(dataclasses.replace(options, learning_rate=1e-9))
    assert "counting words" in capsys.readouterr().out
    folder = tmp_path / "run"
    model = AlbertForPreTraining.from_pretrained(folder)
    ids = [
        i
        for inputs, _, _ in _batches(options).training().take(20)
        for i in np.array(inputs["token_ids"]).ravel()
    ]
    frequent = np.argmax(np.bincount(ids, minlength=1000)[5:]) + 5
    assert np.argmax(np.array(model.masked_lm.bias)) == frequent
    trained_on = dataclasses.replace(
        options, model=str(folder), config=None, output=str(tmp_path / "on")
    )
    pretrain(trained_on)
    assert "counting words" not in capsys.readouterr().out


def test_overfits_64_sequences(options):
    batches = _batches(options, batch_size=64, max_length=48)
    inputs, targets, weights = next(iter(batches.training()))
    keras.utils.set_random_seed(1)
    config = AlbertConfig.from_json(options.config).replace(
        hidden_size=64, embedding_size=64, intermediate_size=128
    )
    model = AlbertForPreTraining(config)
    model.compile(
        keras.optimizers.Adam(3e-3, global_clipnorm=1.0),
        loss={
            name: keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            for name in targets
        },
        weighted_metrics={"sentence_order_logits": ["accuracy"]},
        jit_compile=False,
    )
    for _ in range(300):
        model.train_on_batch(inputs, targets, weights)
    found = model.evaluate(
        inputs, targets, sample_weight=weights, verbose=0, return_dict=True
    )
    assert found["masked_lm_logits_loss"] < 0.1
    assert found["sentence_order_logits_accuracy"] == 1.0


def _delta(options, **changes):
    """Returns what one update with plain gradients changes."""
    options = dataclasses.replace(options, dropout=None, **changes)
    keras.utils.set_random_seed(1)
    config = AlbertConfig.from_json(options.config)
    model = compiled_model(options, config)
    parts = options.accumulation_steps
    model.compile(
        keras.optimizers.SGD(
            1.0, gradient_accumulation_steps=parts if parts > 1 else None
        ),
        loss={
            name: keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            for name in ("masked_lm_logits", "sentence_order_logits")
        },
        jit_compile=False,
    )
    before = [np.array(weight) for weight in model.trainable_weights]
    batches = _batches(options)
    for batch in batches.training().take(parts):
        model.train_on_batch(*batch)
    after = model.trainable_weights
    return [np.array(a) - b for a, b in zip(after, before)]


@pytest.mark.parametrize("is_grouped", [False, True])
def test_parts_and_checkpointing_give_the_same_gradients(options, is_grouped):
    options = _mixed(options) if is_grouped else options
    expected = _delta(options)
    assert max(np.abs(change).max() for change in expected) > 1e-2
    for changes in (
        {"accumulation_steps": 4},
        {"gradient_checkpointing": True},
    ):
        for one, other in zip(expected, _delta(options, **changes)):
            np.testing.assert_allclose(one, other, atol=1e-5)


def test_parts_give_the_same_evaluation(options):
    found = []
    for parts in (1, 4):
        changed = dataclasses.replace(options, accumulation_steps=parts)
        keras.utils.set_random_seed(1)
        config = AlbertConfig.from_json(options.config)
        model = compiled_model(changed, config)
        held_out = _batches(changed).held_out()
        assert next(iter(held_out))[0]["token_ids"].shape[0] == 8 // parts
        found.append(model.evaluate(held_out, return_dict=True, verbose=0))
    assert found[0].keys() == found[1].keys() and len(found[0]) > 2
    for name, value in found[0].items():
        np.testing.assert_allclose(found[1][name], value, rtol=1e-5)


def _command(options):
    names = [
        "corpus output config max_length batch_size steps",
        "steps_per_evaluation evaluation_batches learning_rate dropout",
        "shuffled_rows",
    ]
    command = [sys.executable, "-m", "albert_tf.cli", "pretrain"]
    for name in " ".join(names).split():
        value = str(getattr(options, name))
        command += [f"--{name.replace('_', '-')}", value]
    return command


def test_killed_and_resumed_it_gives_the_same_curve(options, tmp_path):
    pretrain(options)
    expected = _history(tmp_path / "run")
    folder = tmp_path / "killed"
    command = _command(dataclasses.replace(options, output=str(folder)))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        if list(folder.glob("checkpoints/step-*")):
            # Any moment will do; this one is different every time.
            time.sleep(0.3 * np.random.default_rng().random())
            os.kill(process.pid, signal.SIGKILL)
            break
        time.sleep(0.02)
    process.wait()
    pretrain(dataclasses.replace(options, output=str(folder), resume=True))
    for one, other in zip(expected, _history(folder), strict=True):
        assert one.keys() == other.keys()
        for name in one:
            assert abs(one[name] - other[name]) < 1e-5, name


def test_stops_where_the_loss_is_not_a_number(options, corpus, tmp_path):
    model = AlbertForPreTraining(AlbertConfig.from_json(options.config))
    bias = model.encoder.pooler.bias
    bias.assign(np.full(bias.shape, np.nan))
    tokenizer = AlbertTokenizer.from_pretrained(corpus)
    model.save_pretrained(tmp_path / "broken", tokenizer)
    with pytest.raises(ValueError, match="not a number at step 1"):
        pretrain(
            dataclasses.replace(
                options, config=None, model=str(tmp_path / "broken")
            )
        )


def test_resuming_with_other_settings_is_refused(options):
    with pytest.raises(ValueError, match="holds no run to resume"):
        pretrain(dataclasses.replace(options, resume=True))
    pretrain(dataclasses.replace(options, steps=4))
    with pytest.raises(ValueError, match=r"batch_size was 8, is 16"):
        pretrain(
            dataclasses.replace(options, steps=4, batch_size=16, resume=True)
        )
    with pytest.raises(ValueError, match="is not empty"):
        pretrain(options)


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"corpus": "nowhere"}, "holds no finished corpus"),
        ({"max_length": 65}, "the model has 64 positions"),
        ({"gradient_checkpointing": True}, "Pass --dropout 0"),
    ],
)
def test_bad_input(options, changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        pretrain(dataclasses.replace(options, **changes))
