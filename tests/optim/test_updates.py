"""A batch in parts takes the steps of the whole one, as long as a run is."""

import keras
import numpy as np
import pytest

from albert_tf.optim.fine_tuning import fine_tuning_optimizer
from albert_tf.train.pretrain_model import optimizer
from albert_tf.train.pretrain_options import OPTIMIZERS, PretrainOptions

NUM_STEPS = 6


def _run(name, num_parts):
    """Returns the rates of updates, and the weights after them."""
    options = PretrainOptions(
        corpus="none",
        output="none",
        steps=NUM_STEPS,
        warm_up_steps=2,
        batch_size=4,
        accumulation_steps=num_parts,
        optimizer=name,
        learning_rate=0.01,
    )
    taken = optimizer(options)
    random = np.random.default_rng(5)
    weights = keras.Variable(random.normal(size=(4, 3)).astype("float32"))
    taken.build([weights])
    rates = []
    for _ in range(NUM_STEPS):
        rates.append(float(taken.learning_rate))
        gradient = random.normal(size=(4, 3)).astype("float32")
        for _ in range(num_parts):
            taken.apply([keras.ops.convert_to_tensor(gradient)])
    return rates, np.array(weights)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_parts_follow_the_schedule_of_the_whole(name):
    rates, weights = _run(name, 1)
    rates_of_parts, weights_of_parts = _run(name, 4)
    np.testing.assert_allclose(rates_of_parts, rates, rtol=1e-6)
    np.testing.assert_allclose(weights_of_parts, weights, atol=1e-6)


@pytest.mark.parametrize("num_parts", [1, 4])
def test_averages_move_with_every_update(num_parts):
    taken = fine_tuning_optimizer(
        0.1,
        NUM_STEPS,
        use_ema=True,
        ema_momentum=0.75,
        gradient_accumulation_steps=num_parts if num_parts > 1 else None,
    )
    random = np.random.default_rng(5)
    weights = keras.Variable(random.normal(size=(4, 3)).astype("float32"))
    taken.build([weights])
    expected = None
    for _ in range(NUM_STEPS):
        gradient = random.normal(size=(4, 3)).astype("float32")
        for _ in range(num_parts):
            taken.apply([keras.ops.convert_to_tensor(gradient)])
        now = np.array(weights)
        # The first update's weights are the first average.
        last = now if expected is None else expected
        expected = 0.75 * last + 0.25 * now
        (average,) = taken._model_variables_moving_average
        np.testing.assert_allclose(np.array(average), expected, atol=1e-6)
