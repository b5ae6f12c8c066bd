"""The last layer computes what a head reads: same answers, less work."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from albert_tf import AlbertEncoder, AlbertForPreTraining
from tests.models.common import perturb

POSITIONS = np.array([[1, 3], [0, 6], [10, 2]], np.int32)


def _chosen(encoder, batch, training=None):
    """Returns the same outputs with every token computed."""
    outputs = encoder(batch, training=training)
    outputs["sequence_output"] = tf.gather(
        outputs["sequence_output"], POSITIONS, batch_dims=1
    )
    return outputs


@pytest.mark.parametrize("has_pooler", [True, False])
def test_equals_a_call(config, batch, has_pooler):
    encoder = perturb(AlbertEncoder(config, has_pooler=has_pooler))
    expected = _chosen(encoder, batch)
    got = encoder.outputs_at(batch, POSITIONS)
    assert got.keys() == expected.keys()
    for name, values in got.items():
        np.testing.assert_allclose(values, expected[name], atol=1e-5)


def test_pooled_output_alone(config, batch):
    encoder = perturb(AlbertEncoder(config))
    (got,) = encoder.outputs_at(batch).values()
    np.testing.assert_allclose(got, encoder(batch)["pooled_output"], atol=1e-5)


def test_nothing_to_compute_is_refused(config, batch):
    encoder = AlbertEncoder(config, has_pooler=False)
    with pytest.raises(ValueError, match="has no pooled output"):
        encoder.outputs_at(batch)


@pytest.mark.parametrize("is_checkpointed", [False, True])
def test_gradients_equal_those_of_a_call(config, batch, is_checkpointed):
    encoder = perturb(AlbertEncoder(config))
    encoder.gradient_checkpointing = is_checkpointed
    found = []
    for outputs_of in (
        lambda: encoder.outputs_at(batch, POSITIONS, training=True),
        lambda: _chosen(encoder, batch, training=True),
    ):
        with tf.GradientTape() as tape:
            loss = sum(tf.reduce_sum(each**2) for each in outputs_of().values())
        gradients = tape.gradient(loss, encoder.trainable_weights)
        found.append([tf.convert_to_tensor(each) for each in gradients])
    for ours, expected in zip(*found):
        np.testing.assert_allclose(ours, expected, rtol=1e-3, atol=1e-4)


def test_the_last_layer_computes_no_other_tokens(config, batch, monkeypatch):
    counts = []
    call = keras.layers.Dense.call

    def counted(self, inputs, *args, **kwargs):
        if self.name == "intermediate":
            counts.append(inputs.shape[1])
        return call(self, inputs, *args, **kwargs)

    monkeypatch.setattr(keras.layers.Dense, "call", counted)
    AlbertForPreTraining(config)({**batch, "masked_positions": POSITIONS})
    depths = config.num_hidden_layers * config.inner_group_num
    assert counts == [11] * (depths - 1) + [1 + POSITIONS.shape[1]]
