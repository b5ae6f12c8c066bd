"""A load that does not fit says what and why."""

import json
import random

import numpy as np
import pytest
import safetensors.numpy

from albert_tf import (
    AlbertEncoder,
    AlbertForPreTraining,
    AlbertForSequenceClassification,
    AlbertForTokenClassification,
)
from albert_tf.checkpoints import google, source
from tests.checkpoints.tf_albert import tf_albert
from tests.checkpoints.torch_pickle import write_state
from tests.models.common import perturb

WEIGHTS = "model.safetensors"


@pytest.fixture
def saved(config, tmp_path):
    """A pretraining checkpoint, and a way to change its tensors."""
    model = perturb(AlbertForPreTraining(config))
    model.save_pretrained(tmp_path / "model")

    def change(**changes):
        path = tmp_path / "model" / WEIGHTS
        tensors = {**safetensors.numpy.load_file(path), **changes}
        kept = {k: v for k, v in tensors.items() if v is not None}
        safetensors.numpy.save_file(kept, path)
        return tmp_path / "model"

    return change


def configure(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_missing_and_left_over_names_are_listed(saved):
    name = "albert.encoder.embedding_hidden_mapping_in.bias"
    folder = saved(**{name: None, "albert.more": np.zeros(2, np.float32)})
    message = (
        f"In the model but not in the file: {name}. "
        "In the file but not in the model: albert.more"
    )
    for model in (AlbertForPreTraining, AlbertForSequenceClassification):
        with pytest.raises(ValueError, match=message):
            model.from_pretrained(folder)


def test_nothing_that_matches_fails(saved):
    names = safetensors.numpy.load_file(saved() / WEIGHTS)
    none = dict.fromkeys(names)
    folder = saved(**none, **{"bert.weight": np.zeros(2, np.float32)})
    with pytest.raises(ValueError, match="does not fit this model"):
        AlbertForSequenceClassification.from_pretrained(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"vocab_size": 98},
            r"word_embeddings.weight is \[99, 8\], the model's \[98, 8\].*"
            "vocab_size in the configuration is another vocabulary's",
        ),
        (
            {"embedding_size": 4},
            r"\[99, 8\], the model's \[99, 4\].*are of another model",
        ),
        ({"hidden_size": 32}, "sizes in the configuration are of another"),
        (
            {"max_position_embeddings": 9},
            r"is \[20, 8\], the model's \[9, 8\].*are of another model",
        ),
    ],
)
def test_other_sizes_are_named_with_their_cause(saved, change, message):
    configure(saved(), **change)
    with pytest.raises(ValueError, match=message):
        AlbertForPreTraining.from_pretrained(saved())


def test_labels_that_do_not_fit_the_head_are_named(config, tmp_path):
    AlbertForSequenceClassification(config).save_pretrained(tmp_path)
    configure(tmp_path, id2label={"0": "a", "1": "b", "2": "c"})
    with pytest.raises(ValueError, match="id2label .* is of another head"):
        AlbertForSequenceClassification.from_pretrained(tmp_path)


@pytest.mark.parametrize(
    ("problem", "num_labels"),
    [
        ("multi_label_classification", 3),
        ("multi_label_classification", 1),
        ("regression", 3),
    ],
)
def test_heads_of_another_problem_are_refused(
    config, tmp_path, problem, num_labels
):
    model = AlbertForSequenceClassification(config, num_labels=num_labels)
    model.save_pretrained(tmp_path)
    configure(tmp_path, problem_type=problem)
    message = (
        "`problem_type` must be .* Received: "
        f"problem_type='{problem}', num_labels={num_labels}. Take its"
    )
    for asked in ({}, {"num_labels": num_labels}):
        with pytest.raises(ValueError, match=message):
            AlbertForSequenceClassification.from_pretrained(tmp_path, **asked)
    # Its encoder is as good as any.
    AlbertEncoder.from_pretrained(tmp_path)
    AlbertForSequenceClassification.from_pretrained(tmp_path, num_labels=4)


@pytest.mark.parametrize(
    ("model_class", "problem", "num_labels"),
    [
        (
            AlbertForSequenceClassification,
            "single_label_classification",
            3,
        ),
        (AlbertForSequenceClassification, "regression", 1),
        (AlbertForSequenceClassification, None, 3),
        (AlbertForTokenClassification, "multi_label_classification", 3),
    ],
)
def test_heads_of_known_problems_are_taken(
    config, tmp_path, model_class, problem, num_labels
):
    model_class(config, num_labels=num_labels).save_pretrained(tmp_path)
    configure(tmp_path, problem_type=problem)
    loaded = model_class.from_pretrained(tmp_path)
    assert loaded.num_labels == num_labels


def test_heads_of_another_problem_are_known_in_keras_2(
    config, tmp_path, monkeypatch
):
    theirs = tf_albert(config, "AlbertForSequenceClassification")
    monkeypatch.setattr(
        theirs.config, "problem_type", "multi_label_classification"
    )
    theirs.config.save_pretrained(tmp_path)
    theirs.save_weights(tmp_path / "mine.h5")
    for origin in (theirs, tmp_path / "mine.h5"):
        with pytest.raises(ValueError, match="num_labels=3. Take its Albert"):
            AlbertForSequenceClassification.from_pretrained(origin)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id2label": {"one": "a"}}, "`id2label` must map the numbers"),
        ({"id2label": ["a"]}, "`id2label` must map the numbers"),
        ({"architectures": "Albert"}, "`architectures` must be a list"),
    ],
)
def test_configurations_that_mean_nothing_are_named(saved, change, message):
    configure(saved(), **change)
    with pytest.raises(ValueError, match=message):
        AlbertForPreTraining.from_pretrained(saved())


@pytest.mark.parametrize("keep", [0, 4, 200, 2000])
def test_truncated_weights_are_named(saved, keep):
    path = saved() / WEIGHTS
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match="broken or no safetensors file"):
        AlbertForPreTraining.from_pretrained(path.parent)


def test_missing_weights_and_folders_are_named(saved, tmp_path):
    folder = saved()
    (folder / WEIGHTS).unlink()
    with pytest.raises(ValueError, match="holds config.json but no weights"):
        AlbertForPreTraining.from_pretrained(folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="Cannot read a configuration"):
        AlbertForPreTraining.from_pretrained(tmp_path / "empty")


def test_tied_copies_must_agree(saved):
    changed = {"predictions.decoder.bias": np.ones(99, np.float32)}
    with pytest.raises(ValueError, match="differs from predictions.bias"):
        AlbertForPreTraining.from_pretrained(saved(**changed))


def test_tokenizer_of_another_model_is_refused(
    config, small_tokenizer, tmp_path
):
    model = AlbertForSequenceClassification(config)
    with pytest.raises(ValueError, match="has 1000 pieces, the model 99"):
        model.save_pretrained(tmp_path / "model", small_tokenizer)
    assert not (tmp_path / "model").exists()


def test_truncated_google_checkpoint_is_named(config, tmp_path):
    google.write(perturb(AlbertForPreTraining(config)), tmp_path)
    data = next(tmp_path.glob("*.data-*"))
    data.write_bytes(data.read_bytes()[:100])
    with pytest.raises(ValueError, match="is broken or incomplete"):
        AlbertForPreTraining.from_pretrained(tmp_path)


@pytest.mark.parametrize("name", [WEIGHTS, "pytorch_model.bin", "tf_model.h5"])
def test_damaged_files_load_or_are_refused(saved, config, name):
    folder = saved()
    tensors = safetensors.numpy.load_file(folder / WEIGHTS)
    if name == "pytorch_model.bin":
        write_state(folder / name, tensors)
    if name == "tf_model.h5":
        tf_albert(config, "AlbertForPreTraining").save_weights(folder / name)
    whole = (folder / name).read_bytes()
    (folder / WEIGHTS).unlink()
    generator = random.Random(4)
    refused = 0
    for _ in range(30):
        damaged = bytearray(whole)
        for _ in range(generator.randrange(1, 30)):
            damaged[generator.randrange(len(damaged))] = generator.randrange(
                256
            )
        cut = generator.choice([len(whole), generator.randrange(len(whole))])
        (folder / name).write_bytes(damaged[:cut])
        try:
            source.read(folder)
        except ValueError as error:
            assert name in str(error)
            refused += 1
    assert refused >= 10
