"""Scores, as each task's field computes them."""
