"""Weights of labels, frozen parts, rates by part, seeds, recipes, pictures."""

import json

import keras
import numpy as np
import pytest

from albert_tf import AlbertForSequenceClassification
from albert_tf.optim.fine_tuning import fine_tuning_optimizer
from albert_tf.train import seeds
from albert_tf.train.class_weights import class_weights
from albert_tf.train.options import FineTuneOptions
from albert_tf.train.parts import freeze, learning_rate_factors
from albert_tf.train.pictures import draw_run
from albert_tf.train.recipes.published import RECIPES, find_recipe
from albert_tf.train.tasks.registry import find_task


@pytest.mark.reference
def test_balanced_weights_are_scikit_learns():
    utils = pytest.importorskip("sklearn.utils.class_weight")
    rows = ["a"] * 5 + ["b"] * 3 + ["c"]
    counts = {label: rows.count(label) for label in "abc"}
    wanted = utils.compute_class_weight(
        "balanced", classes=np.array(["a", "b", "c"]), y=rows
    )
    got = class_weights("balanced", ["a", "b", "c", "none"], counts)
    assert got == pytest.approx([*wanted, 1.0])


def test_weights_by_name():
    assert class_weights("b=2,a=0.5", ["a", "b", "c"], {}) == [0.5, 2.0, 1.0]
    for wanted in ("d=2", "a", "a=0", "a=x"):
        with pytest.raises(ValueError, match="--class-weights holds"):
            class_weights(wanted, ["a", "b"], {})


def test_tasks_without_labels_refuse_weights():
    with pytest.raises(ValueError, match="no labels to weigh"):
        find_task("regression").label_counts([])
    with pytest.raises(ValueError, match="no labels to smooth"):
        find_task("stsb").loss(label_smoothing=0.1)


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (["embeddings"], ["embeddings"]),
        (["encoder"], ["embeddings", "layer_", "pooler"]),
    ],
)
def test_frozen_parts_do_not_learn(tiny_config, parts, kept):
    model = AlbertForSequenceClassification(tiny_config)
    freeze(model, parts)
    paths = [variable.path for variable in model.trainable_variables]
    assert paths
    assert not [path for path in paths if any(part in path for part in kept)]


def test_unknown_part():
    with pytest.raises(ValueError, match="--freeze holds 'head'"):
        freeze(None, ["head"])


def test_rates_fall_from_the_head_to_the_embeddings(config):
    """Adam's first update is its learning rate, whatever the gradient."""
    model = AlbertForSequenceClassification(config)
    optimizer = fine_tuning_optimizer(
        0.01,
        10**9,
        weight_decay=0.0,
        learning_rate_factors=learning_rate_factors(config, 0.5),
    )
    before = [variable.numpy() for variable in model.trainable_variables]
    gradients = [keras.ops.ones_like(v) for v in model.trainable_variables]
    optimizer.apply(gradients, model.trainable_variables)
    moved = {}
    for variable, old in zip(model.trainable_variables, before):
        change = float(np.abs(variable.numpy() - old).mean())
        for part in ("embeddings", "layer_0_", "layer_1_", "pooler", "class"):
            if variable.path.startswith(part):
                moved.setdefault(part, []).append(change)
    wanted = {"embeddings": 1 / 8, "layer_0_": 1 / 4, "layer_1_": 1 / 2,
              "pooler": 1, "class": 1}  # fmt: skip
    assert sum(map(len, moved.values())) == len(before)
    for part, factor in wanted.items():
        assert moved[part] == pytest.approx(
            [0.01 * factor] * len(moved[part]), rel=1e-2
        )


def test_one_rate_needs_no_factors(config):
    assert learning_rate_factors(config, 1.0) == []


def test_median_of_seeds(tmp_path, monkeypatch, capsys):
    scores = {3: 0.5, 4: 0.9, 5: 0.7}
    monkeypatch.setattr(
        seeds, "finetune", lambda options, **given: scores[options.seed]
    )
    options = FineTuneOptions(output=str(tmp_path / "runs"), seed=3)
    result = seeds.finetune_seeds(options, 3)
    assert result["median"] == 0.7
    assert (result["lowest"], result["highest"]) == (0.5, 0.9)
    assert result["best"].endswith("seed-4")
    saved = json.loads((tmp_path / "runs" / "seeds.json").read_text())
    assert saved == result
    assert "median 0.7000 of 3 seeds (0.5000 to 0.9000)" in (
        capsys.readouterr().out
    )


def test_default_learning_rate_follows_start_and_width():
    scratch = FineTuneOptions(output="none")
    pretrained = FineTuneOptions(output="none", model="some")
    given = FineTuneOptions(output="none", model="some", learning_rate=1e-4)
    widths = (192, 256, 768, 1024, 2048, 4096)
    for options, rates in (
        (scratch, [5e-4] * 6),
        (pretrained, [3e-4, 3e-4, 3e-5, 3e-5, 1e-5, 1e-5]),
        (given, [1e-4] * 6),
    ):
        assert [options.peak_learning_rate(n) for n in widths] == rates


def test_recipes_are_for_tasks_that_exist():
    for name, recipe in RECIPES.items():
        assert find_task(name)
        FineTuneOptions(output="none", task=name, **recipe.options())
    with pytest.raises(ValueError, match="no recipe for --task choice"):
        find_recipe("choice")


def test_recipe_yields_to_what_is_given(monkeypatch):
    from albert_tf import cli
    from albert_tf.train import arguments

    runs = []
    monkeypatch.setattr(arguments, "finetune", runs.append)
    command = "finetune --task rte --recipe --batch-size 8 --output none"
    assert cli.main(command.split()) == 0
    (run,) = runs
    assert (run.learning_rate, run.train_steps, run.batch_size) == (
        3e-5,
        800,
        8,
    )
    assert run.warm_up_rate == 0.25


def test_recipe_for_data_of_any_size_counts_epochs(monkeypatch):
    from albert_tf import cli
    from albert_tf.train import arguments

    runs = []
    monkeypatch.setattr(arguments, "finetune", runs.append)
    command = "finetune --task tagging --train t.conll --recipe --output none"
    assert cli.main(command.split()) == 0
    (run,) = runs
    assert (run.learning_rate, run.batch_size, run.epochs) == (2e-5, 8, 3)
    assert (run.train_steps, run.warm_up_rate) == (None, 0.0)


@pytest.mark.reference
def test_pictures(tmp_path):
    pytest.importorskip("matplotlib")
    (tmp_path / "history.csv").write_text(
        "epoch,step,loss,val_loss,val_f1\n0,5,1.0,1.1,0.2\n1,10,0.5,0.7,0.6\n"
    )
    # Not a formula, and no right one.
    price = r"$\frac to $6_"
    confusion = {"a": {"a": 5, price: 1}, price: {"a": 0, price: 3}}
    result = {"metric": "f1", "scores": {"confusion": confusion}}
    paths = draw_run(tmp_path, result)
    assert [path.name for path in paths] == [
        "learning_curve.png",
        "confusion.png",
    ]
    for path in paths:
        assert path.read_bytes().startswith(b"\x89PNG")
