"""Predicts the pieces behind masked positions."""

import keras
from keras import ops

from albert_tf.layers.activations import activation, initializer


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertMaskedLMHead(keras.layers.Layer):
    """Turns hidden states into scores over the vocabulary.

    1. Dense from H to E, activation, layer normalization.
    2. Product with the word embeddings, which it shares, plus a bias.

    Args:
        vocab_size: int, V.
        embedding_dim: int, E.
        hidden_dim: int, H.
        activation: str, as `hidden_act` of a configuration.
        layer_norm_epsilon: float.
        initializer_range: float. Deviation of new weights.

    Call arguments:
        hidden: float[B, P, H].
        word_embeddings: float[V, E], the encoder's table.

    Returns:
        float[B, P, V], in the layer's compute dtype.

    Source: google-research/albert run_pretraining.py `get_masked_lm_output`.
    """

    def __init__(
        self,
        vocab_size,
        embedding_dim,
        hidden_dim,
        activation="gelu_new",
        layer_norm_epsilon=1e-12,
        initializer_range=0.02,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.vocab_size = vocab_size
        self.embedding_dim = embedding_dim
        self.hidden_dim = hidden_dim
        self.activation = activation
        self.layer_norm_epsilon = layer_norm_epsilon
        self.initializer_range = initializer_range
        self.dense = keras.layers.Dense(
            embedding_dim,
            kernel_initializer=initializer(initializer_range),
            dtype=self.dtype_policy,
            name="dense",
        )
        self.layer_norm = keras.layers.LayerNormalization(
            epsilon=layer_norm_epsilon,
            dtype=self.dtype_policy,
            name="layer_norm",
        )

    def build(self, hidden_shape=None, word_embeddings_shape=None):
        self.dense.build((None, None, self.hidden_dim))
        self.layer_norm.build((None, None, self.embedding_dim))
        self.bias = self.add_weight(
            shape=(self.vocab_size,), initializer="zeros", name="bias"
        )
        self.built = True

    def call(self, hidden, word_embeddings):
        hidden = self.transform(hidden)
        table = ops.cast(word_embeddings, self.compute_dtype)
        logits = ops.matmul(hidden, ops.transpose(table))
        return logits + ops.cast(self.bias, self.compute_dtype)

    def transform(self, hidden):
        """Returns float[B, P, E]: what is multiplied with the table.

        Args:
            hidden: float[B, P, H].
        """
        hidden = activation(self.activation)(self.dense(hidden))
        return self.layer_norm(hidden)

    def compute_output_shape(self, hidden_shape, word_embeddings_shape=None):
        return (*hidden_shape[:-1], self.vocab_size)

    def get_config(self):
        return {
            **super().get_config(),
            "vocab_size": self.vocab_size,
            "embedding_dim": self.embedding_dim,
            "hidden_dim": self.hidden_dim,
            "activation": self.activation,
            "layer_norm_epsilon": self.layer_norm_epsilon,
            "initializer_range": self.initializer_range,
        }
