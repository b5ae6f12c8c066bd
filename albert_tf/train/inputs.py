"""Reads and checks all that a run needs, before TensorFlow loads."""

from __future__ import annotations

import dataclasses
import glob
from pathlib import Path
from typing import Any

from albert_tf.config import AlbertConfig
from albert_tf.data.bad_rows import BadRows
from albert_tf.data.examples import check_some_left
from albert_tf.data.labels import read_labels
from albert_tf.text.tokenizer import AlbertTokenizer
from albert_tf.train.class_weights import class_weights
from albert_tf.train.options import FineTuneOptions
from albert_tf.train.tasks.registry import all_options, find_task
from albert_tf.train.tasks.task import Task


@dataclasses.dataclass(frozen=True)
class Inputs:
    """What a run works on, checked.

    Attributes:
        task: Task.
        settings: dict of the task's options.
        metric: str. Score that picks the best model.
        train: list of examples.
        dev: list of examples.
        labels: list of str or None.
        class_weights: list of float by label, or None.
        tokenizer: AlbertTokenizer, or None where it is to be trained.
        config: AlbertConfig of a model from scratch, or None.
    """

    task: Task
    settings: dict[str, Any]
    metric: str
    train: list[Any]
    dev: list[Any]
    labels: list[str] | None
    class_weights: list[float] | None
    tokenizer: AlbertTokenizer | None
    config: AlbertConfig | None


def read_inputs(options: FineTuneOptions) -> Inputs:
    """Reads and checks all that a run needs.

    Raises:
        ValueError: a file, an option or a label is wrong.
    """
    task = find_task(options.task)
    settings = task_settings(task, options.settings)
    bad_rows = BadRows(options.skip_bad_rows)
    metric = _metric(task, options.metric)
    tokenizer, config = _sizes(options)
    train, dev = _read(options, task, settings, bad_rows)
    # Of all training rows: a tenth set apart may hold the only one of a kind.
    labels = _labels(options, task, train)
    train = task.check(train, labels, bad_rows)
    check_some_left(options.train or options.data, train)
    if dev is None:
        train, dev = task.split(train, options.seed)
        print(
            f"no --dev given: {len(dev)} training rows are kept to evaluate on"
        )
    else:
        dev = task.check(dev, labels, bad_rows)
        check_some_left(options.dev or options.data, dev)
    for line in bad_rows.report():
        print(line)
    print(f"train: {task.describe(train)}")
    print(f"dev: {task.describe(dev)}", flush=True)
    weights = None
    if options.class_weights is not None:
        counts = task.label_counts(train)
        weights = class_weights(options.class_weights, labels, counts)
    return Inputs(
        task, settings, metric, train, dev, labels, weights, tokenizer, config
    )


def task_settings(task, given, saved=None):
    """Returns a task's settings: what is given, else saved, else default.

    Args:
        task: Task.
        given: dict of options by name; a value None is not given.
        saved: dict of those that a model was trained with, or None.

    Raises:
        ValueError: the task has no such option.
    """
    settings = task.defaults()
    settings.update(saved or {})
    known = all_options()
    for name, value in given.items():
        if value is None:
            continue
        if name not in {option.name for option in task.options}:
            flag = known[name].flag if name in known else name
            raise ValueError(
                f"--task {task.name} takes no {flag}. Leave it out, or "
                "choose the task that it is for."
            )
        settings[name] = value
    return settings


def _metric(task, name):
    if name not in (None, *task.metrics):
        raise ValueError(
            f"--metric of --task {task.name} must be one of "
            f"{', '.join(task.metrics)}. Received: {name!r}."
        )
    return name or task.metric


def _read(options, task, settings, bad_rows):
    if task.takes_folder:
        if options.data is None or options.train or options.dev:
            raise ValueError(
                f"--task {task.name} needs --data, the folder with its "
                "files, and neither --train nor --dev."
            )
        train = task.read(options.data, "train", settings, bad_rows)
        return train, task.read(options.data, "dev", settings, bad_rows)
    if options.train is None or options.data:
        raise ValueError(
            f"--task {task.name} needs --train, a file of training rows, "
            "and no --data."
        )
    train = task.read(options.train, "train", settings, bad_rows)
    if options.dev is None:
        return train, None
    return train, task.read(options.dev, "dev", settings, bad_rows)


def _labels(options, task, train):
    if options.labels is None:
        return task.labels(train)
    found = None if task.takes_folder else task.labels(train)
    if found is None:
        raise ValueError(
            f"--task {task.name} has labels of its own: leave --labels out."
        )
    return read_labels(options.labels)


def _sizes(options):
    """Returns (tokenizer or None, configuration or None)."""
    tokenizer = None
    if options.tokenizer is not None:
        tokenizer = AlbertTokenizer.from_pretrained(options.tokenizer)
    if options.model is not None:
        _check_source(options)
        return tokenizer or _pretrained_tokenizer(options.model), None
    config = AlbertConfig.from_preset(options.preset).replace(
        # Positions that no training row reaches would stay random.
        max_position_embeddings=options.max_length,
        vocab_size=tokenizer.vocab_size if tokenizer else options.vocab_size,
    )
    if options.dropout is not None:
        config = config.replace(hidden_dropout_prob=options.dropout)
    return tokenizer, config


def _pretrained_tokenizer(source):
    """Returns the tokenizer of a directory; others wait for Keras."""
    if not Path(source).is_dir():
        return None
    return AlbertTokenizer.from_pretrained(source)


def _check_source(options):
    """Refuses a model that is not there, or shorter than the inputs."""
    source = Path(options.model)
    is_remote = "://" in options.model
    # A Google checkpoint may be named by the path that its files share.
    pattern = f"{glob.escape(source.name)}*"
    if not is_remote and not list(source.parent.glob(pattern)):
        raise ValueError(
            f"No model at {source}. Expected a directory with its weights, or "
            "hf://OWNER/NAME online; leave --model out to train from scratch."
        )
    for name in ("config.json", "albert_config.json"):
        path = source / name
        if path.exists():
            config = AlbertConfig.from_json(path)
            check_positions(options.max_length, config)


def check_positions(max_length, config):
    """Refuses inputs longer than a model has positions.

    Raises:
        ValueError: they are.
    """
    positions = config.max_position_embeddings
    if max_length > positions:
        raise ValueError(
            f"--max-length is {max_length}; the model has {positions} "
            "positions. Give at most that."
        )
