"""Prints the losses of a short pretraining; a process of its own.

Usage: run_distributed.py CORPUS SIZES STRATEGY OPTIMIZER

STRATEGY is one of `albert pretrain`, or "none"; so is OPTIMIZER. Devices are
virtual.
"""

import json
import os
import sys

NUM_STEPS = 20


def main():
    corpus, sizes, strategy, optimizer = sys.argv[1:5]
    if os.environ.get("KERAS_BACKEND") == "jax":
        os.environ["XLA_FLAGS"] = (
            "--xla_force_host_platform_device_count="
            + os.environ.get("NUM_DEVICES", "1")
        )
        # Devices that wait for each other hold their threads; with as many
        # threads as devices none is left to work, and XLA gives up.
        os.environ["NPROC"] = "32"
    else:
        _split_the_cpu(2 if strategy == "mirrored" else 1)
    print(json.dumps(_losses(corpus, sizes, strategy, optimizer)))


def _split_the_cpu(num_devices):
    import tensorflow as tf

    configuration = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [configuration] * num_devices,
    )


def _losses(corpus, sizes, strategy, optimizer):
    import keras

    from albert_tf import AlbertConfig, AlbertTokenizer
    from albert_tf.data.corpus import Corpus
    from albert_tf.data.pretraining import PretrainingBatches
    from albert_tf.train.pretrain_model import compiled_model
    from albert_tf.train.pretrain_options import PretrainOptions
    from albert_tf.train.strategy import distributed, share

    options = PretrainOptions(
        corpus=corpus,
        output="unused",
        config=sizes,
        max_length=48,
        batch_size=16,
        steps=NUM_STEPS,
        learning_rate=5e-3,
        optimizer=optimizer,
    )
    # Keras tells the mean of all steps so far.
    sums = [0.0]
    with distributed(strategy):
        keras.utils.set_random_seed(1)
        model = compiled_model(options, AlbertConfig.from_json(sizes))
        batches = PretrainingBatches(
            Corpus.open(corpus),
            AlbertTokenizer.from_pretrained(corpus),
            options.segments(),
            options.masking(),
            batch_size=options.batch_size,
            seed=1,
            num_shuffled=16,
        )
        model.fit(
            share(batches.training(num_steps=NUM_STEPS)),
            steps_per_epoch=NUM_STEPS,
            callbacks=[
                keras.callbacks.LambdaCallback(
                    on_train_batch_end=lambda step, logs: sums.append(
                        float(logs["loss"]) * (step + 1)
                    )
                )
            ],
            shuffle=False,
            verbose=0,
        )
    return [after - before for before, after in zip(sums, sums[1:])]


if __name__ == "__main__":
    main()
