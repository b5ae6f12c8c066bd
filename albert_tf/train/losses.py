"""Losses of labels: some ignored, some weighing more."""

import keras
from keras import ops

from albert_tf.data.rows import IGNORED


@keras.saving.register_keras_serializable(package="albert_tf")
class LabelLoss(keras.losses.Loss):
    """Cross entropy of logits and label indices, averaged over the labels.

    Labels below 0 count for nothing, so that padding and the later pieces of
    a word neither pull nor dilute. With class weights it is the weighted
    average: a batch of rare labels does not weigh more than another batch.

    Args:
        class_weights: list of float > 0, by label, or None for all 1.
        label_smoothing: float in [0, 1). Share of each label's probability
            that is spread evenly over all labels.

    Call arguments:
        y_true: int[B], or int[B, S] with a label for each token.
        y_pred: float[B, C], or float[B, S, C]. Logits.
        sample_weight: float[B], or one for each label; or None. Multiplies
            the losses, and as everywhere in Keras does not divide their sum.

    Returns:
        float: the loss of the batch, in float32. With a reduction of None
        one for each label, of which it is the mean.
    """

    def __init__(self, class_weights=None, label_smoothing=0.0, **kwargs):
        super().__init__(**{"name": "label_loss", **kwargs})
        if not 0 <= label_smoothing < 1:
            raise ValueError(
                "`label_smoothing` must be at least 0 and below 1. Received: "
                f"label_smoothing={label_smoothing}."
            )
        self.class_weights = class_weights and list(map(float, class_weights))
        self.label_smoothing = label_smoothing

    def __call__(self, y_true, y_pred, sample_weight=None):
        labels = ops.convert_to_tensor(y_true)
        if sample_weight is not None:
            sample_weight = ops.convert_to_tensor(sample_weight)
            # Subtle: float[B, S] times float[B] would weigh places, not rows.
            if len(sample_weight.shape) < len(labels.shape):
                sample_weight = ops.expand_dims(sample_weight, -1)
        return super().__call__(labels, y_pred, sample_weight)

    def call(self, y_true, y_pred):
        labels = ops.cast(y_true, "int32")
        is_real = ops.cast(ops.not_equal(labels, IGNORED), "float32")
        labels = ops.maximum(labels, 0)
        chances = ops.log_softmax(ops.cast(y_pred, "float32"), axis=-1)
        right = ops.take_along_axis(
            chances, ops.expand_dims(labels, -1), axis=-1
        )
        spread = ops.mean(chances, axis=-1)
        kept = 1 - self.label_smoothing
        losses = -kept * ops.squeeze(right, -1) - self.label_smoothing * spread
        weights = is_real
        if self.class_weights is not None:
            by_label = ops.convert_to_tensor(self.class_weights, "float32")
            weights = weights * ops.take(by_label, labels)
        # A batch without a label has loss 0, not 0 / 0.
        total = ops.maximum(ops.sum(weights), 1e-9)
        size = ops.cast(ops.size(weights), "float32")
        return losses * weights * (size / total)

    def get_config(self):
        return {
            **super().get_config(),
            "class_weights": self.class_weights,
            "label_smoothing": self.label_smoothing,
        }


@keras.saving.register_keras_serializable(package="albert_tf")
class ScoreLoss(keras.losses.Loss):
    """Mean squared error of scores.

    Call arguments:
        y_true: float[B].
        y_pred: float[B, 1].
        sample_weight: float[B], or None.

    Returns:
        float: the loss of the batch, in float32. With a reduction of None
        one for each score.
    """

    def __init__(self, **kwargs):
        super().__init__(**{"name": "score_loss", **kwargs})

    def call(self, y_true, y_pred):
        # Subtle: float[B] less float[B, 1] would be float[B, B].
        expected = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        predicted = ops.reshape(ops.cast(y_pred, "float32"), (-1,))
        return ops.square(expected - predicted)
