"""Classifiers at the depths before the last."""

import keras
from keras import ops

from albert_tf.layers.activations import initializer


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertExitHeads(keras.layers.Layer):
    """Gives the logits of every depth but the last, each by its own weights.

    Args:
        num_exits: int, N. Depths before the last.
        hidden_dim: int, H.
        num_labels: int, C.
        initializer_range: float. Deviation of new weights.

    Call arguments:
        pooled: float[B, N, H]. Pooled output of each depth.

    Returns:
        float[B, N, C].

    Source: arXiv:2006.04152 section 3.1.
    """

    def __init__(
        self,
        num_exits,
        hidden_dim,
        num_labels,
        initializer_range=0.02,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.num_exits = num_exits
        self.hidden_dim = hidden_dim
        self.num_labels = num_labels
        self.initializer_range = initializer_range

    def build(self, pooled_shape=None):
        self.kernel = self.add_weight(
            shape=(self.num_exits, self.hidden_dim, self.num_labels),
            initializer=initializer(self.initializer_range),
            name="kernel",
        )
        self.bias = self.add_weight(
            shape=(self.num_exits, self.num_labels),
            initializer="zeros",
            name="bias",
        )
        self.built = True

    def call(self, pooled):
        pooled = ops.cast(pooled, self.compute_dtype)
        return ops.einsum("bnh,nhc->bnc", pooled, self.kernel) + self.bias

    def compute_output_shape(self, pooled_shape):
        return (*pooled_shape[:-1], self.num_labels)

    def get_config(self):
        return {
            **super().get_config(),
            "num_exits": self.num_exits,
            "hidden_dim": self.hidden_dim,
            "num_labels": self.num_labels,
            "initializer_range": self.initializer_range,
        }
