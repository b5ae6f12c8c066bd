"""Ends a training at Ctrl-C, reliably."""

import contextlib
import signal
import threading

import keras


@contextlib.contextmanager
def stops_between_batches(callbacks):
    """Lets Ctrl-C end the training after the batch at hand.

    Subtle: raised inside the generator that feeds the data, Python's own
    KeyboardInterrupt is lost in TensorFlow's threads and training goes on.
    A second Ctrl-C is Python's own again.

    Args:
        callbacks: list of the training; one is added.

    Raises:
        KeyboardInterrupt: it was pressed; after the last batch, on leaving.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    stop = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def remember(number, frame):
        stop.set()
        signal.signal(signal.SIGINT, before)

    def check(batch, logs=None):
        if stop.is_set():
            raise KeyboardInterrupt

    callbacks.append(
        keras.callbacks.LambdaCallback(
            on_train_batch_end=check, on_test_batch_end=check
        )
    )
    signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    # Pressed in the last evaluation, after which no batch ends.
    if stop.is_set():
        raise KeyboardInterrupt
