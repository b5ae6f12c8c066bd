"""The model, the optimizer and the losses of a pretraining."""

import keras

from albert_tf import AlbertForPreTraining
from albert_tf.optim.adamw import AlbertAdamW
from albert_tf.optim.lamb import AlbertLamb
from albert_tf.optim.schedules import WarmUpPolynomialDecay
from albert_tf.train.checkpointing import checkpoint_gradients

HEADS = ("masked_lm_logits", "sentence_order_logits")


def compiled_model(options, config, adapt=None):
    """Returns an AlbertForPreTraining that is ready for `fit`.

    Args:
        options: PretrainOptions.
        config: AlbertConfig of a new model; None loads `options.model`.
        adapt: function of a loaded model that returns the one to train, or
            None to train that itself.

    Raises:
        ValueError: there is no such model; gradient checkpointing meets
            dropout; it has fewer positions than a sequence; Keras is too
            old for Muon; the strategy cannot compute a batch in parts, or
            its devices cannot share one.
    """
    _check_parts(options)
    _check_devices(options)
    model = _model(options, config, adapt)
    if options.gradient_checkpointing:
        checkpoint_gradients(model)
    model.compile(
        optimizer(options),
        # The weights have a mean of 1, so a plain mean is exact however a
        # batch is split over parts and devices.
        loss={
            name: keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            for name in HEADS
        },
        weighted_metrics={
            name: [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]
            for name in HEADS
        },
        jit_compile=_uses_xla(options.jit),
        steps_per_execution=options.steps_per_execution,
    )
    return model


def optimizer(options):
    """Returns the optimizer of PretrainOptions, with its schedule."""
    schedule = WarmUpPolynomialDecay(
        options.peak_learning_rate(),
        options.steps,
        options.num_warm_up_steps(),
        power=options.poly_power,
    )
    parts = options.accumulation_steps
    shared = {
        "global_clipnorm": options.clip_norm,
        "gradient_accumulation_steps": parts if parts > 1 else None,
    }
    if options.optimizer == "muon":
        return _muon()(schedule, options.weight_decay, **shared)
    if options.optimizer == "adamw":
        return AlbertAdamW(schedule, options.weight_decay, **shared)
    return AlbertLamb(schedule, options.weight_decay, **shared)


def _muon():
    try:
        from albert_tf.optim.muon import AlbertMuon
    except ImportError as error:
        raise ValueError(str(error)) from error
    return AlbertMuon


def _model(options, config, adapt):
    if config is not None:
        return AlbertForPreTraining(config, dtype=options.precision)
    model = AlbertForPreTraining.from_pretrained(
        options.model,
        dtype=options.precision,
        hidden_dropout_prob=options.dropout,
        attention_probs_dropout_prob=options.dropout,
    )
    model = model if adapt is None else adapt(model)
    _check_positions(model.albert_config, options)
    return model


def _check_positions(config, options):
    if options.max_length > config.max_position_embeddings:
        raise ValueError(
            f"--max-length is {options.max_length}; {options.model} has "
            f"{config.max_position_embeddings} positions. Give at most that, "
            "or --extend-positions."
        )


def _check_parts(options):
    """Refuses parts where TensorFlow's replicas cannot add up gradients.

    They do in the optimizer's update, which is inside a condition if a batch
    comes in parts: there they cannot wait for each other, but under XLA on
    GPUs need not.
    """
    if options.accumulation_steps == 1 or options.strategy not in (
        "mirrored",
        "multi-worker",
    ):
        return
    problem = f"--strategy {options.strategy} computes no batch in parts"
    if not _has_accelerator():
        raise ValueError(
            f"{problem} on CPUs. Leave --accumulation-steps out, or train on "
            "JAX with --strategy data-parallel."
        )
    if options.jit == "no":
        raise ValueError(
            f"{problem} without XLA. Leave --jit no out, or "
            "--accumulation-steps."
        )


def _check_devices(options):
    if options.strategy != "data-parallel":
        return
    size = options.batch_size // options.accumulation_steps
    count = len(keras.distribution.list_devices())
    if size % count:
        raise ValueError(
            f"{count} devices cannot share {size} sequences evenly. Give a "
            "--batch-size whose parts are a multiple of the devices."
        )


def _uses_xla(jit):
    """XLA gains on GPUs and is needed on TPUs, but loses on CPUs."""
    return _has_accelerator() if jit == "auto" else jit == "yes"


def _has_accelerator():
    return any(
        not device.lower().startswith("cpu")
        for device in keras.distribution.list_devices()
    )
