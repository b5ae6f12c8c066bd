"""Three LAMB steps of google-research/albert, from its own checkpoint."""

import keras
import numpy as np
import pytest

from albert_tf.optim.lamb import AlbertLamb
from tests.golden.shared import shared_path

tf = pytest.importorskip("tensorflow")

LEARNING_RATE = 0.00176
pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def golden():
    return shared_path("golden/google_albert")


def _pretraining_model(golden):
    """Google's checkpoint; it has one norm a layer, applied twice."""
    from albert_tf import AlbertForPreTraining

    model = AlbertForPreTraining.from_pretrained(golden)
    for layer in model.encoder.transformer_layers:
        layer.output_norm = layer.attention_norm
    return model


def _loss(model, inputs):
    outputs = model(
        {
            name: inputs[name]
            for name in (
                "token_ids",
                "segment_ids",
                "padding_mask",
                "masked_positions",
            )
        }
    )
    masked = tf.nn.log_softmax(outputs["masked_lm_logits"])
    masked = -tf.gather(masked, inputs["masked_ids"], batch_dims=2)
    weights = inputs["masked_weights"]
    masked_lm = tf.reduce_sum(masked * weights) / (
        tf.reduce_sum(weights) + 1e-5
    )
    order = tf.nn.log_softmax(outputs["sentence_order_logits"])
    label = inputs["sentence_order"].reshape(-1)
    return masked_lm - tf.reduce_mean(tf.gather(order, label, batch_dims=1))


def _variables(model):
    """Returns Google's name and a reader of the value, for each variable."""
    from albert_tf.checkpoints.names import named_variables

    return {
        named.google: named
        for named in named_variables(model)
        if "/LayerNorm_1/" not in named.google
    }


def test_three_steps(golden):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("the golden norm is that of TensorFlow's sparse gradients")
    inputs = np.load(golden / "inputs.npz")
    expected = np.load(golden / "lamb_after_steps.npz")
    model = _pretraining_model(golden)
    named = _variables(model)
    variables = [each.variable for each in named.values()]
    optimizer = AlbertLamb(LEARNING_RATE)
    for step in (1, 2, 3):
        with tf.GradientTape() as tape:
            loss = _loss(model, inputs)
        gradients = tape.gradient(loss, [v.value for v in variables])
        optimizer.apply(gradients, variables)
        compared = 0
        for google, each in named.items():
            value = each.to_array(each.is_transposed_at_google)
            theirs = expected[f"step{step}|{google.replace('/', '|')}"]
            assert np.abs(value - theirs).max() <= 1e-5, (step, google)
            compared += 1
        assert compared == len(expected.files) // 3
