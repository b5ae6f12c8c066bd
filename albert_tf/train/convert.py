"""Brings weights from one format to another: `albert convert`."""

import dataclasses
import shutil
from pathlib import Path

import albert_tf
from albert_tf import AlbertTokenizer
from albert_tf.checkpoints import google, hugging_face, keras_hub, source
from albert_tf.checkpoints.checkpoint import EXITS_PREFIX
from albert_tf.checkpoints.pretrained import assign, check_vocabulary
from albert_tf.files import written_aside
from albert_tf.text.model_files import MODEL_FILE, SETTINGS_FILE, find_model
from albert_tf.train.early_exit import EARLY_EXIT_FILE
from albert_tf.train.task_file import TASK_FILE

FORMATS = ("albert_tf", "hugging_face", "google", "keras_hub")
_OURS = ("albert_tf", "hugging_face")
# What the readers of weights take for a part of the model they lie beside.
_BESIDE = (
    TASK_FILE,
    EARLY_EXIT_FILE,
    SETTINGS_FILE,
    keras_hub.TASK_WEIGHTS_FILE,
    keras_hub.TOKENIZER_FILE,
    keras_hub.SETTINGS_FILE,
)
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
        overwrite: bool. Writes to a directory that is not empty. A model
            there of the same format is replaced, whichever files hold its
            weights, and what this one lacks of task, early exit and
            tokenizer is removed.

    Returns:
        the model that was converted.

    Raises:
        ValueError: the source is missing or broken, its tokenizer belongs
            to another model, the format cannot hold it, or the directory
            holds another model in another format.
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
    folder = source.directory_of(origin)
    is_in_place = folder is not None and folder.resolve() == output.resolve()
    earlier = None if is_in_place else _format_of(output)
    _check_same_format(output, earlier, to)
    tokenizer = _tokenizer(folder, checkpoint)
    if to == "keras_hub":
        vocabulary = None if tokenizer is None else tokenizer.model_proto
        keras_hub.write(model, output, vocabulary)
    elif to == "google":
        google.write(model, output)
    else:
        hugging_face.write(model, output, weights_format)
    is_same_task = model_class in (None, checkpoint.architecture)
    written = _save_tokenizer(tokenizer, output, to)
    if to in _OURS and is_same_task and folder is not None:
        written += _copy_settings(folder, output)
    if earlier is not None:
        _remove_others(output, written)
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
            f"{output} is not empty. Pass --overwrite to replace a model in "
            "it, or choose another directory."
        )


def _format_of(output):
    """Returns the format of the model in a directory, None without one."""
    if keras_hub.is_preset(output):
        return "keras_hub"
    if google.is_google(output):
        return "google"
    return "hugging_face" if hugging_face.has_weights(output) else None


def _check_same_format(output, earlier, to):
    """Refuses to put a model beside another's weights, which disagree."""
    wanted = "hugging_face" if to in _OURS else to
    if earlier not in (None, wanted):
        raise ValueError(
            f"{output} holds a model in the format {earlier}, which {to} does "
            "not replace. Choose another directory, or remove that model."
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
    tensors = checkpoint.tensors
    head = tensors.get("classifier.weight")
    if head is not None and name.endswith(
        ("SequenceClassification", "TokenClassification")
    ):
        arguments = {"num_labels": head.shape[0], "labels": checkpoint.labels}
    if name == "AlbertForSequenceClassification":
        arguments["exit_heads"] = any(
            tensor.startswith(EXITS_PREFIX) for tensor in tensors
        )
    if name == "AlbertEncoder":
        arguments = {"has_pooler": "albert.pooler.bias" in tensors}
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


def _tokenizer(folder, checkpoint):
    """Returns the tokenizer beside the weights, or None.

    Raises:
        ValueError: it is broken, or of another model.
    """
    path = None if folder is None else find_model(folder)
    if path is None:
        return None
    tokenizer = AlbertTokenizer.from_pretrained(path)
    check_vocabulary(tokenizer, checkpoint.config, checkpoint.source)
    return tokenizer


def _save_tokenizer(tokenizer, output, to):
    """Writes a tokenizer, if any, and returns the paths of its files."""
    if tokenizer is None:
        return []
    if to != "keras_hub":
        tokenizer.save(output)
        return [output / MODEL_FILE, output / SETTINGS_FILE]
    # The preset holds the model; how to normalize is said beside it.
    settings = output / keras_hub.SETTINGS_FILE
    with written_aside(settings) as aside:
        # A second copy of the model goes away with the temporary folder.
        tokenizer.save(aside.parent)
    names = keras_hub.VOCABULARY_FILE, keras_hub.TOKENIZER_FILE
    return [settings, *(output / name for name in names)]


def _copy_settings(folder, output):
    """Takes along what `albert finetune` left, and returns its new paths."""
    written = []
    for name in (TASK_FILE, EARLY_EXIT_FILE):
        if (folder / name).exists():
            with written_aside(output / name) as aside:
                shutil.copyfile(folder / name, aside)
            written.append(output / name)
    return written


def _remove_others(output, written):
    """Removes what would be taken for the model's and is of an earlier one."""
    for name in _BESIDE:
        if output / name not in written:
            (output / name).unlink(missing_ok=True)
    while (path := find_model(output)) is not None and path not in written:
        path.unlink()


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
