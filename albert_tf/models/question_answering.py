"""Where an answer begins and ends in a passage."""

import keras

from albert_tf.models.encoder import AlbertEncoder
from albert_tf.models.heads import classifier_head
from albert_tf.models.pretrained import PretrainedModel


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertForQuestionAnswering(PretrainedModel):
    """Scores every token as first and as last of the answer.

    Args:
        config: AlbertConfig.

    Call arguments:
        inputs: as of `AlbertEncoder`; question and passage are a pair.

    Returns:
        dict: `start_logits` and `end_logits`, float[B, S].

    Source: google-research/albert squad_utils.py `create_v1_model`.
    """

    def __init__(self, config, **kwargs):
        super().__init__(config, **kwargs)
        self.encoder = AlbertEncoder(
            config, has_pooler=False, dtype=self.dtype_policy, name="encoder"
        )
        self.classifier = classifier_head(config, 2, self.dtype_policy)
        self.built = True

    def call(self, inputs, training=None):
        sequence = self.encoder(inputs, training=training)["sequence_output"]
        logits = self.classifier(sequence)
        return {
            "start_logits": logits[..., 0],
            "end_logits": logits[..., 1],
        }
