"""The schedule equals google-research/albert's, and survives saving."""

import keras
import numpy as np
import pytest

from albert_tf.optim.schedules import WarmUpPolynomialDecay
from tests.reference import lamb as reference


@pytest.mark.parametrize("power", [1.0, 0.5, 2.0, 0.0])
@pytest.mark.parametrize("num_warm_up_steps", [0, 1, 7, 40])
def test_every_step(num_warm_up_steps, power):
    schedule = WarmUpPolynomialDecay(1.76e-3, 40, num_warm_up_steps, power)
    for step in range(45):
        expected = reference.learning_rate(
            step, 1.76e-3, 40, num_warm_up_steps, power
        )
        assert float(schedule(step)) == pytest.approx(expected, abs=1e-9)


def test_the_published_run():
    """125,000 steps, of which 3,125 warm up: paper, section 4.1."""
    schedule = WarmUpPolynomialDecay(1.76e-3, 125_000, 3_125)
    rates = [float(schedule(s)) for s in (0, 3_124, 3_125, 62_500, 125_000)]
    expected = [0.0, 1.76e-3 * 3_124 / 3_125, 1.716e-3, 8.8e-4, 0.0]
    np.testing.assert_allclose(rates, expected, rtol=1e-6)


def test_round_trip():
    schedule = WarmUpPolynomialDecay(0.1, 10, 3, 2.0)
    config = keras.optimizers.schedules.serialize(schedule)
    again = keras.optimizers.schedules.deserialize(config)
    assert isinstance(again, WarmUpPolynomialDecay)
    assert again.get_config() == schedule.get_config()


def test_step_may_be_an_integer_tensor():
    schedule = WarmUpPolynomialDecay(0.1, 10, 4)
    step = keras.ops.convert_to_tensor(2, "int64")
    assert float(schedule(step)) == pytest.approx(0.05)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((0.0, 10), "`learning_rate` must be above 0"),
        ((float("inf"), 10), "`learning_rate` must be above 0"),
        ((0.1, 0), "`num_train_steps` must be 1 or more"),
        ((0.1, 10, 11), "between 0 and `num_train_steps`.*=11,.*=10"),
        ((0.1, 10, -1), "between 0 and `num_train_steps`"),
        ((0.1, 10, 1, -0.5), "`power` must not be below 0"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        WarmUpPolynomialDecay(*arguments)
