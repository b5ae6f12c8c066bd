"""Exit heads: what is trained, when a text is done, what is saved."""

import keras
import numpy as np
import pytest

from albert_tf import AlbertEncoder, AlbertForSequenceClassification
from albert_tf.text.early_exit import exit_depths, exit_logits


@pytest.fixture
def model(tiny_config):
    keras.utils.set_random_seed(5)
    return AlbertForSequenceClassification(
        tiny_config.replace(
            num_hidden_layers=4,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            classifier_dropout_prob=0.0,
        ),
        labels=["a", "b", "c"],
        exit_heads=True,
    )


def _inputs(count=8):
    generator = np.random.default_rng(0)
    return {"token_ids": generator.integers(5, 90, (count, 6))}


def _stops_at(labels, patience):
    """Algorithm of the paper's section 3.1 for one text, read off."""
    counter = 0
    for depth, label in enumerate(labels):
        if depth and label == labels[depth - 1]:
            counter += 1
        else:
            counter = 0
        if counter >= patience:
            return depth + 1
    return len(labels)


@pytest.mark.parametrize("patience", range(7))
def test_rule(patience):
    logits = np.random.default_rng(patience).normal(size=(500, 5, 3))
    expected = [_stops_at(row, patience) for row in logits.argmax(-1).tolist()]
    depths = exit_depths(logits, patience)
    assert depths.tolist() == expected
    for row, depth, got in zip(logits, depths, exit_logits(logits, depths)):
        np.testing.assert_array_equal(got, row[depth - 1])


def test_each_depth_has_its_classifier_and_the_last_the_models_own(model):
    inputs = _inputs()
    got = np.asarray(model.logits_by_depth(inputs))
    assert got.shape == (8, 4, 3)
    np.testing.assert_allclose(got[:, -1], model(inputs), atol=1e-6)
    states = model.encoder.hidden_states(inputs)
    kernel, bias = map(np.asarray, model.exit_heads.weights)
    for depth in range(3):
        pooled = np.asarray(model.encoder.pooler(states[depth + 1][:, 0]))
        expected = pooled @ kernel[depth] + bias[depth]
        np.testing.assert_allclose(got[:, depth], expected, atol=1e-5)


def test_loss_weighs_depths_by_their_number(model):
    inputs, labels = _inputs(), np.arange(8) % 3
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.0), loss, metrics=["accuracy"])
    by_depth = np.asarray(model.logits_by_depth(inputs))
    losses = [float(loss(labels, by_depth[:, i])) for i in range(4)]
    expected = np.dot([1, 2, 3, 4], losses) / 10
    history = model.fit(inputs, labels, batch_size=8, verbose=0).history
    assert history["loss"][0] == pytest.approx(expected, rel=1e-5)
    accuracy = (by_depth[:, -1].argmax(-1) == labels).mean()
    assert history["accuracy"][0] == pytest.approx(accuracy)
    evaluated = model.evaluate(inputs, labels, verbose=0, return_dict=True)
    assert evaluated["loss"] == pytest.approx(losses[-1], rel=1e-5)


def test_every_depth_learns(model):
    inputs, labels = _inputs(16), np.arange(16) % 3
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), loss)
    model.fit(inputs, labels, epochs=60, batch_size=16, verbose=0)
    by_depth = np.asarray(model.logits_by_depth(inputs)).argmax(-1)
    assert (by_depth == labels[:, None]).mean() > 0.95


def test_saved_and_loaded(model, tmp_path):
    inputs = _inputs()
    expected = np.asarray(model.logits_by_depth(inputs))
    model.save_pretrained(tmp_path / "a")
    model.save(tmp_path / "a.keras")
    loaded = AlbertForSequenceClassification.from_pretrained(tmp_path / "a")
    for other in (loaded, keras.models.load_model(tmp_path / "a.keras")):
        got = np.asarray(other.logits_by_depth(inputs))
        np.testing.assert_array_equal(got, expected)
    without = AlbertForSequenceClassification.from_pretrained(
        tmp_path / "a", exit_heads=False
    )
    np.testing.assert_array_equal(without(inputs), model(inputs))
    assert without.exit_heads is None
    AlbertEncoder.from_pretrained(tmp_path / "a")


def test_added_to_a_model_without(tiny_config, tmp_path, caplog):
    plain = AlbertForSequenceClassification(tiny_config, num_labels=3)
    plain.save_pretrained(tmp_path)
    model = AlbertForSequenceClassification.from_pretrained(
        tmp_path, exit_heads=True
    )
    inputs = _inputs()
    np.testing.assert_array_equal(model(inputs), plain(inputs))
    assert "new, to be trained: exit_heads.bias, exit_heads.kernel" in (
        caplog.text
    )
    with pytest.raises(ValueError, match="no exit heads"):
        plain.logits_by_depth(inputs)


def test_refused(tiny_config):
    for changes, labels in (({"num_hidden_layers": 1}, 2), ({}, 1)):
        with pytest.raises(ValueError, match="two depths and two labels"):
            AlbertForSequenceClassification(
                tiny_config.replace(**changes),
                num_labels=labels,
                exit_heads=True,
            )
