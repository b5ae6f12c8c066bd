"""Every model: its shape, its training, its mistakes, its reference."""

import subprocess
import sys

import keras
import numpy as np
import pytest

import albert_tf
from albert_tf import AlbertConfig, AlbertEncoder
from albert_tf.checkpoints.names import named_variables
from tests.models.common import CLASSES, inputs_of, outputs_of, perturb
from tests.reference import albert as reference


def build(name, config, **kwargs):
    return perturb(getattr(albert_tf, name)(config, **kwargs))


def test_forward_equals_the_paper_in_numpy(config, batch):
    encoder = build("AlbertEncoder", config)
    tensors = {
        named.hugging_face: named.to_array()
        for named in named_variables(encoder)
    }
    states, pooled = reference.encode(tensors, config, **batch)
    real = batch["padding_mask"][..., None]
    for ours, expected in zip(encoder.hidden_states(batch), states):
        difference = (np.asarray(ours) - expected) * real
        assert np.abs(difference).max() < 1e-5
    got = encoder(batch)
    np.testing.assert_allclose(got["pooled_output"], pooled, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("AlbertEncoder", [(3, 11, 16), (3, 16)]),
        ("AlbertForMaskedLM", [(3, 11, 99)]),
        ("AlbertForMultipleChoice", [(3, 2)]),
        ("AlbertForPreTraining", [(3, 11, 99), (3, 2)]),
        ("AlbertForQuestionAnswering", [(3, 11), (3, 11)]),
        ("AlbertForSequenceClassification", [(3, 2)]),
        ("AlbertForTokenClassification", [(3, 11, 2)]),
    ],
)
def test_outputs_have_the_documented_shapes(config, batch, name, shapes):
    model = build(name, config)
    got = outputs_of(model(inputs_of(name, batch)))
    assert [output.shape for output in got] == shapes


@pytest.mark.parametrize("name", ["AlbertForMaskedLM", "AlbertForPreTraining"])
def test_masked_positions_choose_rows(config, batch, name):
    model = build(name, config)
    positions = np.array([[1, 3], [0, 6], [10, 2]], np.int32)
    everywhere = outputs_of(model(batch))[0]
    chosen = outputs_of(model({**batch, "masked_positions": positions}))[0]
    expected = np.stack([rows[p] for rows, p in zip(everywhere, positions)])
    np.testing.assert_allclose(chosen, expected, atol=1e-5)


@pytest.mark.parametrize("name", CLASSES)
def test_padding_and_missing_inputs_change_nothing(config, batch, name):
    model = build(name, config)
    short = {k: v[:, :7] for k, v in batch.items()}
    long = {k: v * (batch["padding_mask"] if k == "token_ids" else 1)
            for k, v in batch.items()}  # fmt: skip
    long["padding_mask"] = np.where(np.arange(11) < 7, 1, 0) * np.ones_like(
        batch["padding_mask"]
    )
    ours = outputs_of(model(inputs_of(name, short)))
    padded = outputs_of(model(inputs_of(name, long)))
    for a, b in zip(ours, padded):
        if b.ndim > 1 and b.shape[1] == 11:
            b = b[:, :7]
        np.testing.assert_allclose(a, b, atol=2e-5)
    plain = {"token_ids": short["token_ids"]}
    full = {
        **plain,
        "segment_ids": np.zeros_like(plain["token_ids"]),
        "padding_mask": np.ones_like(plain["token_ids"]),
    }
    for a, b in zip(
        outputs_of(model(inputs_of(name, plain))),
        outputs_of(model(inputs_of(name, full))),
    ):
        np.testing.assert_array_equal(a, b)


def _targets(name, config):
    generator = np.random.default_rng(1)
    if name == "AlbertForPreTraining":
        words = generator.integers(5, 99, (3, 11))
        order = generator.integers(2, size=3)
        return {"masked_lm_logits": words, "sentence_order_logits": order}
    if name == "AlbertForQuestionAnswering":
        starts, ends = generator.integers(11, size=(2, 3))
        return {"start_logits": starts, "end_logits": ends}
    if name == "AlbertForMaskedLM":
        return generator.integers(5, 99, (3, 11))
    if name == "AlbertForTokenClassification":
        return generator.integers(2, size=(3, 11))
    return generator.integers(2, size=3)


@pytest.mark.parametrize("name", CLASSES[1:])
def test_fit_learns_a_batch(config, batch, name):
    keras.utils.set_random_seed(0)
    model = getattr(albert_tf, name)(
        config.replace(initializer_range=0.05, classifier_dropout_prob=0.0)
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    targets = _targets(name, config)
    losses = loss
    if isinstance(targets, dict):
        losses = dict.fromkeys(targets, loss)
    model.compile(keras.optimizers.Adam(5e-3), losses, jit_compile=False)
    history = model.fit(
        inputs_of(name, batch), targets, epochs=160, verbose=0, batch_size=3
    ).history["loss"]
    assert history[-1] < 0.2 * history[0]


@pytest.mark.parametrize("name", CLASSES)
def test_keras_files_hold_the_whole_model(config, batch, name, tmp_path):
    model = build(name, config)
    inputs = inputs_of(name, batch)
    expected = outputs_of(model(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    model.save_weights(tmp_path / "model.weights.h5")
    again = getattr(albert_tf, name)(config)
    again.load_weights(tmp_path / "model.weights.h5")
    for other in (loaded, again):
        for a, b in zip(expected, outputs_of(other(inputs))):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision_stays_finite_and_close(config, batch, policy):
    name = "AlbertForSequenceClassification"
    config = config.replace(initializer_range=0.05)
    model = getattr(albert_tf, name)(config)
    half = getattr(albert_tf, name)(config, dtype=policy)
    for ours, theirs in zip(model.weights, half.weights):
        theirs.assign(ours)
    got, expected = np.asarray(half(batch)), np.asarray(model(batch))
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, atol=0.02)


@pytest.mark.parametrize(
    ("preset", "count"),
    [
        ("albert_base_v2", 11_683_584),
        ("albert_large_v2", 17_683_968),
        ("albert_xlarge_v2", 58_724_864),
        ("albert_xxlarge_v2", 222_595_584),
    ],
)
def test_backbones_have_the_published_parameters(preset, count):
    # Source of the counts: KerasHub's albert_presets.py. Shapes alone are
    # made, since the largest weighs 890 MB.
    with keras.StatelessScope():
        encoder = AlbertEncoder(AlbertConfig.from_preset(preset))
    assert sum(int(np.prod(v.shape)) for v in encoder.weights) == count


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"input_ids": 1}, "Received: input_ids"),
        ({"segment_ids": 1}, "The model takes token_ids"),
        ({"token_ids": 1, "mask": 1}, "Received: token_ids, mask"),
    ],
)
def test_wrong_input_names_are_refused(config, batch, inputs, message):
    model = AlbertEncoder(config)
    inputs = dict.fromkeys(inputs, batch["token_ids"])
    with pytest.raises(ValueError, match=message):
        model(inputs)


def test_sequence_longer_than_positions_is_refused(config):
    with pytest.raises(ValueError, match="has 21 tokens; the model has 20"):
        AlbertEncoder(config)({"token_ids": np.ones((1, 21), np.int32)})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_labels": 0}, "Received: num_labels=0"),
        ({"num_labels": 2.0}, "Received: num_labels=2.0"),
        ({"num_labels": True}, "Received: num_labels=True"),
        ({"labels": ["a", "a"]}, "must be distinct names"),
        ({"labels": ["a", "b"], "num_labels": 3}, "num_labels=3, 2 labels"),
        ({"labels": ["a", "b\nc"]}, r"names on one line, .*: 'b\\nc'"),
        ({"labels": ["a\r", "b"]}, r"names on one line, .*: 'a\\r'"),
    ],
)
def test_labels_that_disagree_are_refused(config, arguments, message):
    with pytest.raises(ValueError, match=message):
        albert_tf.AlbertForSequenceClassification(config, **arguments)


@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_labels_may_be_counted_by_numpy(config, kind):
    model = albert_tf.AlbertForSequenceClassification(
        config, num_labels=kind(3)
    )
    assert type(model.num_labels) is int
    assert model.classifier.kernel.shape[1] == 3


def test_config_must_be_a_config():
    with pytest.raises(ValueError, match="must be an AlbertConfig. Received"):
        AlbertEncoder({"hidden_size": 4})


@pytest.mark.reference
@pytest.mark.slow
def test_jax_computes_and_trains_the_same(config, batch, tmp_path):
    pytest.importorskip("jax")
    expected = {}
    for name in CLASSES:
        model = build(name, config)
        model.save_pretrained(tmp_path / name)
        for i, output in enumerate(outputs_of(model(inputs_of(name, batch)))):
            expected[f"{name}-{i}"] = output
    np.savez(tmp_path / "expected.npz", **expected)
    np.savez(tmp_path / "batch.npz", **batch)
    result = subprocess.run(
        [sys.executable, "-m", "tests.models.run_on_jax", str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr[-3000:]
