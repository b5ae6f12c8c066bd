"""Scores and keeps the moving average of the weights, not the last ones."""

import keras
import numpy as np


def ema_momentum(share, num_steps):
    """Returns the momentum of an average over about a share of the updates.

    Args:
        share: float in [0, 1).
        num_steps: int. Updates in all.

    Returns:
        float: 0, the last weights alone, where the share is one update.
    """
    return 1 - 1 / max(1.0, share * num_steps)


class TakeAverages(keras.callbacks.Callback):
    """Puts the averages in the weights' place when an epoch ends.

    Stands before the callbacks that score and keep the model; for an
    optimizer with `use_ema`.

    Attributes:
        own: list of array, the weights that training goes on with.
    """

    def __init__(self):
        super().__init__()
        self.own = []

    def on_epoch_end(self, epoch, logs=None):
        self.own = [np.array(w) for w in self.model.trainable_variables]
        # As Keras itself does at the end of `fit`.
        weights = self.model.trainable_variables
        self.model.optimizer.finalize_variable_values(weights)


class PutWeightsBack(keras.callbacks.Callback):
    """Puts the weights back that `TakeAverages` has replaced.

    Stands behind the callbacks that score and keep the model, and before the
    one that saves the state. Keras' `SwapEMAWeights` puts them back only
    when the next epoch begins, and not at the end of `fit`, after which
    another may follow.

    Args:
        averages: TakeAverages.
    """

    def __init__(self, averages):
        super().__init__()
        self._averages = averages

    def on_epoch_end(self, epoch, logs=None):
        self._put_back()

    def on_train_end(self, logs=None):
        # Keras has taken the averages once more.
        self._put_back()

    def _put_back(self):
        weights = self.model.trainable_variables
        for weight, value in zip(weights, self._averages.own):
            weight.assign(value)
