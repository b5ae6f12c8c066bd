"""Finds out what a source of weights is, and reads it."""

import os
from pathlib import Path

from albert_tf.checkpoints import google, hugging_face, keras_hub, keras_two
from albert_tf.checkpoints.checkpoint import check_agreement

_HUB = "hf://"
_KERAS_HUB = "keras_hub://"
EXPECTED = (
    "Expected a folder that `save_pretrained`, `albert finetune`, Hugging "
    "Face, Google or KerasHub wrote; a Keras 2 .h5 file; hf://NAME; or "
    "keras_hub://NAME."
)


def read(source):
    """Reads weights from wherever they are.

    Args:
        source: a directory of ours or of Hugging Face; a directory with a
            Google TF1 checkpoint, or the path that its files share; a
            KerasHub preset directory; a Keras 2 `.h5` or `.weights.h5` file
            with `config.json` beside it; `hf://NAME` or `keras_hub://NAME`
            when online; a live KerasHub backbone, or a live tf-keras
            TFAlbert* model.

    Returns:
        Checkpoint.

    Raises:
        ValueError: it is none of these, or is broken.
    """
    if keras_hub.is_backbone(source):
        return keras_hub.read_live(source)
    if keras_two.is_model(source):
        return keras_two.read_live(source)
    if not isinstance(source, (str, os.PathLike)):
        raise ValueError(_no_source(source))
    name = os.fspath(source)
    if name.startswith(_KERAS_HUB):
        return keras_hub.read(name.removeprefix(_KERAS_HUB))
    if name.endswith(".h5") and Path(name).is_file():
        return keras_two.read(name)
    if google.is_google(name) and not Path(name).is_dir():
        return google.read(name)
    if not Path(name).exists() and keras_hub.is_preset_name(name):
        return keras_hub.read(name)
    return _read_directory(local_directory(name))


def local_directory(source):
    """Returns the directory of a source, downloaded first for `hf://`.

    Raises:
        ValueError: there is none.
    """
    if str(source).startswith(_HUB):
        return _download(str(source).removeprefix(_HUB))
    directory = Path(source)
    if directory.is_file():
        raise ValueError(
            f"{directory} is a file. Give the directory that holds it and "
            "its configuration. (A .keras file is whole: "
            "keras.saving.load_model reads it.)"
        )
    if not directory.is_dir():
        raise ValueError(f"No model directory at {directory}. {EXPECTED}")
    return directory


def directory_of(source):
    """Returns the directory that weights lie in, or None.

    A preset's name and a live model have none.

    Args:
        source: as `read` takes it.

    Raises:
        ValueError: there is no such directory.
    """
    if not isinstance(source, (str, os.PathLike)):
        return None
    if str(source).startswith(_HUB) or Path(source).is_dir():
        return local_directory(source)
    if Path(source).is_file() or google.is_google(source):
        return Path(source).parent
    return None


def _read_directory(directory):
    """Reads a directory; one that has two formats must have them agree."""
    if keras_hub.is_preset(directory):
        return keras_hub.read(directory)
    if not google.is_google(directory):
        return hugging_face.read(directory)
    checkpoint = google.read(directory)
    if not hugging_face.has_weights(directory):
        return checkpoint
    other = hugging_face.read(directory)
    check_agreement([(c.source, c.tensors) for c in (other, checkpoint)])
    return other


def _no_source(source):
    """Returns what to say of an object that holds no weights of ours."""
    kind = type(source).__name__
    if keras_hub.is_backbone(getattr(source, "backbone", None)):
        return (
            f"A KerasHub {kind} has a head that no model here has. Give its "
            "`.backbone`."
        )
    return f"Cannot read weights from a value of type {kind}. {EXPECTED}"


def _download(name):
    try:
        import huggingface_hub
    except ImportError as error:
        raise ValueError(
            "hf:// sources need huggingface_hub. Run "
            "`pip install huggingface_hub`, or give a directory."
        ) from error
    try:
        # One format is enough: the next is asked for where one is missing.
        for weights in hugging_face.READERS:
            directory = Path(
                huggingface_hub.snapshot_download(
                    name, allow_patterns=["*.json", "*.model", weights]
                )
            )
            if (directory / weights).exists():
                break
    except Exception as error:  # Its errors share no base but Exception.
        raise ValueError(
            f"Cannot download {name}: {str(error).splitlines()[0]} Download "
            "it on a machine that is online, and give the directory."
        ) from error
    return directory
