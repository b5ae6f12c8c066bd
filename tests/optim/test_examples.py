"""Every example in the docstrings of albert_tf.optim runs."""

import keras
import numpy as np
import pytest

from albert_tf.optim.fine_tuning import fine_tuning_optimizer
from albert_tf.optim.lamb import AlbertLamb
from albert_tf.optim.schedules import WarmUpPolynomialDecay
from tests.examples import run_example


@pytest.mark.parametrize(
    "documented", [AlbertLamb, WarmUpPolynomialDecay, fine_tuning_optimizer]
)
def test_example(documented):
    run_example(documented, keras=keras, np=np)
