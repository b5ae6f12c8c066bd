"""One transformer layer, the one that all depths share."""

import keras

from albert_tf.layers.activations import activation, initializer
from albert_tf.layers.attention import AlbertAttention


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertTransformerLayer(keras.layers.Layer):
    """Attention and feed-forward, each with a residual connection.

    1. Self-attention, dropout, residual, layer normalization.
    2. Dense to F, activation, dense to H, dropout, residual, layer
       normalization.

    Args:
        hidden_dim: int, H.
        num_heads: int, N.
        intermediate_dim: int, F.
        activation: str, as `hidden_act` of a configuration.
        dropout_rate: float in [0, 1). On both sub-layers' outputs.
        attention_dropout_rate: float in [0, 1).
        layer_norm_epsilon: float.
        initializer_range: float. Deviation of new weights.

    Call arguments:
        hidden: float[B, S, H].
        bias: float[B, 1, 1, S], added to attention scores.
        rows: float[B, P, H], the tokens of `hidden` to compute. Default: all.

    Returns:
        float[B, P, H], in the layer's compute dtype.

    Source: google-research/albert modeling.py `attention_ffn_block`.
    """

    def __init__(
        self,
        hidden_dim,
        num_heads,
        intermediate_dim,
        activation="gelu_new",
        dropout_rate=0.0,
        attention_dropout_rate=0.0,
        layer_norm_epsilon=1e-12,
        initializer_range=0.02,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.hidden_dim = hidden_dim
        self.num_heads = num_heads
        self.intermediate_dim = intermediate_dim
        self.activation = activation
        self.dropout_rate = dropout_rate
        self.attention_dropout_rate = attention_dropout_rate
        self.layer_norm_epsilon = layer_norm_epsilon
        self.initializer_range = initializer_range
        self.attention = AlbertAttention(
            hidden_dim,
            num_heads,
            dropout_rate=attention_dropout_rate,
            initializer_range=initializer_range,
            dtype=self.dtype_policy,
            name="attention",
        )
        self.attention_norm = self._norm("attention_norm")
        self.intermediate = self._dense(intermediate_dim, "intermediate")
        self.output_projection = self._dense(hidden_dim, "output")
        self.output_norm = self._norm("output_norm")
        self.dropout = keras.layers.Dropout(
            dropout_rate, dtype=self.dtype_policy
        )

    def _dense(self, units, name):
        return keras.layers.Dense(
            units,
            kernel_initializer=initializer(self.initializer_range),
            dtype=self.dtype_policy,
            name=name,
        )

    def _norm(self, name):
        return keras.layers.LayerNormalization(
            epsilon=self.layer_norm_epsilon,
            dtype=self.dtype_policy,
            name=name,
        )

    def build(self, hidden_shape=None, bias_shape=None, rows_shape=None):
        shape = (None, None, self.hidden_dim)
        self.attention.build(shape)
        self.attention_norm.build(shape)
        self.intermediate.build(shape)
        self.output_projection.build((None, None, self.intermediate_dim))
        self.output_norm.build(shape)
        self.built = True

    def call(self, hidden, bias, rows=None, training=None):
        rows = hidden if rows is None else rows
        attended = self.attention(hidden, bias, rows, training=training)
        attended = self.dropout(attended, training=training)
        rows = self.attention_norm(rows + attended)
        forward = self.intermediate(rows)
        forward = activation(self.activation, training)(forward)
        forward = self.output_projection(forward)
        forward = self.dropout(forward, training=training)
        return self.output_norm(rows + forward)

    def compute_output_shape(
        self, hidden_shape, bias_shape=None, rows_shape=None
    ):
        return hidden_shape if rows_shape is None else rows_shape

    def get_config(self):
        return {
            **super().get_config(),
            "hidden_dim": self.hidden_dim,
            "num_heads": self.num_heads,
            "intermediate_dim": self.intermediate_dim,
            "activation": self.activation,
            "dropout_rate": self.dropout_rate,
            "attention_dropout_rate": self.attention_dropout_rate,
            "layer_norm_epsilon": self.layer_norm_epsilon,
            "initializer_range": self.initializer_range,
        }
