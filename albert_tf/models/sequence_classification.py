"""One label, or one score, for a text or a pair of texts."""

import keras

from albert_tf.models.encoder import AlbertEncoder
from albert_tf.models.heads import classifier_head, resolve_labels
from albert_tf.models.pretrained import PretrainedModel


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertForSequenceClassification(PretrainedModel):
    """Classifies texts, or scores them when it has one label.

    Args:
        config: AlbertConfig.
        num_labels: int >= 1. Classes; 1 for regression. Default 2.
        labels: sequence of str or None. Names of the classes in the order of
            the logits; saved with the model and shown by every runner.

    Call arguments:
        inputs: as of `AlbertEncoder`.

    Returns:
        float[B, num_labels]: logits, or the score where there is one label.

    Raises:
        ValueError: `labels` and `num_labels` disagree, or repeat a name.

    Example:
        config = AlbertConfig.from_preset("albert_edge_tiny")
        model = AlbertForSequenceClassification(config, num_labels=3)
        assert model({"token_ids": np.array([[2, 10, 3]])}).shape == (1, 3)

    Source: google-research/albert classifier_utils.py `create_model`.
    """

    def __init__(self, config, num_labels=None, labels=None, **kwargs):
        super().__init__(config, **kwargs)
        self.num_labels, self.labels = resolve_labels(num_labels, labels)
        self.encoder = AlbertEncoder(
            config, dtype=self.dtype_policy, name="encoder"
        )
        self.dropout = keras.layers.Dropout(
            config.classifier_dropout_prob, dtype=self.dtype_policy
        )
        self.classifier = classifier_head(
            config, self.num_labels, self.dtype_policy
        )
        self.built = True

    def call(self, inputs, training=None):
        pooled = self.encoder(inputs, training=training)["pooled_output"]
        return self.classifier(self.dropout(pooled, training=training))

    def get_config(self):
        return {
            **super().get_config(),
            "num_labels": self.num_labels,
            "labels": self.labels,
        }
