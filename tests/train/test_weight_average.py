"""What is kept is the moving average; training goes on as without it."""

import keras
import numpy as np
import pytest
from safetensors.numpy import load_file

from albert_tf.cli import main
from albert_tf.train import state
from albert_tf.train.weight_average import (
    PutWeightsBack,
    TakeAverages,
    ema_momentum,
)
from tests.train.test_finetune import _arguments, _error, _history

# The last evaluation comes before its turn.
_SPANS = {"train-steps": 11, "steps-per-evaluation": 4}


def test_momentum_follows_the_number_of_updates():
    assert ema_momentum(0.1, 1000) == pytest.approx(0.99)
    assert ema_momentum(0.1, 5) == ema_momentum(0.0, 1000) == 0.0


@pytest.mark.parametrize("is_scaled", [False, True])
def test_averages_stand_in_for_the_weights_while_scored(is_scaled):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    optimizer = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)
    if is_scaled:
        # As of mixed_float16.
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    model.compile(optimizer, "mse")
    steps, scored = [], []

    def weights():
        return model.get_weights()[0]

    look = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: steps.append(weights()),
        on_epoch_end=lambda epoch, logs: scored.append(weights()),
    )
    averages = TakeAverages()
    random = np.random.default_rng(2)
    x = random.normal(size=(12, 3))
    model.fit(
        x,
        x.sum(axis=1),
        batch_size=4,
        epochs=2,
        verbose=0,
        callbacks=[averages, look, PutWeightsBack(averages)],
    )
    expected, average = [], steps[0]
    for number, step in enumerate(steps):
        average = 0.5 * average + 0.5 * step
        if number in (2, 5):
            expected.append(average)
    np.testing.assert_allclose(scored, expected, atol=1e-6)
    np.testing.assert_array_equal(weights(), steps[-1])


def test_training_is_not_changed(data, tmp_path):
    losses = []
    for share in (0.0, 0.5):
        output = tmp_path / f"run{share}"
        arguments = _arguments(data, output, **_SPANS, **{"ema-share": share})
        assert main(arguments) == 0
        losses.append([row["loss"] for row in _history(output)])
    assert losses[0] == losses[1]
    assert len(losses[0]) == 3
    last, averaged = [
        load_file(tmp_path / f"run{share}" / "model.safetensors")
        for share in (0.0, 0.5)
    ]
    assert any(np.abs(last[n] - averaged[n]).max() > 1e-4 for n in last)


def test_goes_on_after_an_interruption(data, tmp_path, monkeypatch):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    changes = {**_SPANS, "ema-share": 0.5}
    assert main(_arguments(data, whole, **changes)) == 0
    save = state.SaveState.on_epoch_end

    def stop(self, epoch, logs=None):
        save(self, epoch, logs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(state.SaveState, "on_epoch_end", stop)
        assert main(_arguments(data, stopped, **changes)) == 2
    assert len(_history(stopped)) == 1
    assert main([*_arguments(data, stopped, **changes), "--resume"]) == 0
    assert _history(stopped) == _history(whole)
    kept = [load_file(run / "model.safetensors") for run in (whole, stopped)]
    for name, value in kept[0].items():
        np.testing.assert_allclose(kept[1][name], value, atol=1e-6)


def test_share_beyond_one_is_refused(data, tmp_path, capsys):
    arguments = _arguments(data, tmp_path / "run", **{"ema-share": 1})
    assert "`ema_share` must be at least 0" in _error(arguments, capsys)
