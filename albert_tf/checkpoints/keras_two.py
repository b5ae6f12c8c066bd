"""Keras 2 models in the layout of the removed TFAlbert* classes.

Their `tf_model.h5`, weights that `save_weights` wrote as `.h5`, and live
tf-keras models: all name a variable by the path of its layers.
"""

import os

import h5py
import numpy as np

from albert_tf.checkpoints.checkpoint import (
    Checkpoint,
    canonical_names,
    infer_architecture,
)
from albert_tf.config import AlbertConfig

_ROOTS = ("albert", "classifier", "predictions", "qa_outputs", "sop_classifier")
_LEAVES = {
    "kernel": ("weight", True),
    "gamma": ("weight", False),
    "beta": ("bias", False),
    "embeddings": ("weight", False),
}


def read_h5(path):
    """Returns the tensors of an `.h5` file under Hugging Face's names.

    Args:
        path: of `tf_model.h5`, or of what `save_weights("x.h5")` wrote.

    Raises:
        ValueError: the file is broken, or holds another layout.
    """
    found = {}

    def collect(name, item):
        if isinstance(item, h5py.Dataset) and "optimizer" not in name:
            found[name] = np.asarray(item)

    try:
        with h5py.File(path) as file:
            file.visititems(collect)
    except OSError as error:
        raise ValueError(
            f"{os.fspath(path)} is broken or no HDF5 file: {error}. Copy or "
            "download it again."
        ) from error
    tensors = dict(_renamed(name, array) for name, array in found.items())
    if "albert.embeddings.word_embeddings.weight" not in tensors:
        raise ValueError(
            f"{os.fspath(path)} is not laid out as TFAlbert* models are: it "
            f"has {', '.join(list(found)[:3]) or 'no tensors'}. Save the "
            'model with save_pretrained, or save_weights("weights.h5").'
        )
    return tensors


def read_live(model):
    """Reads a live tf-keras model of transformers' TFAlbert* layout.

    Args:
        model: a built TFAlbert* model.

    Returns:
        Checkpoint.
    """
    tensors = dict(
        _renamed(variable.name, variable.numpy()) for variable in model.weights
    )
    source = type(model).__name__
    fields = model.config.to_dict()
    return Checkpoint(
        source=source,
        config=AlbertConfig.from_dict(_known(fields)),
        tensors=canonical_names(tensors, source),
        architecture=_architecture(source, tensors),
    )


def _renamed(name, array):
    """Returns (Hugging Face name, array oriented as there)."""
    parts = name.removesuffix(":0").split("/")
    # Subtle: the file nests a layer under every layer that uses it, so the
    # word embeddings stand under "predictions" too. What counts begins at the
    # last "albert", or else at the last repetition of the head's name.
    roots = [part for part in parts[:-1] if part in _ROOTS]
    if roots:
        root = "albert" if "albert" in roots else roots[0]
        last = len(parts) - 1 - parts[::-1].index(root)
        parts = parts[last:]
    path = ".".join(parts[:-1]).replace("_._", ".")
    leaf, is_transposed = _LEAVES.get(parts[-1], (parts[-1], False))
    return f"{path}.{leaf}", array.T if is_transposed else array


def _architecture(name, tensors):
    name = name.removeprefix("TF")
    if name == "AlbertModel":
        return "AlbertEncoder"
    if name.startswith("AlbertFor"):
        return name
    return infer_architecture(tensors)


def _known(fields):
    """Leaves out what transformers adds to every configuration."""
    names = set(AlbertConfig.__dataclass_fields__) | {"model_type"}
    return {name: value for name, value in fields.items() if name in names}
