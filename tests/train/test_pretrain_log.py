"""What a pretraining says while it runs, and when it is interrupted."""

import dataclasses
import types

import pytest

from albert_tf.train import pretrain_log, pretrain_run, pretrain_state
from albert_tf.train.pretrain import pretrain
from albert_tf.train.pretrain_options import PretrainOptions
from tests.corpora import documents, write_corpus

LOGS = {
    "loss": 5.5,
    "masked_lm_logits_accuracy": 0.25,
    "sentence_order_logits_accuracy": 0.625,
}


@pytest.fixture
def options(small_tokenizer, tmp_path):
    texts = documents(small_tokenizer)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    write_corpus(corpus, small_tokenizer, texts[3:], texts[:3], 2)
    return PretrainOptions(
        corpus=str(corpus),
        output=str(tmp_path / "run"),
        preset="albert_edge_tiny",
        batch_size=4,
        max_length=48,
        steps=4,
        steps_per_evaluation=2,
        evaluation_batches=1,
    )


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


def interrupted_after_an_evaluation(options):
    """Returns what a run says that is stopped at its first checkpoint."""
    save = pretrain_state.save

    def save_and_stop(*arguments, **keywords):
        save(*arguments, **keywords)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pretrain_state, "save", save_and_stop)
        with pytest.raises(KeyboardInterrupt) as error:
            pretrain(options)
    return str(error.value)


def test_an_interruption_says_what_is_kept(options):
    said = interrupted_after_an_evaluation(options)
    assert "step 2, is kept" in said and "--resume" in said
    # It is true: the rest of the steps is all that is left.
    resumed = dataclasses.replace(options, resume=True)
    assert pretrain(resumed)["step"] == 4


def test_an_earlier_run_is_not_taken_for_this_one(options, monkeypatch):
    interrupted_after_an_evaluation(options)

    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(pretrain_run, "run", stop)
    other = dataclasses.replace(options, seed=2, overwrite=True)
    with pytest.raises(KeyboardInterrupt, match="nothing is kept"):
        pretrain(other)
