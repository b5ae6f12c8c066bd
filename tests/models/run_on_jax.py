"""Loads saved models on the JAX backend and compares; a process of its own."""

import os
import pathlib
import sys

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

import albert_tf
from tests.models.common import CLASSES, inputs_of, outputs_of


def main(folder):
    assert keras.backend.backend() == "jax"
    batch = dict(np.load(folder / "batch.npz"))
    expected = np.load(folder / "expected.npz")
    for name in CLASSES:
        model = getattr(albert_tf, name).from_pretrained(folder / name)
        for i, output in enumerate(outputs_of(model(inputs_of(name, batch)))):
            difference = np.abs(output - expected[f"{name}-{i}"]).max()
            assert difference <= 1e-5, (name, i, difference)
    keras.utils.set_random_seed(0)
    config = model.albert_config.replace(
        initializer_range=0.05, classifier_dropout_prob=0.0
    )
    model = albert_tf.AlbertForSequenceClassification(config)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), loss)
    history = model.fit(batch, np.array([0, 1, 1]), epochs=60, verbose=0)
    losses = history.history["loss"]
    assert losses[-1] < 0.2 * losses[0], losses


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
