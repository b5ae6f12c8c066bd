"""Finds out what a source of weights is, and reads it."""

from pathlib import Path

from albert_tf.checkpoints import google, hugging_face, keras_hub, keras_two

_HUB = "hf://"


def read(source):
    """Reads weights from wherever they are.

    Args:
        source: a directory of ours or of Hugging Face, a directory with a
            Google TF1 checkpoint, a KerasHub preset directory, a Keras 2
            `.h5` or `.weights.h5` file with `config.json` beside it,
            `hf://name` or `keras_hub://name` when online, a live KerasHub
            backbone, or a live tf-keras TFAlbert* model.

    Returns:
        Checkpoint.

    Raises:
        ValueError: it is none of these, or is broken.
    """
    if keras_hub.is_backbone(source):
        return keras_hub.read_live(source)
    if type(source).__name__.startswith("TFAlbert"):
        return keras_two.read_live(source)
    name = str(source)
    if name.startswith("keras_hub://"):
        return keras_hub.read(name.removeprefix("keras_hub://"))
    if name.endswith(".h5") and Path(name).is_file():
        return keras_two.read(name)
    directory = local_directory(source)
    if google.is_google(directory):
        return google.read(directory)
    if (directory / "task.json").exists() or _is_keras_hub(directory):
        return keras_hub.read(directory)
    return hugging_face.read(directory)


def local_directory(source):
    """Returns the directory of a source, downloaded first for `hf://`.

    Raises:
        ValueError: there is none.
    """
    if str(source).startswith(_HUB):
        return _download(str(source).removeprefix(_HUB))
    directory = Path(source)
    if not directory.is_dir():
        raise ValueError(
            f"No model directory at {directory}. Expected a folder that "
            "`save_pretrained`, `albert finetune`, Hugging Face, Google or "
            "KerasHub wrote, or hf://NAME."
        )
    return directory


def _is_keras_hub(directory):
    path = directory / "config.json"
    return path.exists() and '"AlbertBackbone"' in path.read_text("utf-8")


def _download(name):
    try:
        import huggingface_hub
    except ImportError as error:
        raise ValueError(
            "hf:// sources need huggingface_hub. Run "
            "`pip install huggingface_hub`, or give a directory."
        ) from error
    patterns = ["*.json", "model.safetensors", "spiece.model"]
    try:
        return Path(
            huggingface_hub.snapshot_download(name, allow_patterns=patterns)
        )
    except Exception as error:  # Its errors share no base but Exception.
        raise ValueError(
            f"Cannot download {name}: {str(error).splitlines()[0]} Download "
            "it on a machine that is online, and give the directory."
        ) from error
