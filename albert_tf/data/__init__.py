"""Readers of labelled text, and `tf.data` pipelines made from them."""
