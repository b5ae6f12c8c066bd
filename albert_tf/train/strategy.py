"""Spreads a training over devices and machines, with existing engines."""

import contextlib
import os

import keras

_JOB_ADDRESSES = "KERAS_DISTRIBUTION_JOB_ADDRESSES"


@contextlib.contextmanager
def distributed(name):
    """Opens the scope that the model must be made and trained in.

    Args:
        name: str, one of those that `albert pretrain --help` lists:
            `"none"` for one device; on TensorFlow `"mirrored"` for all GPUs
            of a machine, `"multi-worker"` for all machines that the variable
            TF_CONFIG lists, `"tpu"` for a TPU slice; on JAX
            `"data-parallel"` for all devices, those of other processes
            included where Keras' KERAS_DISTRIBUTION_* variables name them.

    Yields:
        bool: whether this process writes files; of several machines only
        the first does.

    Raises:
        ValueError: it needs another backend.
    """
    if name == "none":
        yield True
        return
    needed = "jax" if name == "data-parallel" else "tensorflow"
    if keras.backend.backend() != needed:
        raise ValueError(
            f"The strategy {name!r} needs Keras on {needed}; it runs on "
            f"{keras.backend.backend()}. Set KERAS_BACKEND={needed}."
        )
    opened = _on_jax() if needed == "jax" else _on_tensorflow(name)
    with opened as is_chief:
        yield is_chief


def share(dataset):
    """Returns the part of each batch that this process is to compute.

    Args:
        dataset: tf.data.Dataset of whole batches, the same in all processes;
            their rows a multiple of the processes, as `compiled_model` checks.

    Returns:
        tf.data.Dataset: on JAX in several processes an equal share of the
        rows of each batch; else the same.
    """
    if keras.backend.backend() != "jax":
        return dataset
    import jax

    count, index = jax.process_count(), jax.process_index()
    if count == 1:
        return dataset
    import tensorflow as tf

    def rows(tensor):
        size = tf.shape(tensor)[0] // count
        return tensor[index * size : (index + 1) * size]

    return dataset.map(lambda *batch: tf.nest.map_structure(rows, batch))


@contextlib.contextmanager
def _on_jax():
    import jax

    if _JOB_ADDRESSES in os.environ:
        keras.distribution.initialize()
    before = keras.distribution.distribution()
    # Keras can share out batches of a known size only: see `share`.
    keras.distribution.set_distribution(
        keras.distribution.DataParallel(auto_shard_dataset=False)
    )
    try:
        yield jax.process_index() == 0
    finally:
        keras.distribution.set_distribution(before)


@contextlib.contextmanager
def _on_tensorflow(name):
    import tensorflow as tf

    if name == "tpu":
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver()
        tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
        strategy = tf.distribute.TPUStrategy(resolver)
    elif name == "multi-worker":
        from albert_tf.train.multi_worker import MultiWorkerStrategy

        strategy = MultiWorkerStrategy()
    else:
        strategy = tf.distribute.MirroredStrategy()
    task = getattr(strategy.cluster_resolver, "task_id", None)
    with strategy.scope():
        yield not task
