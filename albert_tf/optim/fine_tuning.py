"""The optimizer to fine-tune with."""

from albert_tf.optim.adamw import AlbertAdamW
from albert_tf.optim.lamb import AlbertLamb
from albert_tf.optim.schedules import WarmUpPolynomialDecay

_OPTIMIZERS = {"adamw": AlbertAdamW, "lamb": AlbertLamb}


def fine_tuning_optimizer(
    learning_rate,
    num_train_steps,
    *,
    num_warm_up_steps=0,
    weight_decay=0.01,
    clip_norm=1.0,
    algorithm="adamw",
    **kwargs,
):
    """Returns an optimizer with warm-up, decay to 0, and clipping.

    Args:
        learning_rate: float > 0. Peak. ALBERT's tasks use 1e-5 to 5e-5 with
            AdamW, ten times as much with LAMB.
        num_train_steps: int > 0. Updates in all: batches of an epoch times
            epochs.
        num_warm_up_steps: int. Updates until the peak.
        weight_decay: float >= 0. Biases and norms take none.
        clip_norm: float or None. Largest global norm of the gradients.
        algorithm: `"adamw"` or `"lamb"`.
        **kwargs: of the optimizer, such as `gradient_accumulation_steps`.

    Returns:
        keras.optimizers.Optimizer.

    Raises:
        ValueError: an argument is out of its range.

    Example:
        optimizer = fine_tuning_optimizer(2e-5, 1000, num_warm_up_steps=100)
        assert float(optimizer.learning_rate) == 0.0

    Source: google-research/albert optimization.py `create_optimizer`.
    """
    if algorithm not in _OPTIMIZERS:
        raise ValueError(
            f"`algorithm` must be one of {', '.join(_OPTIMIZERS)}. "
            f"Received: algorithm={algorithm!r}."
        )
    schedule = WarmUpPolynomialDecay(
        learning_rate, num_train_steps, num_warm_up_steps
    )
    decay = "weight_decay" if algorithm == "adamw" else "weight_decay_rate"
    return _OPTIMIZERS[algorithm](
        schedule, global_clipnorm=clip_norm, **{decay: weight_decay}, **kwargs
    )
