"""Which of several answers is right."""

import keras
from keras import ops

from albert_tf.models.encoder import AlbertEncoder
from albert_tf.models.heads import classifier_head
from albert_tf.models.inputs import complete_inputs
from albert_tf.models.pretrained import PretrainedModel


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertForMultipleChoice(PretrainedModel):
    """Scores C candidate sequences against each other.

    Args:
        config: AlbertConfig.

    Call arguments:
        inputs: as of `AlbertEncoder`, but int[B, C, S]: a sequence for each
            choice.

    Returns:
        float[B, C]: a logit for each choice.

    Source: google-research/albert race_utils.py `create_model`.
    """

    def __init__(self, config, **kwargs):
        super().__init__(config, **kwargs)
        self.encoder = AlbertEncoder(
            config, dtype=self.dtype_policy, name="encoder"
        )
        self.dropout = keras.layers.Dropout(
            config.classifier_dropout_prob, dtype=self.dtype_policy
        )
        self.classifier = classifier_head(config, 1, self.dtype_policy)
        self.built = True

    def call(self, inputs, training=None):
        positions = self.albert_config.max_position_embeddings
        inputs = complete_inputs(inputs, positions)
        shape = ops.shape(inputs["token_ids"])
        flat = {
            name: ops.reshape(tensor, (-1, shape[-1]))
            for name, tensor in inputs.items()
        }
        outputs = self.encoder.outputs_at(flat, training=training)
        pooled = outputs["pooled_output"]
        logits = self.classifier(self.dropout(pooled, training=training))
        return ops.reshape(logits, (-1, shape[1]))
