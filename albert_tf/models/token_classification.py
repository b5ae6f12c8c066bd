"""A label for every token."""

import keras

from albert_tf.models.encoder import AlbertEncoder
from albert_tf.models.heads import classifier_head, resolve_labels
from albert_tf.models.pretrained import PretrainedModel


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertForTokenClassification(PretrainedModel):
    """Tags each token, for named entities and the like.

    Args:
        config: AlbertConfig.
        num_labels: int >= 1. Tags. Default 2.
        labels: sequence of str or None. Names of the tags in the order of
            the logits.

    Call arguments:
        inputs: as of `AlbertEncoder`.

    Returns:
        float[B, S, num_labels]: logits; those of padding mean nothing.

    Raises:
        ValueError: `labels` and `num_labels` disagree, or repeat a name.

    Source: transformers `AlbertForTokenClassification`.
    """

    def __init__(self, config, num_labels=None, labels=None, **kwargs):
        super().__init__(config, **kwargs)
        self.num_labels, self.labels = resolve_labels(num_labels, labels)
        self.encoder = AlbertEncoder(
            config, has_pooler=False, dtype=self.dtype_policy, name="encoder"
        )
        self.dropout = keras.layers.Dropout(
            config.classifier_dropout_prob, dtype=self.dtype_policy
        )
        self.classifier = classifier_head(
            config, self.num_labels, self.dtype_policy
        )
        self.built = True

    def call(self, inputs, training=None):
        sequence = self.encoder(inputs, training=training)["sequence_output"]
        return self.classifier(self.dropout(sequence, training=training))

    def get_config(self):
        return {
            **super().get_config(),
            "num_labels": self.num_labels,
            "labels": self.labels,
        }
