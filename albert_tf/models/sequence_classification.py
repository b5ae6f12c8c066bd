"""One label, or one score, for a text or a pair of texts."""

import keras
from keras import ops

from albert_tf.models.encoder import AlbertEncoder
from albert_tf.models.heads import (
    classifier_head,
    early_exit_heads,
    resolve_labels,
)
from albert_tf.models.pretrained import PretrainedModel


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertForSequenceClassification(PretrainedModel):
    """Classifies texts, or scores them when it has one label.

    Args:
        config: AlbertConfig.
        num_labels: int >= 1. Classes; 1 for regression. Default 2.
        labels: sequence of str or None. Names of the classes in the order of
            the logits; saved with the model and shown by every runner.
        exit_heads: bool. Puts a classifier at every depth, so that a device
            may stop early; `fit` trains them all, the deeper the more, and
            tells the metrics of the last.

    Call arguments:
        inputs: as of `AlbertEncoder`.

    Returns:
        float[B, num_labels]: logits, or the score where there is one label.
        In training with exit heads float[B, L, num_labels], one a depth.

    Raises:
        ValueError: `labels` and `num_labels` disagree, or repeat a name;
            exit heads for a model of one depth, or one label.

    Example:
        config = AlbertConfig.from_preset("albert_edge_tiny")
        model = AlbertForSequenceClassification(config, num_labels=3)
        assert model({"token_ids": np.array([[2, 10, 3]])}).shape == (1, 3)

    Source: google-research/albert classifier_utils.py `create_model`;
    arXiv:2006.04152 section 3.2 for exit heads.
    """

    def __init__(
        self,
        config,
        num_labels=None,
        labels=None,
        exit_heads=False,
        **kwargs,
    ):
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
        self.exit_heads = None
        if exit_heads:
            self._check_exits()
            self.exit_heads = early_exit_heads(
                config, self.num_labels, self.dtype_policy
            )
        self.built = True

    def _check_exits(self):
        depth = self.albert_config.num_hidden_layers
        if depth < 2 or self.num_labels < 2:
            raise ValueError(
                "Exit heads need two depths and two labels or more: they stop "
                "where depths agree on a label. Received: "
                f"num_hidden_layers={depth}, num_labels={self.num_labels}."
            )

    def call(self, inputs, training=None):
        if training and self.exit_heads is not None:
            return self._logits_by_depth(inputs, training)
        outputs = self.encoder.outputs_at(inputs, training=training)
        pooled = outputs["pooled_output"]
        return self.classifier(self.dropout(pooled, training=training))

    def logits_by_depth(self, inputs):
        """Returns the logits of every depth, the last one's as of a call.

        Args:
            inputs: as for a call.

        Returns:
            float[B, L, num_labels].

        Raises:
            ValueError: the model has no exit heads.
        """
        if self.exit_heads is None:
            raise ValueError(
                "The model has no exit heads. Make or load it with "
                "`exit_heads=True`, and train it."
            )
        return self._logits_by_depth(inputs, training=False)

    def _logits_by_depth(self, inputs, training):
        states = self.encoder.hidden_states(inputs, training=training)
        inner = self.albert_config.inner_group_num
        first = ops.stack([s[:, 0, :] for s in states[inner::inner]], axis=1)
        pooled = self.dropout(self.encoder.pooler(first), training=training)
        last = self.classifier(pooled[:, -1:, :])
        return ops.concatenate(
            [self.exit_heads(pooled[:, :-1, :]), last], axis=1
        )

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        loss_of = super().compute_loss
        if not _has_depths(y_pred):
            return loss_of(x, y, y_pred, sample_weight, training)
        depth = y_pred.shape[1]
        total = depth * (depth + 1) / 2
        return sum(
            loss_of(x, y, y_pred[:, index], sample_weight, training)
            * ((index + 1) / total)
            for index in range(depth)
        )

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        if _has_depths(y_pred):
            y_pred = y_pred[:, -1]
        return super().compute_metrics(x, y, y_pred, sample_weight)

    def get_config(self):
        return {
            **super().get_config(),
            "num_labels": self.num_labels,
            "labels": self.labels,
            "exit_heads": self.exit_heads is not None,
        }


def _has_depths(y_pred):
    return y_pred is not None and len(y_pred.shape) == 3
