"""The loss of a position among the tokens of a row."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="albert_tf")
class PositionLoss(keras.losses.Loss):
    """Cross entropy over the positions of a row, times a weight.

    Of question answering, whose loss is the mean of a start's and an end's:
    one for each output, with a weight of a half.

    Args:
        weight: float > 0.

    Call arguments:
        y_true: int[B]. The right position.
        y_pred: float[B, S]. Logits.

    Returns:
        float[B], in float32, before the reduction.

    Source: google-research/albert squad_utils.py `compute_loss`.
    """

    def __init__(self, weight=0.5, **kwargs):
        super().__init__(**{"name": "position_loss", **kwargs})
        self.weight = weight

    def call(self, y_true, y_pred):
        losses = keras.losses.sparse_categorical_crossentropy(
            ops.cast(y_true, "int32"),
            ops.cast(y_pred, "float32"),
            from_logits=True,
        )
        return self.weight * losses

    def get_config(self):
        return {**super().get_config(), "weight": self.weight}
