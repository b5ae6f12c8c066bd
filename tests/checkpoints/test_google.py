"""Google's checkpoints as their trainers leave them."""

import json
import os

import numpy as np
import pytest

import albert_tf
from albert_tf import (
    AlbertEncoder,
    AlbertForPreTraining,
    AlbertForQuestionAnswering,
)
from albert_tf.checkpoints import google
from tests.models.common import perturb, same_weights


def write_variables(directory, prefix, arrays):
    """Writes a TF1 checkpoint of these arrays."""
    import tensorflow.compat.v1 as tf

    directory.mkdir(exist_ok=True)
    with tf.Graph().as_default(), tf.Session() as session:
        for name, array in arrays.items():
            tf.get_variable(name, initializer=array)
        session.run(tf.global_variables_initializer())
        path = os.fspath(directory / prefix)
        tf.train.Saver().save(session, path, write_meta_graph=False)


def read_variables(prefix):
    import tensorflow as tf

    reader = tf.train.load_checkpoint(os.fspath(prefix))
    names = reader.get_variable_to_shape_map()
    return {name: reader.get_tensor(name) for name in names}


@pytest.fixture
def steps(config, tmp_path):
    """Three models of one run, the oldest with the newest file."""
    models = {}
    for step in (900, 1000, 80):
        models[step] = perturb(AlbertEncoder(config), seed=step)
        google.write(models[step], tmp_path)
        for path in tmp_path.glob("model.ckpt-best.*"):
            path.rename(str(path).replace("best", str(step)))
    return models, tmp_path


def test_checkpoint_file_chooses_among_several(steps):
    models, folder = steps
    line = 'model_checkpoint_path: "/cns/elsewhere/model.ckpt-900"\n'
    (folder / "checkpoint").write_text(line)
    assert same_weights(models[900], AlbertEncoder.from_pretrained(folder))


@pytest.mark.parametrize("line", [None, 'model_checkpoint_path: "gone-7"'])
def test_last_step_is_taken_where_nothing_chooses(steps, line):
    models, folder = steps
    (folder / "checkpoint").unlink()
    if line:
        (folder / "checkpoint").write_text(line)
    assert same_weights(models[1000], AlbertEncoder.from_pretrained(folder))


def test_path_of_one_checkpoint_is_a_source(steps):
    models, folder = steps
    path = folder / "model.ckpt-80"
    for source in (path, str(path)):
        assert same_weights(models[80], AlbertEncoder.from_pretrained(source))


def test_slots_and_counters_are_skipped(config, tmp_path):
    model = perturb(AlbertForPreTraining(config))
    google.write(model, tmp_path)
    arrays = read_variables(tmp_path / "model.ckpt-best")
    slots = ("adam_m", "adam_v", "Adam", "Adam_1", "lamb_m", "lamb_v")
    slot = {f"{n}/{s}": 0 * a for n, a in arrays.items() for s in slots}
    counters = {
        "global_step": np.int64(7),
        "beta1_power": np.float32(0.9),
        "beta2_power": np.float32(0.9),
    }
    everything = {**arrays, **slot, **counters}
    write_variables(tmp_path, "model.ckpt-best", everything)
    assert same_weights(model, AlbertForPreTraining.from_pretrained(tmp_path))


def test_one_norm_a_layer_stands_for_both(config, tmp_path):
    model = perturb(AlbertEncoder(config))
    for layer in model.transformer_layers:
        layer.output_norm.set_weights(layer.attention_norm.get_weights())
    google.write(model, tmp_path)
    arrays = read_variables(tmp_path / "model.ckpt-best")
    kept = {n: a for n, a in arrays.items() if "LayerNorm_1" not in n}
    assert len(arrays) - len(kept) == 2 * len(model.transformer_layers)
    write_variables(tmp_path, "model.ckpt-best", kept)
    assert same_weights(model, AlbertEncoder.from_pretrained(tmp_path))


def test_names_and_shapes_are_googles(config, tmp_path):
    google.write(perturb(AlbertForPreTraining(config)), tmp_path / "p")
    google.write(perturb(AlbertForQuestionAnswering(config)), tmp_path / "q")
    classifier = albert_tf.AlbertForSequenceClassification(config, num_labels=3)
    google.write(classifier, tmp_path / "c")
    shapes = {
        name: array.shape
        for folder in "pqc"
        for name, array in read_variables(
            tmp_path / folder / "model.ckpt-best"
        ).items()
    }
    # google-research/albert run_pretraining.py, squad_utils.py and
    # classifier_utils.py. Heads are stored [labels, H], layers [in, out].
    layer = "bert/encoder/transformer/group_1/inner_group_1"
    expected = {
        "bert/embeddings/word_embeddings": (99, 8),
        "bert/encoder/embedding_hidden_mapping_in/kernel": (8, 16),
        f"{layer}/attention_1/self/query/kernel": (16, 16),
        f"{layer}/ffn_1/intermediate/dense/kernel": (16, 32),
        f"{layer}/ffn_1/intermediate/output/dense/kernel": (32, 16),
        f"{layer}/LayerNorm/gamma": (16,),
        f"{layer}/LayerNorm_1/gamma": (16,),
        "bert/pooler/dense/kernel": (16, 16),
        "cls/predictions/transform/dense/kernel": (16, 8),
        "cls/predictions/transform/LayerNorm/beta": (8,),
        "cls/predictions/output_bias": (99,),
        "cls/seq_relationship/output_weights": (2, 16),
        "cls/seq_relationship/output_bias": (2,),
        "cls/squad/output_weights": (2, 16),
        "cls/squad/output_bias": (2,),
        "output_weights": (3, 16),
        "output_bias": (3,),
    }
    assert {name: shapes.get(name) for name in expected} == expected


def test_configuration_is_googles(config, tmp_path):
    google.write(AlbertEncoder(config), tmp_path)
    fields = json.loads((tmp_path / google.CONFIG_FILE).read_text())
    assert fields["hidden_act"] == "gelu"
    assert not {"model_type", "layer_norm_eps"} & set(fields)


@pytest.mark.parametrize(
    "change", [{"hidden_act": "gelu"}, {"layer_norm_eps": 1e-6}]
)
def test_what_google_lacks_is_not_written(config, tmp_path, change):
    model = AlbertEncoder(config.replace(**change))
    name = next(iter(change))
    with pytest.raises(ValueError, match=f"Received:.*{name}.*other numbers"):
        google.write(model, tmp_path)
    assert not list(tmp_path.iterdir())


def test_place_that_cannot_be_written_to_is_named(config, tmp_path):
    (tmp_path / "model.ckpt-best.index").mkdir()
    message = f"Cannot write to {tmp_path}: Is a directory. Choose"
    with pytest.raises(ValueError, match=message):
        google.write(AlbertEncoder(config), tmp_path)
    assert not list(tmp_path.glob("*tempstate*"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("start_logits/dense/kernel", "SQuAD 2.0's conditional head"),
        ("bert/encoder/layer_shared/output/bias", "brightmart/albert_zh"),
    ],
)
def test_other_layouts_are_refused_by_name(tmp_path, name, message):
    array = np.zeros((4, 1), np.float32)
    write_variables(tmp_path, "model.ckpt-9", {name: array})
    with pytest.raises(ValueError, match=message):
        AlbertForQuestionAnswering.from_pretrained(tmp_path)
