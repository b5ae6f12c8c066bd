"""Optimizers and learning-rate schedules as ALBERT used them."""

from albert_tf.optim.adamw import AlbertAdamW
from albert_tf.optim.fine_tuning import fine_tuning_optimizer
from albert_tf.optim.lamb import AlbertLamb
from albert_tf.optim.schedules import WarmUpPolynomialDecay

__all__ = [
    "AlbertAdamW",
    "AlbertLamb",
    "WarmUpPolynomialDecay",
    "fine_tuning_optimizer",
]
