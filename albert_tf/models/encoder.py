"""The ALBERT encoder."""

import keras
from keras import ops

from albert_tf.layers.activations import initializer
from albert_tf.layers.attention import attention_bias
from albert_tf.layers.embeddings import AlbertEmbeddings
from albert_tf.layers.gather import gather_positions
from albert_tf.layers.transformer_layer import AlbertTransformerLayer
from albert_tf.models.inputs import complete_inputs
from albert_tf.models.pretrained import PretrainedModel


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertEncoder(PretrainedModel):
    """Token ids to one vector a token, and one for the whole sequence.

    1. Factorized embeddings, projected to the hidden width.
    2. The same transformer layers applied over and over: depth d uses group
       d * num_hidden_groups // num_hidden_layers.
    3. The pooler: a dense layer with tanh on the first token.

    Args:
        config: AlbertConfig.
        has_pooler: bool. False leaves the pooler out, for tasks that look at
            tokens only.

    Attributes:
        gradient_checkpointing: bool. Set to True, training keeps no more
            than the input of each layer and computes the rest again for the
            gradient: less memory, a third more time. Not with dropout, which
            would differ between the two.

    Call arguments:
        inputs: int[B, S] token ids, or a dict of int[B, S] tensors
            `token_ids`, `segment_ids`, `padding_mask`.

    Returns:
        dict: `sequence_output` float[B, S, H] and, with a pooler,
        `pooled_output` float[B, H].

    Raises:
        ValueError: unknown input names; more tokens than positions.

    Example:
        encoder = AlbertEncoder(AlbertConfig.from_preset("albert_edge_tiny"))
        outputs = encoder({"token_ids": np.array([[2, 10, 11, 3]])})
        assert outputs["sequence_output"].shape == (1, 4, 128)

    Source: arXiv:1909.11942; google-research/albert modeling.py `AlbertModel`.
    """

    def __init__(self, config, has_pooler=True, **kwargs):
        super().__init__(config, **kwargs)
        self.has_pooler = has_pooler
        self.gradient_checkpointing = False
        self.embeddings = AlbertEmbeddings(
            vocab_size=config.vocab_size,
            embedding_dim=config.embedding_size,
            hidden_dim=config.hidden_size,
            max_length=config.max_position_embeddings,
            num_segments=config.type_vocab_size,
            dropout_rate=config.hidden_dropout_prob,
            layer_norm_epsilon=config.layer_norm_eps,
            initializer_range=config.initializer_range,
            dtype=self.dtype_policy,
            name="embeddings",
        )
        self.transformer_layers = [
            self._transformer_layer(f"layer_{group}_{inner}")
            for group in range(config.num_hidden_groups)
            for inner in range(config.inner_group_num)
        ]
        self.pooler = self._pooler() if has_pooler else None
        self._build_weights()

    def _transformer_layer(self, name):
        config = self.albert_config
        return AlbertTransformerLayer(
            hidden_dim=config.hidden_size,
            num_heads=config.num_attention_heads,
            intermediate_dim=config.intermediate_size,
            activation=config.hidden_act,
            dropout_rate=config.hidden_dropout_prob,
            attention_dropout_rate=config.attention_probs_dropout_prob,
            layer_norm_epsilon=config.layer_norm_eps,
            initializer_range=config.initializer_range,
            dtype=self.dtype_policy,
            name=name,
        )

    def _pooler(self):
        config = self.albert_config
        return keras.layers.Dense(
            config.hidden_size,
            activation="tanh",
            kernel_initializer=initializer(config.initializer_range),
            dtype=self.dtype_policy,
            name="pooler",
        )

    def _build_weights(self):
        width = self.albert_config.hidden_size
        self.embeddings.build()
        for layer in self.transformer_layers:
            layer.build()
        if self.pooler is not None:
            self.pooler.build((None, width))
        self.built = True

    def call(self, inputs, training=None):
        sequence = self.hidden_states(inputs, training=training)[-1]
        outputs = {"sequence_output": sequence}
        if self.pooler is not None:
            outputs["pooled_output"] = self.pooler(sequence[:, 0, :])
        return outputs

    def outputs_at(self, inputs, positions=None, training=None):
        """Returns a call's outputs, of the tokens that a head reads.

        The last layer computes these and no others: of twelve applications
        a classifier saves 7 % of the work, of four 21 %.

        Args:
            inputs: as for a call.
            positions: int[B, P], indices into the sequence. None asks for
                the pooled output alone.
            training: bool or None. Whether dropout is on.

        Returns:
            dict: `sequence_output` float[B, P, H] where positions are given
            and, with a pooler, `pooled_output` float[B, H].

        Raises:
            ValueError: as a call; no positions for an encoder without pooler.
        """
        if positions is None and self.pooler is None:
            raise ValueError(
                "An encoder without a pooler has no pooled output. Pass "
                "`positions`, or make it with `has_pooler=True`."
            )
        hidden, bias = self._embed(inputs, training)
        *layers, last = self.layers_by_depth()
        for layer in layers:
            hidden = self._apply(layer, hidden, bias, training)
        parts = [] if self.pooler is None else [hidden[:, :1, :]]
        if positions is not None:
            parts.append(gather_positions(hidden, positions))
        rows = ops.concatenate(parts, axis=1)
        rows = self._apply(last, hidden, bias, training, rows)
        outputs = {}
        if self.pooler is not None:
            outputs["pooled_output"] = self.pooler(rows[:, 0, :])
            rows = rows[:, 1:, :]
        if positions is not None:
            outputs["sequence_output"] = rows
        return outputs

    def hidden_states(self, inputs, training=None):
        """Returns the output of every depth.

        Args:
            inputs: as for a call.
            training: bool or None. Whether dropout is on.

        Returns:
            list of float[B, S, H]: the embeddings, then one for each
            application of a layer.
        """
        hidden, bias = self._embed(inputs, training)
        states = [hidden]
        for layer in self.layers_by_depth():
            states.append(self._apply(layer, states[-1], bias, training))
        return states

    def _embed(self, inputs, training):
        """Returns (float[B, S, H] embeddings, float[B, 1, 1, S] bias)."""
        positions = self.albert_config.max_position_embeddings
        inputs = complete_inputs(inputs, positions)
        hidden = self.embeddings(
            inputs["token_ids"], inputs["segment_ids"], training=training
        )
        return hidden, attention_bias(
            inputs["padding_mask"], self.compute_dtype
        )

    def _apply(self, layer, hidden, bias, training, *rows):
        def call(hidden, bias, *rows):
            return layer(hidden, bias, *rows, training=training)

        if training and self.gradient_checkpointing:
            call = keras.remat(call)
        return call(hidden, bias, *rows)

    def layers_by_depth(self):
        """Returns the layer that each depth applies, shared ones repeated."""
        config = self.albert_config
        inner = config.inner_group_num
        per_group = config.num_hidden_layers // config.num_hidden_groups
        return [
            layer
            for depth in range(config.num_hidden_layers)
            for group in (depth // per_group,)
            for layer in self.transformer_layers[
                group * inner : (group + 1) * inner
            ]
        ]

    def get_config(self):
        return {**super().get_config(), "has_pooler": self.has_pooler}
