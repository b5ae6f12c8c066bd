"""The learning-rate schedule that ALBERT was trained with."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="albert_tf")
class WarmUpPolynomialDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Rises in a line to the peak, then falls to 0 at the last step.

    1. Warm-up: learning_rate * step / num_warm_up_steps.
    2. Decay: learning_rate * (1 - step / num_train_steps) ** power.

    Subtle: the decay runs over all steps, not over those after the warm-up.
    The rate therefore drops a little where the warm-up ends, as it did when
    the published weights were trained.

    Args:
        learning_rate: float > 0. The peak that the warm-up aims at.
        num_train_steps: int > 0. The step at which the rate reaches 0.
        num_warm_up_steps: int in [0, num_train_steps]. Default 0: none.
        power: float >= 0. Of the decay; 1 is a straight line, 0 keeps the
            peak to the end.
        name: str.

    Call arguments:
        step: int[], counted from 0.

    Returns:
        float32[], the rate of that step.

    Raises:
        ValueError: an argument is out of its range.

    Example:
        rate = WarmUpPolynomialDecay(1e-3, 100, num_warm_up_steps=10)
        assert abs(float(rate(5)) - 0.5e-3) < 1e-8
        assert abs(float(rate(50)) - 0.5e-3) < 1e-8

    Source: google-research/albert optimization.py `create_optimizer`.
    Differs: no `start_warmup_step`.
    """

    def __init__(
        self,
        learning_rate,
        num_train_steps,
        num_warm_up_steps=0,
        power=1.0,
        name="warm_up_polynomial_decay",
    ):
        super().__init__()
        _check_arguments(
            learning_rate, num_train_steps, num_warm_up_steps, power
        )
        self.learning_rate = learning_rate
        self.num_train_steps = num_train_steps
        self.num_warm_up_steps = num_warm_up_steps
        self.power = power
        self.name = name

    def __call__(self, step):
        step = ops.cast(step, "float32")
        done = ops.minimum(step / self.num_train_steps, 1.0)
        decayed = self.learning_rate * ops.power(1.0 - done, self.power)
        if not self.num_warm_up_steps:
            return decayed
        rising = self.learning_rate * (step / self.num_warm_up_steps)
        return ops.where(step < self.num_warm_up_steps, rising, decayed)

    def get_config(self):
        return {
            "learning_rate": self.learning_rate,
            "num_train_steps": self.num_train_steps,
            "num_warm_up_steps": self.num_warm_up_steps,
            "power": self.power,
            "name": self.name,
        }


def _check_arguments(learning_rate, num_train_steps, num_warm_up_steps, power):
    if not 0.0 < learning_rate < float("inf"):
        raise ValueError(
            "`learning_rate` must be above 0. "
            f"Received: learning_rate={learning_rate}."
        )
    if num_train_steps < 1:
        raise ValueError(
            "`num_train_steps` must be 1 or more. "
            f"Received: num_train_steps={num_train_steps}."
        )
    if not 0 <= num_warm_up_steps <= num_train_steps:
        raise ValueError(
            "`num_warm_up_steps` must lie between 0 and `num_train_steps`. "
            f"Received: num_warm_up_steps={num_warm_up_steps}, "
            f"num_train_steps={num_train_steps}. A tenth of the steps is "
            "usual."
        )
    if power < 0.0:
        raise ValueError(
            f"`power` must not be below 0. Received: power={power}. "
            "1 is a straight line, 0 keeps the rate."
        )
