"""A batch in parts, and activations computed twice, give the same updates."""

import csv

import keras
import numpy as np
import pytest

import albert_tf
from albert_tf import AlbertForSequenceClassification
from albert_tf.cli import main
from albert_tf.data.batches import BucketedBatches
from albert_tf.data.parts import in_parts
from albert_tf.train.checkpointing import checkpoint_gradients
from albert_tf.train.options import FineTuneOptions
from albert_tf.train.tasks.registry import find_task
from tests.train.test_finetune import _arguments, _error

WEIGHTS = [1.0, 5.0, 0.2]
# Two buckets of lengths, and a last batch of fewer rows than parts.
LENGTHS = [5, 6, 7, 8, 9, 10, 11, 12, 5, 6, 13]
NUM_ROWS = len(LENGTHS)


@pytest.fixture
def rows():
    random = np.random.default_rng(0)
    return [
        ([2, *random.integers(5, 999, n - 2).tolist(), 3], [0] * n)
        for n in LENGTHS
    ]


def _targets(task, rows):
    random = np.random.default_rng(1)
    if task == "tagging":
        return [random.integers(-1, 3, len(ids)).tolist() for ids, _ in rows]
    if task == "regression":
        return random.normal(size=NUM_ROWS).astype("float32")
    labels = random.integers(0, 3, NUM_ROWS)
    if task == "squad1":
        return {"start_logits": labels, "end_logits": labels + 1}
    return labels


def _model(task, config, **arguments):
    keras.utils.set_random_seed(1)
    config = config.replace(classifier_dropout_prob=0.0)
    kind = getattr(albert_tf, find_task(task).model_class)
    return kind(config, **arguments)


def _change(model, rows, targets, loss, *, num_parts=1, weights=None):
    """Returns what an epoch of plain gradients changes in the weights."""
    before = model.get_weights()
    parts = num_parts if num_parts > 1 else None
    model.compile(
        keras.optimizers.SGD(0.1, gradient_accumulation_steps=parts),
        loss,
        run_eagerly=True,
    )
    batches = BucketedBatches(rows, targets, batch_size=4, pad_id=0)
    model.fit(
        in_parts(batches.shuffled(1), num_parts, weights),
        steps_per_epoch=batches.steps_per_epoch * num_parts,
        shuffle=False,
        verbose=0,
    )
    return [new - old for new, old in zip(model.get_weights(), before)]


@pytest.mark.parametrize(
    ("task", "arguments", "weights"),
    [
        ("classification", {"num_labels": 3}, None),
        ("classification", {"num_labels": 3, "exit_heads": True}, WEIGHTS),
        ("regression", {"num_labels": 1}, None),
        ("tagging", {"num_labels": 3}, WEIGHTS),
        ("squad1", {}, None),
    ],
    ids=["labels", "weighed at every depth", "scores", "tags", "places"],
)
def test_parts_give_the_updates_of_the_whole(
    tiny_config, rows, task, arguments, weights
):
    options = {} if weights is None else {"class_weights": weights}
    loss = find_task(task).loss(**options)
    targets = _targets(task, rows)
    changes = [
        _change(
            _model(task, tiny_config, **arguments),
            rows,
            targets,
            loss,
            num_parts=num_parts,
            weights=weights,
        )
        for num_parts in (1, 4)
    ]
    assert max(np.abs(change).max() for change in changes[0]) > 1e-2
    for whole, parts in zip(*changes):
        np.testing.assert_allclose(parts, whole, atol=1e-5)


def test_checkpointing_gives_the_same_updates(tiny_config, rows, monkeypatch):
    remat, calls = keras.remat, []

    def counted(function):
        calls.append(function)
        return remat(function)

    monkeypatch.setattr(keras, "remat", counted)
    loss = find_task("classification").loss()
    targets = _targets("classification", rows)
    changes = []
    for is_checkpointed in (False, True):
        model = _model("classification", tiny_config, num_labels=3)
        if is_checkpointed:
            checkpoint_gradients(model)
        assert not calls
        changes.append(_change(model, rows, targets, loss))
        assert bool(calls) == is_checkpointed
    assert max(np.abs(change).max() for change in changes[0]) > 1e-2
    for kept, computed in zip(*changes):
        np.testing.assert_allclose(computed, kept, atol=1e-5)


def test_checkpointing_refuses_dropout(tiny_config):
    for name in ("hidden_dropout_prob", "attention_probs_dropout_prob"):
        config = tiny_config.replace(**{name: 0.1})
        with pytest.raises(ValueError, match="Pass --dropout 0"):
            checkpoint_gradients(AlbertForSequenceClassification(config))


@pytest.fixture
def start(tiny_config, small_tokenizer, tmp_path):
    """A model with dropout in its layers, and none before its head."""
    keras.utils.set_random_seed(3)
    config = tiny_config.replace(
        hidden_dropout_prob=0.1,
        attention_probs_dropout_prob=0.1,
        classifier_dropout_prob=0.0,
    )
    model = AlbertForSequenceClassification(config, labels=["glad", "sad"])
    model.save_pretrained(tmp_path / "start", small_tokenizer)
    return tmp_path / "start"


def _losses(folder):
    with open(folder / "history.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [float(row[n]) for row in rows for n in ("step", "loss", "val_loss")]


def test_command_trains_alike_and_resumes_alike(data, start, tmp_path, capsys):
    changes = {"model": start, "epochs": 2, "dropout": 0, "max-length": 32}
    whole, parts = (
        _arguments(data, tmp_path / name, **changes)
        for name in ("whole", "parts")
    )
    parts += ["--accumulation-steps", "4", "--gradient-checkpointing"]
    for arguments in (whole, parts):
        at = arguments.index("--tokenizer")
        del arguments[at : at + 2]
        assert main(arguments) == 0
    found = [_losses(tmp_path / name) for name in ("whole", "parts")]
    # Subtle: of a whole batch Keras on TensorFlow squares the gradients of an
    # embedding's repeated rows one by one, of parts their sum: the norm that
    # it clips by differs.
    assert found[1] == pytest.approx(found[0], rel=1e-2)
    capsys.readouterr()
    line = _error([*parts, "--accumulation-steps", "2", "--resume"], capsys)
    assert "accumulation_steps was 4, is 2" in line
    line = _error([*parts, "--dropout", "0.1", "--overwrite"], capsys)
    assert "Gradient checkpointing runs each layer twice" in line


def test_parts_are_equal():
    with pytest.raises(ValueError, match="of mixed_float16 parts are left out"):
        FineTuneOptions(
            output="none", accumulation_steps=2, precision="mixed_float16"
        )
    with pytest.raises(ValueError, match="a multiple of `accumulation_steps`"):
        FineTuneOptions(output="none", batch_size=10, accumulation_steps=4)
    with pytest.raises(ValueError, match="`accumulation_steps` must be 1"):
        FineTuneOptions(output="none", accumulation_steps=0)
