"""Google's checkpoint gives Google's own outputs, losses and gradients."""

import shutil

import numpy as np
import pytest
from keras import ops

from albert_tf import AlbertForPreTraining
from tests.golden.shared import shared_path
from tests.models.common import same_weights


@pytest.fixture(scope="module")
def golden():
    folder = shared_path("golden/google_albert")
    model = AlbertForPreTraining.from_pretrained(folder)
    inputs = dict(np.load(folder / "inputs.npz"))
    return model, inputs, folder


def _golden_inputs(inputs):
    names = ("token_ids", "segment_ids", "padding_mask", "masked_positions")
    return {name: inputs[name] for name in names}


def _losses(model, inputs):
    """Google's pretraining losses, as run_pretraining.py defines them."""
    outputs = model(_golden_inputs(inputs))
    words = ops.log_softmax(outputs["masked_lm_logits"])
    order = ops.log_softmax(outputs["sentence_order_logits"])
    ids = ops.one_hot(inputs["masked_ids"], words.shape[-1])
    each = -ops.sum(words * ids, axis=-1)
    weights = inputs["masked_weights"]
    masked_lm = ops.sum(each * weights) / (ops.sum(weights) + 1e-5)
    swapped = ops.one_hot(inputs["sentence_order"], 2)
    sentence_order = -ops.mean(ops.sum(order * swapped, axis=-1))
    return masked_lm, sentence_order, words, order


@pytest.mark.reference
def test_outputs_equal_googles(golden):
    model, inputs, folder = golden
    expected = np.load(folder / "outputs.npz")
    batch = {
        k: v for k, v in _golden_inputs(inputs).items() if "masked" not in k
    }
    states = model.encoder.hidden_states(batch)
    got = {f"layer_{i}": state for i, state in enumerate(states[1:])}
    got |= model.encoder(batch)
    words, order = _losses(model, inputs)[2:]
    got["masked_lm_log_probs"] = ops.reshape(words, (-1, 512))
    got["sentence_order_log_probs"] = order
    got["masked_lm_loss"], got["sentence_order_loss"] = _losses(model, inputs)[
        :2
    ]
    assert set(got) == set(expected)
    for name, value in got.items():
        np.testing.assert_allclose(
            value, expected[name], atol=1e-5, err_msg=name
        )


@pytest.mark.reference
def test_gradients_equal_googles(golden):
    import tensorflow as tf

    from albert_tf.checkpoints.names import named_variables

    model, inputs, folder = golden
    named = named_variables(model)
    with tf.GradientTape() as tape:
        total = sum(_losses(model, inputs)[:2])
    variables = [entry.variable.value for entry in named]
    gradients = tape.gradient(total, variables)
    got = {}
    for entry, gradient in zip(named, gradients):
        array = np.asarray(tf.convert_to_tensor(gradient))
        array = array.T if entry.is_transposed_at_google else array
        # The checkpoint applies one norm at both places of a layer.
        name = entry.google.replace("LayerNorm_1", "LayerNorm")
        got[name] = got.get(name, 0) + array
    expected = np.load(folder / "gradients.npz")
    assert len(expected.files) >= 25
    for name in expected.files:
        wanted = expected[name]
        error = np.abs(got[name.replace("|", "/")] - wanted).max()
        # Keys' biases cancel in the softmax: theirs is rounding alone.
        assert error <= 1e-4 * np.abs(wanted).max() + 1e-9, (name, error)


def test_checkpoint_file_with_another_machines_path_is_ignored(
    golden, tmp_path
):
    model, _, folder = golden
    for path in folder.glob("*"):
        shutil.copy(path, tmp_path / path.name)
    line = 'model_checkpoint_path: "/cns/elsewhere/model.ckpt-best"\n'
    (tmp_path / "checkpoint").chmod(0o644)
    (tmp_path / "checkpoint").write_text(line)
    again = AlbertForPreTraining.from_pretrained(tmp_path)
    assert same_weights(model, again)
    (tmp_path / "checkpoint").unlink()
    assert same_weights(model, AlbertForPreTraining.from_pretrained(tmp_path))
