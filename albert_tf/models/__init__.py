"""The encoder and a model for each task, as `keras.Model`s."""
