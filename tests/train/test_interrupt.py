"""Ctrl-C ends a run, however late it is pressed, and says what is kept."""

import json
import os
import signal

import pytest

from albert_tf.cli import main
from albert_tf.train import seeds
from albert_tf.train.callbacks import ScoreTask
from albert_tf.train.interrupt import stops_between_batches
from albert_tf.train.options import FineTuneOptions
from tests.train.test_finetune import _arguments


def _press():
    os.kill(os.getpid(), signal.SIGINT)


def test_pressed_after_the_last_batch():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        with stops_between_batches([]):
            _press()
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_is_not_hidden():
    with pytest.raises(ValueError, match="broken"):
        with stops_between_batches([]):
            _press()
            raise ValueError("broken")


def test_pressed_in_a_last_evaluation(data, tmp_path, capsys, monkeypatch):
    score = ScoreTask.score

    def score_and_press(self, model):
        _press()
        return score(self, model)

    output = tmp_path / "runs"
    arguments = [*_arguments(data, output, epochs=1), "--seeds", "2"]
    with monkeypatch.context() as patch:
        patch.setattr(ScoreTask, "score", score_and_press)
        assert main(arguments) == 2
    said = capsys.readouterr().err.strip()
    assert said == (
        "albert: interrupted; what was trained up to the last evaluation is "
        "kept. Give the same command with --resume to go on from there."
    )
    assert not (output / "seed-2").exists()
    # It is true: the first seed is not trained again.
    state = output / "seed-1" / "history.csv"
    history = state.read_text()
    assert main([*arguments, "--resume"]) == 0
    assert "resuming after step 4 of 4" in capsys.readouterr().out
    assert state.read_text() == history
    result = json.loads((output / "seeds.json").read_text())
    assert list(result["scores"]) == ["1", "2"]


@pytest.mark.parametrize(
    ("num_finished", "named"),
    [(1, "seed 4 is done, and"), (2, "seeds 4, 5 are done, and")],
)
def test_finished_seeds_are_named(tmp_path, monkeypatch, num_finished, named):
    def finetune(options, **given):
        if options.seed == 4 + num_finished:
            raise KeyboardInterrupt("before the first evaluation nothing is")
        return 0.5

    monkeypatch.setattr(seeds, "finetune", finetune)
    options = FineTuneOptions(output=str(tmp_path / "runs"), seed=4)
    with pytest.raises(KeyboardInterrupt) as error:
        seeds.finetune_seeds(options, 3)
    said = str(error.value)
    assert "nothing" not in said
    assert named in said and "with --resume" in said


def test_without_a_finished_seed_the_run_says_what_is_kept(
    tmp_path, monkeypatch
):
    def finetune(options, **given):
        raise KeyboardInterrupt("nothing is kept.")

    monkeypatch.setattr(seeds, "finetune", finetune)
    options = FineTuneOptions(output=str(tmp_path / "runs"))
    with pytest.raises(KeyboardInterrupt, match="^nothing is kept"):
        seeds.finetune_seeds(options, 2)
