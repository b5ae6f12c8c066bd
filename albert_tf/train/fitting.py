"""Makes the model of a run and trains it."""

import os

import keras

import albert_tf
from albert_tf.checkpoints.pretrained import check_vocabulary
from albert_tf.data.batches import BucketedBatches
from albert_tf.data.parts import in_parts
from albert_tf.optim.fine_tuning import fine_tuning_optimizer
from albert_tf.train import state
from albert_tf.train.callbacks import History, KeepBest, ScoreTask, StopAtNaN
from albert_tf.train.checkpointing import checkpoint_gradients
from albert_tf.train.earlier_runs import remove_other_runs
from albert_tf.train.inputs import check_positions
from albert_tf.train.interrupt import stops_between_batches
from albert_tf.train.parts import freeze, learning_rate_factors
from albert_tf.train.run_folder import LOGS_FOLDER
from albert_tf.train.weight_average import (
    PutWeightsBack,
    TakeAverages,
    ema_momentum,
)


def fit(inputs, rows, *, folder, settings, options, root):
    """Trains a model and leaves the best one in the run's folder.

    1. Loads the model, or makes one.
    2. Trains on length-bucketed batches with warm-up and decay; at each
       evaluation scores the development data, keeps the best model and
       saves the run's state.

    Args:
        inputs: Inputs.
        rows: Rows of the training data.
        folder: RunFolder. Started here, once all else is there.
        settings: dict, as `run_settings` returns it.
        options: FineTuneOptions.
        root: path or None. Folder whose other runs this one replaces.

    Returns:
        dict: `metric`, `score`, `epoch` and `scores` of the best model.

    Raises:
        ValueError: the model does not fit the options; the loss or a weight
            became NaN or infinite.
    """
    keras.utils.set_random_seed(options.seed)
    model = _model(inputs, options)
    if options.gradient_checkpointing:
        checkpoint_gradients(model)
    freeze(model, options.freeze.split(",") if options.freeze else ())
    batches = BucketedBatches(
        rows.inputs,
        rows.labels,
        batch_size=options.batch_size,
        pad_id=inputs.tokenizer.pad_id,
        max_length=options.max_length,
    )
    hidden_size = model.albert_config.hidden_size
    plan = _Plan(batches.steps_per_epoch, hidden_size, options)
    loss = inputs.task.loss(
        class_weights=inputs.class_weights,
        label_smoothing=options.label_smoothing,
    )
    _compile(model, loss, plan, options)
    keep_best, callbacks = _callbacks(inputs, loss, folder, plan, options)
    done, is_stopped = 0, False
    if options.resume:
        done, is_stopped = state.restore(model, folder, keep_best)
        print(f"resuming after step {done * plan.steps} of {plan.num_steps}")
    else:
        # Nothing earlier is lost to an option that was refused above.
        folder.start(settings)
        if root is not None:
            remove_other_runs(root, folder.path, tokenizer=options.tokenizer)
    if not is_stopped:
        data = _TrainingBatches(batches, inputs.class_weights, options)
        _run(model, data, plan, done, callbacks)
    return keep_best.best


class _TrainingBatches:
    """The training batches, in the parts that they are computed in.

    Attributes:
        num_parts: int. Of a batch, which is an update.
    """

    def __init__(self, batches, class_weights, options):
        self.num_parts = options.accumulation_steps
        self._batches = batches
        self._class_weights = class_weights
        self._seed = options.seed

    def after(self, step):
        """Returns an endless dataset, without the batches of `step` updates."""
        batches = self._batches.shuffled(self._seed, step)
        return in_parts(batches, self.num_parts, self._class_weights)


class _Plan:
    """How many updates there are, how large, and how many an evaluation.

    Keras's epochs are here the spans between evaluations.

    Attributes:
        num_steps: int. Updates in all.
        steps: int. Updates between evaluations.
        num_spans: int. Spans that are whole.
        rest: int. Updates in the last span, 0 where the others hold all.
        learning_rate: float. Its peak.
    """

    def __init__(self, steps_per_epoch, hidden_size, options):
        self.num_steps = options.train_steps or steps_per_epoch * options.epochs
        wanted = options.steps_per_evaluation or steps_per_epoch
        self.steps = min(wanted, self.num_steps)
        self.num_spans, self.rest = divmod(self.num_steps, self.steps)
        self.learning_rate = options.peak_learning_rate(hidden_size)


def _model(inputs, options):
    model_class = getattr(albert_tf, inputs.task.model_class)
    arguments = inputs.task.model_arguments(inputs.labels)
    if model_class is albert_tf.AlbertForSequenceClassification:
        # What a model to start from has does not decide.
        arguments["exit_heads"] = options.exit_heads
    elif options.exit_heads:
        _refuse_exits(inputs.task, model_class)
    if options.model is None:
        sizes = {"vocab_size": inputs.tokenizer.vocab_size}
        config = inputs.config.replace(**sizes, **_attention_dropout(options))
        model = model_class(config, dtype=options.precision, **arguments)
        print(f"model: {options.preset}, {model.count_params():,} parameters")
        return model
    model = model_class.from_pretrained(
        options.model,
        dtype=options.precision,
        hidden_dropout_prob=options.dropout,
        **_attention_dropout(options),
        **arguments,
    )
    config = model.albert_config
    check_vocabulary(inputs.tokenizer, config, options.model)
    check_positions(options.max_length, config)
    return model


def _attention_dropout(options):
    """Returns the rate to override as a dict: 0 is for all of the layers."""
    return {"attention_probs_dropout_prob": 0.0} if options.dropout == 0 else {}


def _refuse_exits(task, model_class):
    raise ValueError(
        "--exit-heads is for tasks that give a text one label. The task "
        f"{task.name} trains an {model_class.__name__}."
    )


def _compile(model, loss, plan, options):
    parts = options.accumulation_steps
    model.compile(
        optimizer=fine_tuning_optimizer(
            plan.learning_rate,
            plan.num_steps,
            num_warm_up_steps=int(plan.num_steps * options.warm_up_rate),
            weight_decay=options.weight_decay,
            learning_rate_factors=learning_rate_factors(
                model.albert_config, options.layer_decay
            ),
            gradient_accumulation_steps=parts if parts > 1 else None,
            use_ema=options.ema_share > 0,
            ema_momentum=ema_momentum(options.ema_share, plan.num_steps),
        ),
        loss=loss,
        # XLA compiles every length anew, and on CPUs is slower besides.
        jit_compile=False,
    )
    # Else Keras makes its slots while tracing the step, and traces it twice.
    model.optimizer.build(model.trainable_variables)


def scoring(inputs, tokenizer, options, loss=None):
    """Returns what scores a model and keeps it, as two callbacks.

    Args:
        inputs: Inputs.
        tokenizer: AlbertTokenizer of the model.
        options: FineTuneOptions.
        loss: what `task.loss` returned, or None to score without.

    Returns:
        (ScoreTask, KeepBest), to be called in this order.
    """
    score_task = ScoreTask(
        inputs.task,
        inputs.dev,
        tokenizer,
        inputs.labels,
        max_length=options.max_length,
        settings=inputs.settings,
        loss=loss,
        batch_size=options.batch_size // options.accumulation_steps,
    )
    return score_task, KeepBest(
        options.output,
        tokenizer,
        score_task,
        max_length=options.max_length,
        patience=options.patience,
        metric=inputs.metric,
        chosen=options.settings,
    )


def _callbacks(inputs, loss, folder, plan, options):
    score_task, keep_best = scoring(inputs, inputs.tokenizer, options, loss)
    return keep_best, [
        StopAtNaN(
            keep_best,
            plan.learning_rate,
            plan.steps,
            num_parts=options.accumulation_steps,
        ),
        *_scored_and_kept([score_task, keep_best], options),
        History(
            folder,
            steps_per_epoch=plan.steps,
            num_steps=plan.num_steps,
            metric=inputs.metric,
        ),
        keras.callbacks.TensorBoard(
            os.fspath(folder.path / LOGS_FOLDER), write_graph=False
        ),
        state.SaveState(folder, keep_best),
    ]


def _scored_and_kept(callbacks, options):
    """Has the averages scored and kept, where they are wanted."""
    if not options.ema_share:
        return callbacks
    averages = TakeAverages()
    return [averages, *callbacks, PutWeightsBack(averages)]


def _run(model, data, plan, done, callbacks):
    """Trains the whole spans, then what is left."""
    with stops_between_batches(callbacks):
        spans = [(plan.steps, done, plan.num_spans)]
        if plan.rest:
            first = max(done, plan.num_spans)
            spans.append((plan.rest, first, plan.num_spans + 1))
        for steps, first, last in spans:
            if first >= last or (first > done and model.stop_training):
                continue
            model.fit(
                data.after(first * plan.steps),
                steps_per_epoch=steps * data.num_parts,
                epochs=last,
                initial_epoch=first,
                shuffle=False,
                callbacks=callbacks,
                verbose="auto" if os.isatty(1) else 0,
            )
