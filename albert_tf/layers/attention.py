"""Multi-head self-attention."""

import math

import keras
from keras import ops

from albert_tf.layers.activations import initializer


def attention_bias(padding_mask, dtype):
    """Returns what is added to attention scores to hide padding.

    The value is bounded: minus infinity or -1e9 turn into NaN in float16 and
    stretch int8 ranges until nothing else is told apart.

    Args:
        padding_mask: int[B, S], 1 where a token is real.
        dtype: str. Compute dtype.

    Returns:
        float[B, 1, 1, S]: 0 for a real token, -10000 for padding.

    Source: google-research/albert modeling.py `attention_layer`.
    """
    mask = ops.cast(padding_mask, dtype)
    mask = ops.expand_dims(ops.expand_dims(mask, 1), 1)
    return (1.0 - mask) * -10000.0


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertAttention(keras.layers.Layer):
    """Lets tokens look at every real token of their sequence.

    1. Queries, keys and values: three projections, split into N heads.
    2. Scores: softmax(Q Kᵀ / sqrt(D) + bias), dropout.
    3. The scored values, heads joined, through an output projection.

    Args:
        hidden_dim: int, H; a multiple of `num_heads`.
        num_heads: int, N.
        dropout_rate: float in [0, 1). On the attention weights.
        initializer_range: float. Deviation of new weights.

    Call arguments:
        hidden: float[B, S, H].
        bias: float[B, 1, 1, S], as `attention_bias` returns it.
        rows: float[B, P, H], the tokens that look. Default: `hidden`, all.

    Returns:
        float[B, P, H], in the layer's compute dtype.

    Raises:
        ValueError: `hidden_dim` is no multiple of `num_heads`.

    Source: arXiv:1706.03762 section 3.2; google-research/albert modeling.py
    `attention_layer`. Differs: no einsum, which has no TFLite kernel.
    """

    def __init__(
        self,
        hidden_dim,
        num_heads,
        dropout_rate=0.0,
        initializer_range=0.02,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if hidden_dim % num_heads:
            raise ValueError(
                "`hidden_dim` must be a multiple of `num_heads`. Received: "
                f"hidden_dim={hidden_dim}, num_heads={num_heads}."
            )
        self.hidden_dim = hidden_dim
        self.num_heads = num_heads
        self.dropout_rate = dropout_rate
        self.initializer_range = initializer_range
        self.query = self._dense("query")
        self.key = self._dense("key")
        self.value = self._dense("value")
        self.output_projection = self._dense("output")
        self.dropout = keras.layers.Dropout(
            dropout_rate, dtype=self.dtype_policy
        )

    def _dense(self, name):
        return keras.layers.Dense(
            self.hidden_dim,
            kernel_initializer=initializer(self.initializer_range),
            dtype=self.dtype_policy,
            name=name,
        )

    def build(self, hidden_shape=None, bias_shape=None, rows_shape=None):
        shape = (None, None, self.hidden_dim)
        for dense in (
            self.query,
            self.key,
            self.value,
            self.output_projection,
        ):
            dense.build(shape)
        self.built = True

    def call(self, hidden, bias, rows=None, training=None):
        rows = hidden if rows is None else rows
        query = self._split_heads(self.query(rows))
        key = self._split_heads(self.key(hidden))
        value = self._split_heads(self.value(hidden))
        scale = 1.0 / math.sqrt(self.hidden_dim // self.num_heads)
        scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2)))
        weights = ops.softmax(scores * scale + bias, axis=-1)
        weights = self.dropout(weights, training=training)
        context = ops.transpose(ops.matmul(weights, value), (0, 2, 1, 3))
        context = ops.reshape(context, ops.shape(rows))
        return self.output_projection(context)

    def _split_heads(self, projected):
        """float[B, S, H] to float[B, N, S, D]."""
        batch, length = ops.shape(projected)[0], ops.shape(projected)[1]
        head_dim = self.hidden_dim // self.num_heads
        heads = ops.reshape(
            projected, (batch, length, self.num_heads, head_dim)
        )
        return ops.transpose(heads, (0, 2, 1, 3))

    def compute_output_shape(
        self, hidden_shape, bias_shape=None, rows_shape=None
    ):
        return hidden_shape if rows_shape is None else rows_shape

    def get_config(self):
        return {
            **super().get_config(),
            "hidden_dim": self.hidden_dim,
            "num_heads": self.num_heads,
            "dropout_rate": self.dropout_rate,
            "initializer_range": self.initializer_range,
        }
