"""LAMB as ALBERT used it."""

import keras
from keras import ops

from albert_tf.optim.exclusion import (
    BIASES_AND_NORMS,
    check_patterns,
    is_excluded,
)
from albert_tf.optim.updates import WholeBatchUpdates


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertLamb(WholeBatchUpdates, keras.optimizers.Optimizer):
    """Adam whose step is scaled, layer by layer, to the size of the weights.

    Made for batches of thousands. `keras.optimizers.Lamb` is another
    algorithm: it corrects the moments' bias, and decays weights outside the
    ratio. For every variable:

    1. m = beta_1 m + (1 - beta_1) g;  v = beta_2 v + (1 - beta_2) g².
    2. update = m / (sqrt(v) + epsilon) + weight_decay_rate * w.
    3. w = w - learning_rate * |w| / |update| * update.

    Biases and normalization layers take neither the decay of 2 nor the
    ratio of 3. Gradients are first clipped to a global norm.

    Subtle: on TensorFlow that norm takes the rows of an embedding's gradient
    one by one, as Google's trainer did on CPUs and GPUs; on JAX, as on TPUs,
    it takes their sum. The weights differ in the fifth digit.

    Args:
        learning_rate: float or LearningRateSchedule. The paper's 0.00176 is
            for batches of 4096; scale it by sqrt(batch / 4096).
        weight_decay_rate: float >= 0. Default 0.01.
        beta_1: float in [0, 1). Decay of the first moment.
        beta_2: float in [0, 1). Decay of the second moment.
        epsilon: float > 0.
        exclude: list of str, regular expressions searched in
            `variable.path`. Variables that take neither decay nor ratio.
        global_clipnorm: float or None. None does not clip; leave it so to
            use `clipnorm` or `clipvalue`.
        name: str.
        **kwargs: of `keras.optimizers.Optimizer`, such as
            `gradient_accumulation_steps` or `loss_scale_factor`.

    Raises:
        ValueError: an argument is out of its range.

    Example:
        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile(AlbertLamb(1e-3), loss="mse")
        model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)

    Source: arXiv:1904.00962; google-research/albert lamb_optimizer.py,
    optimization.py `create_optimizer`. Differs: one list of exclusions.
    """

    def __init__(
        self,
        learning_rate,
        weight_decay_rate=0.01,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-6,
        exclude=BIASES_AND_NORMS,
        global_clipnorm=1.0,
        name="albert_lamb",
        **kwargs,
    ):
        if kwargs.pop("weight_decay", None) is not None:
            raise ValueError(
                "`weight_decay` is Keras' decay, outside the trust ratio. "
                "Give `weight_decay_rate` instead."
            )
        super().__init__(
            learning_rate, global_clipnorm=global_clipnorm, name=name, **kwargs
        )
        _check_rates(weight_decay_rate, beta_1, beta_2, epsilon)
        self.weight_decay_rate = weight_decay_rate
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.exclude = check_patterns(exclude, "exclude")

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._momentums, self._velocities = self.add_optimizer_variables(
            variables, ["momentum", "velocity"]
        )

    def update_step(self, gradient, variable, learning_rate):
        """Updates one variable and its moments, in float32 throughout.

        Args:
            gradient: of the variable's shape, or the rows of a table.
            variable: to update.
            learning_rate: float[].
        """
        index = self._get_variable_index(variable)
        momentum, velocity = self._momentums[index], self._velocities[index]
        # An embedding's gradient may come as rows to be summed; adding 0
        # sums them.
        gradient = ops.add(ops.cast(gradient, "float32"), 0.0)
        weights = ops.cast(variable, "float32")
        next_momentum = (
            self.beta_1 * ops.cast(momentum, "float32")
            + (1.0 - self.beta_1) * gradient
        )
        next_velocity = self.beta_2 * ops.cast(velocity, "float32") + (
            1.0 - self.beta_2
        ) * ops.square(gradient)
        update = next_momentum / (ops.sqrt(next_velocity) + self.epsilon)
        ratio = 1.0
        if not is_excluded(self._trainable_variables[index].path, self.exclude):
            update = update + self.weight_decay_rate * weights
            ratio = _trust_ratio(weights, update)
        step = ratio * ops.cast(learning_rate, "float32") * update
        self.assign(momentum, next_momentum)
        self.assign(velocity, next_velocity)
        self.assign(variable, weights - step)

    def exclude_from_weight_decay(self, var_list=None, var_names=None):
        raise ValueError(
            "AlbertLamb takes its exclusions when it is made, and saves "
            "them: AlbertLamb(learning_rate, exclude=[...])."
        )

    def get_config(self):
        config = super().get_config()
        del config["weight_decay"]
        return {
            **config,
            "weight_decay_rate": self.weight_decay_rate,
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "exclude": list(self.exclude),
        }


def _trust_ratio(weights, update):
    """Returns |w| / |update|, or 1 where either is 0."""
    weights_norm = ops.sqrt(ops.sum(ops.square(weights)))
    update_norm = ops.sqrt(ops.sum(ops.square(update)))
    usable = ops.logical_and(weights_norm > 0.0, update_norm > 0.0)
    return ops.where(
        usable, weights_norm / ops.where(usable, update_norm, 1.0), 1.0
    )


def _check_rates(weight_decay_rate, beta_1, beta_2, epsilon):
    if not 0.0 <= weight_decay_rate < float("inf"):
        raise ValueError(
            "`weight_decay_rate` must be 0 or more. "
            f"Received: weight_decay_rate={weight_decay_rate}."
        )
    for name, value in (("beta_1", beta_1), ("beta_2", beta_2)):
        if not 0.0 <= value < 1.0:
            raise ValueError(
                f"`{name}` must be at least 0 and below 1. "
                f"Received: {name}={value}."
            )
    if epsilon <= 0.0:
        raise ValueError(
            f"`epsilon` must be above 0. Received: epsilon={epsilon}."
        )
