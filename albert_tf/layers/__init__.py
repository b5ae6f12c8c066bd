"""Keras layers of ALBERT, on `keras.ops` alone."""
