"""AdamW for fine-tuning, with its exclusions saved."""

import re

import keras

from albert_tf.optim.exclusion import (
    BIASES_AND_NORMS,
    check_patterns,
    names_for_keras,
)
from albert_tf.optim.updates import WholeBatchUpdates


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertAdamW(WholeBatchUpdates, keras.optimizers.AdamW):
    """`keras.optimizers.AdamW` that leaves biases and norms undecayed.

    Keras sets exclusions after the optimizer is made and does not save them,
    so that a run resumed from a file decays what it did not decay before.
    Here they are an argument.

    Args:
        learning_rate: float or LearningRateSchedule.
        weight_decay: float >= 0. Default 0.01.
        epsilon: float > 0.
        exclude: list of str, regular expressions searched in the last part
            of a variable's path.
        global_clipnorm: float or None. None does not clip.
        learning_rate_factors: list of (regular expression, float). The
            first one found in a variable's path multiplies its learning
            rate; weight decay goes by the plain rate.
        **kwargs: of `keras.optimizers.AdamW`.

    Source: google-research/albert optimization.py
    `AdamWeightDecayOptimizer`. Differs: corrects the moments' bias, as
    AdamW does everywhere else.
    """

    def __init__(
        self,
        learning_rate=2e-5,
        weight_decay=0.01,
        epsilon=1e-6,
        exclude=BIASES_AND_NORMS,
        global_clipnorm=1.0,
        learning_rate_factors=(),
        **kwargs,
    ):
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            epsilon=epsilon,
            global_clipnorm=global_clipnorm,
            **kwargs,
        )
        self.exclude = check_patterns(exclude, "exclude")
        self.exclude_from_weight_decay(var_names=names_for_keras(self.exclude))
        self.learning_rate_factors = [
            (pattern, float(factor))
            for pattern, factor in learning_rate_factors
        ]

    def update_step(self, gradient, variable, learning_rate):
        # TensorFlow hands out a variable of its own here, without a path.
        index = self._get_variable_index(variable)
        factor = self._factor(self._trainable_variables[index].path)
        super().update_step(gradient, variable, learning_rate * factor)

    def _factor(self, path):
        for pattern, factor in self.learning_rate_factors:
            if re.search(pattern, path):
                return factor
        return 1.0

    def get_config(self):
        return {
            **super().get_config(),
            "exclude": list(self.exclude),
            "learning_rate_factors": self.learning_rate_factors,
        }
