"""Brings weights from one format to another: `albert convert`."""

import dataclasses
import shutil
from pathlib import Path

import albert_tf
from albert_tf import AlbertTokenizer
from albert_tf.checkpoints import google, hugging_face, keras_hub, source
from albert_tf.checkpoints.pretrained import assign, check_vocabulary
from albert_tf.files import written_aside
from albert_tf.train.early_exit import EARLY_EXIT_FILE
from albert_tf.train.task_file import TASK_FILE
from albert_tf.train.tokenizer_source import tokenizer_file

FORMATS = ("albert_tf", "hugging_face", "google", "keras_hub")
CLASSES = tuple(name for name in albert_tf.__all__ if "For" in name)


def convert(
    origin,
    output,
    *,
    to="albert_tf",
    model_class=None,
    weights_format="float32",
    overwrite=False,
):
    """Reads weights of any format and writes them in another.

    The task's head, its settings and the tokenizer come along where both
    formats hold them.

    Args:
        origin: as `albert_tf.checkpoints.source.read` takes it.
        output: directory to write.
        to: one of `FORMATS`.
        model_class: one of `CLASSES`, or None to take what the source says.
            Needed where it does not: Google's head of one row scores a text
            or a choice.
        weights_format: `"float32"` or `"float16"`, for `to` albert_tf and
            hugging_face.
        overwrite: bool. Replaces files in a directory that is not empty.

    Returns:
        the model that was converted.

    Raises:
        ValueError: the source is missing or broken, its tokenizer belongs
            to another model, or the format cannot hold it.
    """
    output = Path(output)
    if weights_format != "float32" and to in ("google", "keras_hub"):
        raise ValueError(
            f"Format {to} is written in float32 only. Received: "
            f"weights_format={weights_format!r}. Leave it out."
        )
    _check_output(output, overwrite)
    checkpoint = source.read(origin)
    model = _model(checkpoint, model_class)
    tokenizer, path = None, tokenizer_file(origin)
    if path is not None:
        tokenizer = AlbertTokenizer.from_pretrained(path)
        check_vocabulary(tokenizer, checkpoint.config, checkpoint.source)
    if to == "keras_hub":
        vocabulary = None if tokenizer is None else tokenizer.model_proto
        keras_hub.write(model, output, vocabulary)
    else:
        if to == "google":
            google.write(model, output)
        else:
            hugging_face.write(model, output, weights_format)
            if model_class in (None, checkpoint.architecture):
                _copy_settings(origin, output)
        if tokenizer is not None:
            tokenizer.save(output)
    print(_summary(model, tokenizer, to, output))
    return model


def _check_output(output, overwrite):
    if output.exists() and not output.is_dir():
        raise ValueError(
            f"{output} is a file. Expected a directory to write to; choose "
            "another name."
        )
    if output.is_dir() and any(output.iterdir()) and not overwrite:
        raise ValueError(
            f"{output} is not empty. Pass --overwrite to replace files in "
            "it, or choose another directory."
        )


def _model(checkpoint, model_class):
    """Returns a model of the checkpoint's own class, with its weights."""
    name = model_class or checkpoint.architecture or _guess(checkpoint)
    if name not in ("AlbertEncoder", *CLASSES):
        raise ValueError(
            f"{checkpoint.source} is a {name}, which has no counterpart "
            f"here. Expected one of: {', '.join(CLASSES)}."
        )
    arguments = {}
    head = checkpoint.tensors.get("classifier.weight")
    if head is not None and name.endswith(
        ("SequenceClassification", "TokenClassification")
    ):
        arguments = {"num_labels": head.shape[0], "labels": checkpoint.labels}
    if name == "AlbertEncoder":
        arguments = {"has_pooler": "albert.pooler.bias" in checkpoint.tensors}
    model = getattr(albert_tf, name)(checkpoint.config, **arguments)
    # Whatever class was asked for, nothing may start anew in a conversion.
    assign(model, dataclasses.replace(checkpoint, architecture=name))
    return model


def _guess(checkpoint):
    """Returns the class of a classifier whose source does not tell.

    Raises:
        ValueError: it may as well be of another class.
    """
    if len(checkpoint.tensors["classifier.bias"]) == 1:
        raise ValueError(
            f"{checkpoint.source} has a classifier of one row, and does not "
            "tell whether it scores texts or choices. Pass --as "
            "AlbertForSequenceClassification or --as AlbertForMultipleChoice."
        )
    return "AlbertForSequenceClassification"


def _copy_settings(origin, output):
    """Takes along what `albert finetune` left beside the weights."""
    for name in (TASK_FILE, EARLY_EXIT_FILE):
        path = Path(origin) / name
        if path.exists():
            with written_aside(output / name) as aside:
                shutil.copyfile(path, aside)


def _summary(model, tokenizer, to, output):
    """Returns the line that says what was written and what was left out."""
    name, rest = type(model).__name__, ""
    if to == "keras_hub" and name != "AlbertEncoder":
        rest = "; its head has no place in a backbone and was left out"
    if to == "google" and getattr(model, "labels", None):
        rest = (
            "; the format holds no names of labels: keep "
            f"{', '.join(map(str, model.labels))}, in this order"
        )
    return (
        f"{name}, {model.count_params():,} parameters, "
        f"{'with' if tokenizer else 'without'} tokenizer: {output}{rest}"
    )
