"""Times training steps of our ALBERT-base; `benchmarks.training` runs it.

python benchmarks/step_keras.py float32|bfloat16 BATCH LENGTH STEPS
"""

import json
import statistics
import sys
import time

import numpy as np


def main():
    precision = sys.argv[1]
    batch_size, length, steps = map(int, sys.argv[2:])
    from albert_tf import AlbertConfig, AlbertForSequenceClassification
    from albert_tf.optim.fine_tuning import fine_tuning_optimizer
    from albert_tf.train.losses import LabelLoss

    config = AlbertConfig.from_preset("albert_base_v2")
    policy = "float32" if precision == "float32" else "mixed_bfloat16"
    model = AlbertForSequenceClassification(config, dtype=policy)
    model.compile(
        fine_tuning_optimizer(1e-5, 100), LabelLoss(), jit_compile=False
    )
    model.optimizer.build(model.trainable_variables)
    generator = np.random.default_rng(0)
    shape = (batch_size, length)
    inputs = {
        "token_ids": generator.integers(5, 30000, shape).astype(np.int32),
        "segment_ids": np.zeros(shape, np.int32),
        "padding_mask": np.ones(shape, np.int32),
    }
    labels = generator.integers(0, 2, batch_size).astype(np.int32)
    times = []
    for _ in range(steps + 2):
        start = time.perf_counter()
        model.train_on_batch(inputs, labels)
        times.append(time.perf_counter() - start)
    print(json.dumps(statistics.median(times[2:])))


if __name__ == "__main__":
    main()
