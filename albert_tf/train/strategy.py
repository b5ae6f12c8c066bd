"""Spreads a training over devices and machines, with existing engines."""

import contextlib

import keras


@contextlib.contextmanager
def distributed(name):
    """Opens the scope that the model must be made and trained in.

    Args:
        name: str, one of those that `albert pretrain --help` lists:
            `"none"` for one device; on TensorFlow `"mirrored"` for all GPUs
            of a machine, `"multi-worker"` for all machines that the variable
            TF_CONFIG lists, `"tpu"` for a TPU slice; on JAX
            `"data-parallel"` for all devices of all processes.

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


@contextlib.contextmanager
def _on_jax():
    import jax

    before = keras.distribution.distribution()
    keras.distribution.set_distribution(keras.distribution.DataParallel())
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
