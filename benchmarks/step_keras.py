"""Times training steps of an ALBERT in Keras; `benchmarks.training` runs it.

KERAS_BACKEND=jax python -m benchmarks.step_keras \
    albert_tf|keras_hub float32|bfloat16 BATCH LENGTH STEPS
"""

import sys

import keras
import numpy as np

from albert_tf import AlbertConfig
from benchmarks.meter import measured_step
from benchmarks.models import keras_hub_backbone


def main():
    name, precision = sys.argv[1:3]
    batch_size, length, steps = map(int, sys.argv[3:])
    keras.config.set_dtype_policy(
        "float32" if precision == "float32" else "mixed_bfloat16"
    )
    config = AlbertConfig.from_preset("albert_base_v2")
    make = {"albert_tf": _albert_tf, "keras_hub": _keras_hub}[name]

    def make_step():
        model = make(config)
        model.optimizer.build(model.trainable_variables)
        inputs, labels = _batch(config, (batch_size, length))
        return lambda: model.train_on_batch(inputs, labels)

    measured_step(make_step, steps)


def _albert_tf(config):
    from albert_tf import AlbertForSequenceClassification
    from albert_tf.optim.fine_tuning import fine_tuning_optimizer
    from albert_tf.train.losses import LabelLoss

    model = AlbertForSequenceClassification(config)
    optimizer = fine_tuning_optimizer(1e-5, 100)
    model.compile(optimizer, LabelLoss(), jit_compile=_is_compiled())
    return model


def _keras_hub(config):
    backbone = keras_hub_backbone(config)
    logits = keras.layers.Dense(2)(backbone.output["pooled_output"])
    model = keras.Model(backbone.input, logits)
    model.compile(
        keras.optimizers.AdamW(1e-5, global_clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=_is_compiled(),
    )
    return model


def _is_compiled():
    """On TensorFlow XLA is slower on CPUs; JAX is nothing without it."""
    return keras.backend.backend() == "jax"


def _batch(config, shape):
    generator = np.random.default_rng(0)
    ids = generator.integers(5, config.vocab_size, shape).astype(np.int32)
    inputs = {
        "token_ids": ids,
        "segment_ids": np.zeros(shape, np.int32),
        "padding_mask": np.ones(shape, np.int32),
    }
    return inputs, generator.integers(0, 2, shape[0]).astype(np.int32)


if __name__ == "__main__":
    main()
