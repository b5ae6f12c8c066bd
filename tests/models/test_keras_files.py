"""What a `.keras` file keeps beside weights: training, and what is frozen."""

import subprocess
import sys

import keras
import numpy as np
import pytest

import albert_tf
from albert_tf import AlbertForPreTraining, AlbertForSequenceClassification
from albert_tf.optim import AlbertLamb, fine_tuning_optimizer
from albert_tf.train.losses import LabelLoss, ScoreLoss
from albert_tf.train.position_loss import PositionLoss

_LOAD = """
import pathlib, sys
import keras
from albert_tf import AlbertEncoder

for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    model = keras.saving.load_model(path)
    print(path.stem, int(model.optimizer.iterations))
"""


def _optimizers():
    found = {"adamw": fine_tuning_optimizer(1e-3, 9), "lamb": AlbertLamb(1e-3)}
    try:
        from albert_tf.optim.muon import AlbertMuon
    except ImportError:
        return found
    return {**found, "muon": AlbertMuon(1e-3)}


def test_a_compiled_model_loads_in_a_new_process(config, batch, tmp_path):
    labels = np.array([0, 1, 1])
    compiled = [
        ("SequenceClassification", LabelLoss(), labels, optimizer)
        for optimizer in _optimizers().values()
    ]
    places = dict.fromkeys(("start_logits", "end_logits"), labels)
    losses = dict.fromkeys(places, PositionLoss())
    compiled += [
        ("SequenceClassification", ScoreLoss(), labels * 1.0, "sgd"),
        ("QuestionAnswering", losses, places, "sgd"),
    ]
    for index, (name, loss, targets, optimizer) in enumerate(compiled):
        arguments = {"num_labels": 1} if isinstance(loss, ScoreLoss) else {}
        model = getattr(albert_tf, f"AlbertFor{name}")(config, **arguments)
        model.compile(optimizer, loss, run_eagerly=True)
        model.fit(batch, targets, verbose=0)
        model.save(tmp_path / f"{index}.keras")
    found = subprocess.run(
        [sys.executable, "-c", _LOAD, str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr[-2000:]
    expected = [f"{index} 1" for index in range(len(compiled))]
    assert found.stdout.splitlines() == expected


def _freeze_all(model):
    model.trainable = False


def _freeze_encoder(model):
    model.encoder.trainable = False


def _freeze_embeddings(model):
    model.encoder.embeddings.trainable = False


def _leave_pooler(model):
    model.encoder.trainable = False
    model.encoder.pooler.trainable = True


def _freeze_one_layer(model):
    model.encoder.transformer_layers[1].trainable = False


@pytest.mark.parametrize(
    "freeze",
    [
        _freeze_all,
        _freeze_encoder,
        _freeze_embeddings,
        _leave_pooler,
        _freeze_one_layer,
    ],
)
def test_what_is_frozen_stays_so(config, freeze, tmp_path):
    model = AlbertForSequenceClassification(config)
    count = len(model.trainable_variables)
    freeze(model)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    expected = [variable.path for variable in model.trainable_variables]
    got = [variable.path for variable in loaded.trainable_variables]
    assert got == expected and len(got) < count
    assert loaded.encoder.trainable == model.encoder.trainable


@pytest.mark.parametrize("is_alone", [False, True])
def test_checkpointing_of_gradients_is_kept(config, is_alone, tmp_path):
    model = AlbertForPreTraining(config)
    model.encoder.gradient_checkpointing = True
    saved = model.encoder if is_alone else model
    saved.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    encoder = loaded if is_alone else loaded.encoder
    assert encoder.gradient_checkpointing


def test_files_of_earlier_releases_leave_a_model_as_it_is_made(config):
    class Frozen(AlbertForSequenceClassification):
        def __init__(self, config, **kwargs):
            super().__init__(config, **kwargs)
            self.encoder.trainable = False

    fields = Frozen(config).get_config()
    del fields["frozen"], fields["checkpointed"]
    again = Frozen.from_config(fields)
    assert len(again.trainable_variables) == 2
    assert not again.encoder.gradient_checkpointing
