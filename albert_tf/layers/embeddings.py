"""ALBERT's factorized embeddings."""

import keras
from keras import ops

from albert_tf.layers.activations import initializer


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertEmbeddings(keras.layers.Layer):
    """Turns token ids into vectors of the hidden width.

    1. Word, position and segment embeddings of width E, added.
    2. Layer normalization, dropout.
    3. Projection from E to H: E stays small whatever H is, which is where
       most of the parameters of a small vocabulary model would be.

    Args:
        vocab_size: int, V.
        embedding_dim: int, E.
        hidden_dim: int, H.
        max_length: int. Longest sequence, in tokens.
        num_segments: int. Segments told apart.
        dropout_rate: float in [0, 1).
        layer_norm_epsilon: float.
        initializer_range: float. Deviation of new weights.

    Call arguments:
        token_ids: int[B, S].
        segment_ids: int[B, S].

    Returns:
        float[B, S, H], in the layer's compute dtype.

    Source: arXiv:1909.11942 section 3.1; google-research/albert modeling.py
    `embedding_postprocessor`. Differs: the projection belongs here, not to
    the first layer of the encoder.
    """

    def __init__(
        self,
        vocab_size,
        embedding_dim,
        hidden_dim,
        max_length=512,
        num_segments=2,
        dropout_rate=0.0,
        layer_norm_epsilon=1e-12,
        initializer_range=0.02,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.vocab_size = vocab_size
        self.embedding_dim = embedding_dim
        self.hidden_dim = hidden_dim
        self.max_length = max_length
        self.num_segments = num_segments
        self.dropout_rate = dropout_rate
        self.layer_norm_epsilon = layer_norm_epsilon
        self.initializer_range = initializer_range
        self.word_embeddings = self._table(vocab_size, "word_embeddings")
        self.position_embeddings = self._table(
            max_length, "position_embeddings"
        )
        self.segment_embeddings = self._table(
            num_segments, "segment_embeddings"
        )
        self.layer_norm = keras.layers.LayerNormalization(
            epsilon=layer_norm_epsilon,
            dtype=self.dtype_policy,
            name="layer_norm",
        )
        self.dropout = keras.layers.Dropout(
            dropout_rate, dtype=self.dtype_policy
        )
        self.projection = keras.layers.Dense(
            hidden_dim,
            kernel_initializer=initializer(initializer_range),
            dtype=self.dtype_policy,
            name="projection",
        )

    def _table(self, size, name):
        return keras.layers.Embedding(
            size,
            self.embedding_dim,
            embeddings_initializer=initializer(self.initializer_range),
            dtype=self.dtype_policy,
            name=name,
        )

    def build(self, token_ids_shape=None, segment_ids_shape=None):
        ids_shape = (None, None)
        embedded_shape = (None, None, self.embedding_dim)
        self.word_embeddings.build(ids_shape)
        self.position_embeddings.build(ids_shape)
        self.segment_embeddings.build(ids_shape)
        self.layer_norm.build(embedded_shape)
        self.projection.build(embedded_shape)
        self.built = True

    def call(self, token_ids, segment_ids, training=None):
        length = ops.shape(token_ids)[1]
        # Subtle: looked up, not sliced, because the converter quantizes only
        # tables that are looked up, and the length stays open either way.
        positions = self.position_embeddings(ops.arange(length))
        hidden = self.word_embeddings(token_ids)
        hidden = hidden + ops.expand_dims(positions, 0)
        hidden = hidden + self.segment_embeddings(segment_ids)
        hidden = self.layer_norm(hidden)
        hidden = self.dropout(hidden, training=training)
        return self.projection(hidden)

    def compute_output_shape(self, token_ids_shape, segment_ids_shape=None):
        return (*token_ids_shape, self.hidden_dim)

    def get_config(self):
        return {
            **super().get_config(),
            "vocab_size": self.vocab_size,
            "embedding_dim": self.embedding_dim,
            "hidden_dim": self.hidden_dim,
            "max_length": self.max_length,
            "num_segments": self.num_segments,
            "dropout_rate": self.dropout_rate,
            "layer_norm_epsilon": self.layer_norm_epsilon,
            "initializer_range": self.initializer_range,
        }
