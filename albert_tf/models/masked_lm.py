"""Which piece stands behind a mask."""

import keras

from albert_tf.models.encoder import AlbertEncoder
from albert_tf.models.heads import masked_lm_head, word_embeddings
from albert_tf.models.inputs import complete_inputs
from albert_tf.models.pretrained import PretrainedModel


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertForMaskedLM(PretrainedModel):
    """Scores every piece of the vocabulary at masked positions.

    Args:
        config: AlbertConfig.

    Call arguments:
        inputs: as of `AlbertEncoder`, and optionally `masked_positions`
            int[B, P]: indices into the sequence.

    Returns:
        float[B, P, V]: logits at those positions, or at all S where none are
        given.

    Source: google-research/albert run_pretraining.py `get_masked_lm_output`.
    """

    def __init__(self, config, **kwargs):
        super().__init__(config, **kwargs)
        self.encoder = AlbertEncoder(
            config, has_pooler=False, dtype=self.dtype_policy, name="encoder"
        )
        self.masked_lm = masked_lm_head(config, self.dtype_policy)
        self.built = True

    def call(self, inputs, training=None):
        inputs, positions = split_positions(inputs, self.albert_config)
        outputs = masked_outputs(self.encoder, inputs, positions, training)
        return self.masked_lm(
            outputs["sequence_output"], word_embeddings(self.encoder)
        )


def split_positions(inputs, config):
    """Returns (encoder inputs, masked positions or None).

    Raises:
        ValueError: as `complete_inputs`.
    """
    completed = complete_inputs(
        inputs, config.max_position_embeddings, extra=("masked_positions",)
    )
    positions = completed.pop("masked_positions", None)
    return completed, positions


def masked_outputs(encoder, inputs, positions, training):
    """Returns the encoder's outputs at int[B, P], or at all S for None."""
    if positions is None:
        return encoder(inputs, training=training)
    return encoder.outputs_at(inputs, positions, training=training)
