"""Fine-tunes a classifier: `albert finetune`."""

import collections
import os
import shutil
from pathlib import Path

import keras
import numpy as np

from albert_tf import (
    AlbertConfig,
    AlbertForSequenceClassification,
    AlbertTokenizer,
)
from albert_tf.data.batches import BucketedBatches
from albert_tf.data.examples import Columns, read_examples
from albert_tf.data.tasks import TASKS, label_indices, label_set
from albert_tf.optim.fine_tuning import fine_tuning_optimizer
from albert_tf.text.training import train_sentencepiece
from albert_tf.train import state
from albert_tf.train.interrupt import stops_between_batches
from albert_tf.train.options import SETTINGS_FILE, FineTuneOptions

_METRIC = "val_accuracy"


def finetune(options: FineTuneOptions) -> float:
    """Trains a classifier and leaves the best one in `options.output`.

    1. Reads and checks all data before anything slow starts.
    2. Loads the model, or makes one with a tokenizer for it.
    3. Trains on length-bucketed batches with warm-up and decay; after each
       epoch evaluates, keeps the best model and saves the run's state.

    Args:
        options: FineTuneOptions.

    Returns:
        float in [0, 1]: the best development accuracy.

    Raises:
        ValueError: a file, an option or a label is wrong.
    """
    _check_output(options)
    if options.resume and state.result(options.output) is not None:
        best = state.result(options.output)
        print(f"nothing to resume: the run ended with accuracy {best:.4f}")
        return best
    train, dev = _read(options)
    labels = _labels(options, train)
    _describe(train, dev)
    keras.utils.set_random_seed(options.seed)
    model, tokenizer = _model(options, train, labels)
    _check_length(options.max_length, model)
    batches = {
        "train": _batches(train, labels, tokenizer, options),
        "dev": _batches(dev, labels, tokenizer, options),
    }
    _start(options)
    best = _fit(model, tokenizer, batches, options)
    state.finish(options.output, best)
    print(f"best development accuracy {best:.4f}, model in {options.output}")
    return best


def _check_output(options):
    output = Path(options.output)
    if options.resume:
        options.check_same(output)
        return
    if output.exists() and not output.is_dir():
        raise ValueError(
            f"{output} is a file. Expected a directory to write to; choose "
            "another name."
        )
    if output.is_dir() and any(output.iterdir()) and not options.overwrite:
        raise ValueError(
            f"{output} is not empty. Pass --resume to go on with the run in "
            "it, --overwrite to replace it, or choose another directory."
        )


def _start(options):
    """Makes the output ready, once everything has been checked."""
    output = Path(options.output)
    if options.resume:
        return
    try:
        if options.overwrite and output.exists():
            for name in (SETTINGS_FILE, *state.FILES):
                (output / name).unlink(missing_ok=True)
            shutil.rmtree(output / "logs", ignore_errors=True)
            state.remove_state(output)
        output.mkdir(parents=True, exist_ok=True)
        options.save(output)
    except OSError as error:
        raise ValueError(
            f"Cannot write to {output}: {error.strerror}. Choose a directory "
            "that you may write to."
        ) from error


def _read(options):
    if options.task in TASKS:
        if options.data is None:
            raise ValueError(
                f"--task {options.task} needs --data, the folder with "
                f"{TASKS[options.task].train_file}."
            )
        task = TASKS[options.task]
        return [task.read(options.data, split) for split in ("train", "dev")]
    if options.task != "classification":
        raise ValueError(
            f"No task is named {options.task!r}. Expected one of: "
            f"classification, {', '.join(TASKS)}."
        )
    if options.train is None:
        raise ValueError(
            "--task classification needs --train, a .csv, .tsv or .jsonl "
            "file of labelled texts."
        )
    columns = Columns(
        options.text_column, options.pair_column, options.label_column
    )
    train = read_examples(options.train, columns)
    if options.dev is not None:
        return train, read_examples(options.dev, columns)
    return _split(train, options.seed)


def _split(examples, seed):
    """Sets a tenth of each label apart to evaluate on."""
    places = collections.defaultdict(list)
    for index, example in enumerate(examples):
        places[example.label].append(index)
    generator = np.random.default_rng(seed)
    dev = set()
    for label in sorted(places):
        count = max(1, len(places[label]) // 10)
        dev.update(generator.choice(places[label], count, replace=False))
    print(f"no --dev given: {len(dev)} training rows are kept to evaluate on")
    train = [e for index, e in enumerate(examples) if index not in dev]
    if not train:
        raise ValueError(
            f"{len(examples)} rows are too few to train and evaluate. Give "
            "more rows, or a --dev file."
        )
    return train, [examples[index] for index in sorted(dev)]


def _labels(options, train):
    if options.task in TASKS:
        return list(TASKS[options.task].label_names.values())
    return label_set(train)


def _describe(train, dev):
    for name, examples in (("train", train), ("dev", dev)):
        counts = collections.Counter(example.label for example in examples)
        listed = ", ".join(f"{k} {v}" for k, v in sorted(counts.items()))
        print(f"{name}: {len(examples)} rows ({listed})")


def _model(options, train, labels):
    if options.model is not None:
        tokenizer = AlbertTokenizer.from_pretrained(options.model)
        model = AlbertForSequenceClassification.from_pretrained(
            options.model, labels=labels, dtype=options.precision
        )
        return model, tokenizer
    tokenizer = _tokenizer(options, train)
    config = AlbertConfig.from_preset(options.preset).replace(
        vocab_size=tokenizer.vocab_size
    )
    if options.dropout is not None:
        config = config.replace(hidden_dropout_prob=options.dropout)
    model = AlbertForSequenceClassification(
        config, labels=labels, dtype=options.precision
    )
    print(f"model: {options.preset}, {model.count_params():,} parameters")
    return model, tokenizer


def _check_length(max_length, model):
    positions = model.albert_config.max_position_embeddings
    if max_length > positions:
        raise ValueError(
            f"--max-length is {max_length}; the model has {positions} "
            "positions. Give at most that."
        )


def _tokenizer(options, train):
    if options.tokenizer is not None:
        return AlbertTokenizer(options.tokenizer)
    texts = [
        text
        for example in train
        for text in (example.text, example.pair)
        if text is not None
    ]
    print(f"training a tokenizer of {options.vocab_size} pieces")
    return AlbertTokenizer(train_sentencepiece(texts, options.vocab_size))


def _batches(examples, labels, tokenizer, options):
    pairs = None
    if examples[0].pair is not None:
        pairs = [example.pair for example in examples]
    rows = tokenizer.pack(
        [example.text for example in examples],
        pairs,
        max_length=options.max_length,
    )
    return BucketedBatches(
        rows,
        label_indices(examples, labels),
        batch_size=options.batch_size,
        pad_id=tokenizer.pad_id,
    )


def _fit(model, tokenizer, batches, options):
    steps = batches["train"].steps_per_epoch
    num_steps = steps * options.epochs
    model.compile(
        optimizer=fine_tuning_optimizer(
            options.peak_learning_rate(),
            num_steps,
            num_warm_up_steps=int(num_steps * options.warm_up_rate),
            weight_decay=options.weight_decay,
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        # XLA compiles every length anew, and on CPUs is slower besides.
        jit_compile=False,
    )
    keep_best = state.KeepBest(
        options.output, tokenizer, patience=options.patience, metric=_METRIC
    )
    done, is_stopped = 0, False
    if options.resume:
        done, is_stopped = state.restore(model, options.output, keep_best)
        print(f"resuming after epoch {done} of {options.epochs}")
    if done < options.epochs and not is_stopped:
        callbacks = _callbacks(options, keep_best, is_resumed=done > 0)
        with stops_between_batches(callbacks):
            model.fit(
                batches["train"].shuffled(options.seed, done * steps),
                steps_per_epoch=steps,
                epochs=options.epochs,
                initial_epoch=done,
                shuffle=False,
                validation_data=batches["dev"].in_order()[0],
                callbacks=callbacks,
            )
    return keep_best.best


def _callbacks(options, keep_best, *, is_resumed):
    output = Path(options.output)
    return [
        keras.callbacks.TerminateOnNaN(),
        keep_best,
        keras.callbacks.CSVLogger(
            os.fspath(output / state.HISTORY_FILE), append=is_resumed
        ),
        keras.callbacks.TensorBoard(output / "logs", write_graph=False),
        state.SaveState(output, keep_best),
    ]
