"""Keras 2 models in the layout of the removed TFAlbert* classes.

Their `tf_model.h5` and `model.safetensors`, what `save_weights` wrote as `.h5`
or `.weights.h5`, and live tf-keras models: all name a variable by the path of
its layers.
"""

import json
import os
import re
from pathlib import Path

import h5py
import numpy as np

from albert_tf.checkpoints.checkpoint import (
    Checkpoint,
    canonical_names,
    described_architecture,
    described_labels,
)
from albert_tf.checkpoints.names import HEADS
from albert_tf.config import AlbertConfig

_ROOTS = ("albert", "classifier", "predictions", "qa_outputs", "sop_classifier")
_LEAVES = {
    "kernel": ("weight", True),
    "gamma": ("weight", False),
    "beta": ("bias", False),
    "embeddings": ("weight", False),
}


# Keras 2's `.weights.h5` numbers a layer's variables: (end of the layer's
# path, names in their order). The first that fits counts.
_NUMBERED = (
    (
        "embeddings",
        (
            "word_embeddings/weight",
            "token_type_embeddings/embeddings",
            "position_embeddings/embeddings",
        ),
    ),
    ("predictions", ("bias", "decoder/bias")),
    ("LayerNorm", ("gamma", "beta")),
    ("layer_norm", ("gamma", "beta")),
    ("", ("kernel", "bias")),
)
# And names lists of layers by class: what stands there, and the path above.
_PATHS = (
    (r"^layers/tf_albert_main_layer", "albert"),
    (r"^layers/dense/", "classifier/"),
    (r"^predictions/decoder/", "albert/embeddings/"),
    (r"/tf_albert_layer_group/", "_._0/"),
    (r"/tf_albert_layer_group_(\d+)/", r"_._\1/"),
    (r"/tf_albert_layer/", "_._0/"),
    (r"/tf_albert_layer_(\d+)/", r"_._\1/"),
)


def read(path):
    """Reads a weights file with `config.json` beside it.

    Args:
        path: of an `.h5` or `.weights.h5` file.

    Returns:
        Checkpoint.

    Raises:
        ValueError: a file is missing or broken, or holds another layout.
    """
    path = Path(path)
    config_path = path.parent / "config.json"
    config = AlbertConfig.from_json(config_path)
    fields = json.loads(config_path.read_text(encoding="utf-8"))
    tensors = canonical_names(read_h5(path), path)
    return Checkpoint(
        source=os.fspath(path),
        config=config,
        tensors=tensors,
        architecture=described_architecture(fields, tensors),
        labels=described_labels(fields),
        problem_type=fields.get("problem_type"),
    )


def read_h5(path):
    """Returns the tensors of an `.h5` file under Hugging Face's names.

    Args:
        path: of `tf_model.h5`, or of what `save_weights` wrote as `.h5` or
            `.weights.h5`.

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
    except (OSError, RuntimeError, KeyError, TypeError, MemoryError) as error:
        raise ValueError(
            f"{os.fspath(path)} is broken or no HDF5 file: {error}. Copy or "
            "download it again."
        ) from error
    tensors = hugging_face_tensors(found)
    if "albert.embeddings.word_embeddings.weight" not in tensors:
        raise ValueError(
            f"{os.fspath(path)} is not laid out as TFAlbert* models are: it "
            f"has {', '.join(list(found)[:3]) or 'no tensors'}. Save the "
            'model with save_pretrained, or save_weights("weights.h5").'
        )
    return tensors


def is_model(source):
    """Whether an object is a live model of the TFAlbert* classes."""
    return _class_name(source) is not None


def read_live(model):
    """Reads a live tf-keras model of transformers' TFAlbert* layout.

    Args:
        model: a built TFAlbert* model.

    Returns:
        Checkpoint.

    Raises:
        ValueError: it has no weights yet.
    """
    if not model.weights:
        raise ValueError(
            f"The {type(model).__name__} has no weights yet. Call it once, "
            "or `model.build_in_name_scope()`, first."
        )
    tensors = hugging_face_tensors(
        {variable.name: variable.numpy() for variable in model.weights}
    )
    fields = model.config.to_dict()
    source = _class_name(model)
    return Checkpoint(
        source=source,
        config=AlbertConfig.from_dict(fields),
        tensors=canonical_names(tensors, source),
        architecture=described_architecture(
            {"architectures": [source]}, tensors
        ),
        labels=described_labels(fields),
        problem_type=fields.get("problem_type"),
    )


def hugging_face_tensors(variables):
    """Returns variables under Hugging Face's names, oriented as there.

    Args:
        variables: dict of str to numpy array, named by the path of layers.

    Returns:
        dict of str to numpy array.
    """
    tensors = dict(_renamed(name, array) for name, array in variables.items())
    # Subtle: the head adds this one alone. Its other variable, "bias", takes
    # no part and stays as it began.
    bias = tensors.pop("predictions.decoder.bias", None)
    if bias is not None:
        tensors["predictions.bias"] = bias
    return tensors


def _class_name(model):
    """Returns the TFAlbert* class that an object is or derives from."""
    known = {f"TF{name}" for name in (*HEADS, "AlbertModel")}
    names = [ancestor.__name__ for ancestor in type(model).__mro__]
    return next((name for name in names if name in known), None)


def _renamed(name, array):
    """Returns (Hugging Face name, array oriented as there)."""
    name = _named(name)
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


def _named(path):
    """Returns a path of a `.weights.h5` file as the other files spell it."""
    layer, separator, number = path.partition("/vars/")
    if not separator:
        return path
    layer += "/"
    for pattern, replacement in _PATHS:
        layer = re.sub(pattern, replacement, layer)
    layer = layer.removesuffix("/")
    names = next(names for end, names in _NUMBERED if layer.endswith(end))
    # A number beyond the list is another layer's: it stays as it is.
    known = {str(i): name for i, name in enumerate(names)}
    return f"{layer}/{known.get(number, number)}"
