"""The two tasks ALBERT is pretrained on."""

import keras

from albert_tf.models.encoder import AlbertEncoder
from albert_tf.models.heads import (
    classifier_head,
    masked_lm_head,
    word_embeddings,
)
from albert_tf.models.masked_lm import masked_outputs, split_positions
from albert_tf.models.pretrained import PretrainedModel


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertForPreTraining(PretrainedModel):
    """Fills masks, and tells whether two segments were swapped.

    Args:
        config: AlbertConfig.

    Call arguments:
        inputs: as of `AlbertEncoder`, and optionally `masked_positions`
            int[B, P]: indices into the sequence.

    Returns:
        dict: `masked_lm_logits` float[B, P, V], at all S positions where none
        are given; `sentence_order_logits` float[B, 2], label 1 meaning that
        the segments are swapped.

    Source: google-research/albert run_pretraining.py `model_fn`.
    """

    def __init__(self, config, **kwargs):
        super().__init__(config, **kwargs)
        self.encoder = AlbertEncoder(
            config, dtype=self.dtype_policy, name="encoder"
        )
        self.masked_lm = masked_lm_head(config, self.dtype_policy)
        self.sentence_order = classifier_head(
            config, 2, self.dtype_policy, name="sentence_order"
        )
        self.built = True

    def call(self, inputs, training=None):
        inputs, positions = split_positions(inputs, self.albert_config)
        outputs = masked_outputs(self.encoder, inputs, positions, training)
        return {
            "masked_lm_logits": self.masked_lm(
                outputs["sequence_output"], word_embeddings(self.encoder)
            ),
            "sentence_order_logits": self.sentence_order(
                outputs["pooled_output"]
            ),
        }
