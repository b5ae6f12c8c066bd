"""What a pretraining says while it runs, and when it is interrupted."""

import dataclasses
import types

import numpy as np
import pytest

from albert_tf import AlbertForPreTraining
from albert_tf.train import pretrain_log, pretrain_run, pretrain_state
from albert_tf.train.pretrain import pretrain

LOGS = {
    "loss": 5.5,
    "masked_lm_logits_accuracy": 0.25,
    "sentence_order_logits_accuracy": 0.625,
}


@pytest.mark.parametrize("columns", [50, 120])
def test_a_terminal_sees_each_step_on_one_line(monkeypatch, capsys, columns):
    monkeypatch.setattr(pretrain_log, "_SECONDS_SHOWN", -1.0)
    monkeypatch.setenv("COLUMNS", str(columns))
    progress = types.SimpleNamespace(step=0)
    report = pretrain_log.Report(progress, 4, is_terminal=True)
    report.on_epoch_begin(0)
    for step in (1, 2):
        progress.step = step
        report.on_train_batch_end(step - 1, LOGS)
    report.on_epoch_end(0, {**LOGS, **{f"val_{k}": v for k, v in LOGS.items()}})
    first, *rest = capsys.readouterr().out.split("\r")
    said = "loss 5.5000, masked LM 0.2500, order 0.6250"
    steps = [f"step {n} of 4: {said}; 0:00:00 left" for n in (1, 2)]
    width = columns - 1
    shown = [f"{line[:width]:{width}}" for line in [*steps, ""]]
    assert first == "" and rest[:3] == shown
    last = f"step 2 of 4: {said}; held-out {said}; 0:00:00 left\n"
    assert rest[3:] == [last]


def interrupted_after_an_evaluation(pretraining):
    """Returns what a run says that is stopped at its first checkpoint."""
    save = pretrain_state.save

    def save_and_stop(*arguments, **keywords):
        save(*arguments, **keywords)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pretrain_state, "save", save_and_stop)
        with pytest.raises(KeyboardInterrupt) as error:
            pretrain(pretraining)
    return str(error.value)


def test_an_interruption_says_what_is_kept(pretraining):
    said = interrupted_after_an_evaluation(pretraining)
    assert "step 2, is kept" in said and "--resume" in said
    # It is true: the rest of the steps is all that is left.
    resumed = dataclasses.replace(pretraining, resume=True)
    assert pretrain(resumed)["step"] == 4


def test_an_earlier_run_is_not_taken_for_this_one(pretraining, monkeypatch):
    interrupted_after_an_evaluation(pretraining)

    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(pretrain_run, "run", stop)
    other = dataclasses.replace(pretraining, seed=2, overwrite=True)
    with pytest.raises(KeyboardInterrupt, match="nothing is kept"):
        pretrain(other)


def _break_after(monkeypatch, num_updates):
    """Makes weights that are no numbers in an update, its loss is still one."""
    train_step = pretrain_run.Progress.on_train_batch_end

    def broken(self, batch, logs=None):
        train_step(self, batch, logs)
        if self.step == num_updates:
            bias = self.model.encoder.pooler.bias
            bias.assign(np.full(bias.shape, np.nan))

    monkeypatch.setattr(pretrain_run.Progress, "on_train_batch_end", broken)


def test_a_broken_model_is_never_kept(pretraining, monkeypatch):
    _break_after(monkeypatch, 4)
    with pytest.raises(ValueError, match="not a number at step 4. The last"):
        pretrain(pretraining)
    model = AlbertForPreTraining.from_pretrained(pretraining.output)
    assert np.isfinite(np.array(model.encoder.pooler.bias)).all()
    assert pretrain_state.latest(pretraining.output).name == "step-000000002"


def test_no_model_is_named_where_none_was_kept(pretraining, monkeypatch):
    _break_after(monkeypatch, 1)
    with pytest.raises(ValueError, match="at step 2. No model was kept."):
        pretrain(pretraining)
