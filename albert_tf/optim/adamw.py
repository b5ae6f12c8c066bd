"""AdamW for fine-tuning, with its exclusions saved."""

import keras

from albert_tf.optim.clipping import GlobalClipping
from albert_tf.optim.exclusion import BIASES_AND_NORMS, check_patterns


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertAdamW(GlobalClipping, keras.optimizers.AdamW):
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
        # Subtle: Keras compares with a name that TensorFlow ends in ":0".
        self.exclude_from_weight_decay(
            var_names=[
                pattern.removesuffix("$") + "(:0)?$"
                if pattern.endswith("$")
                else pattern
                for pattern in self.exclude
            ]
        )

    def get_config(self):
        return {**super().get_config(), "exclude": list(self.exclude)}
