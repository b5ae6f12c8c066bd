"""What `albert pretrain` refuses before anything starts, and its rates."""

import dataclasses

import pytest

from albert_tf.train.pretrain_options import PretrainOptions


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"steps": 0}, "1 or more"),
        ({"batch_size": 10, "accumulation_steps": 4}, "a multiple of"),
        (
            {"accumulation_steps": 4, "precision": "mixed_float16"},
            "parts are left out whose gradients overflow",
        ),
        ({"steps": 10, "steps_per_execution": 4}, "must divide"),
        ({"warm_up_steps": 200_000}, "between 0 and `steps`"),
        ({"learning_rate": 2.0}, "above 0 and below 1"),
        ({"optimizer": "sgd"}, "lamb, adamw, muon"),
        ({"weight_decay": float("nan")}, "`weight_decay` must be 0 or more"),
        ({"clip_norm": 0.0}, "`clip_norm` must be above 0"),
        ({"dropout": -0.5}, "`dropout` must be at least 0"),
        ({"strategy": "tpu", "length_buckets": True}, "several shapes"),
    ],
)
def test_bad_options(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        PretrainOptions(corpus="a", output="b", **changes)


def test_the_square_root_rule_and_its_warning():
    paper = PretrainOptions(corpus="a", output="b", batch_size=4096)
    assert paper.peak_learning_rate() == 0.00176 and paper.warning() is None
    small = dataclasses.replace(paper, batch_size=64)
    assert abs(small.peak_learning_rate() - 0.00176 / 8) < 1e-9
    assert small.warning() is None
    assert (
        "square-root rule"
        in dataclasses.replace(small, learning_rate=0.00176).warning()
    )
