"""Optimizers and learning-rate schedules as ALBERT used them."""
