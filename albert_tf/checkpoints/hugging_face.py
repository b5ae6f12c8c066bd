"""Hugging Face directories, which are our own format too.

`config.json` with one of `model.safetensors`, `pytorch_model.bin` and
`tf_model.h5`.
"""

import json
import os
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

from albert_tf.checkpoints import keras_two, torch_file
from albert_tf.checkpoints.checkpoint import (
    Checkpoint,
    canonical_names,
    check_agreement,
    described_architecture,
    described_labels,
)
from albert_tf.checkpoints.names import architecture_of, named_variables
from albert_tf.config import AlbertConfig
from albert_tf.files import written_aside

CONFIG_FILE = "config.json"
WEIGHTS_FILE = "model.safetensors"


def read_safetensors(path):
    """Returns the tensors of a `.safetensors` file as numpy arrays.

    One that a TFAlbert* class wrote says so, and names and orients them as
    its `tf_model.h5` does: they come back as the other files have them.

    Raises:
        ValueError: the file is truncated or no safetensors file.
    """
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (safetensors.SafetensorError, OSError, KeyError) as error:
        raise ValueError(
            f"{os.fspath(path)} is broken or no safetensors file: {error}. "
            "Copy or download it again."
        ) from error
    if metadata.get("format") == "tf":
        return keras_two.hugging_face_tensors(tensors)
    return tensors


READERS = {
    WEIGHTS_FILE: read_safetensors,
    "pytorch_model.bin": torch_file.read_torch_file,
    "tf_model.h5": keras_two.read_h5,
}


def has_weights(directory):
    """Whether a directory holds a file of weights as Hugging Face names it."""
    return any((Path(directory) / name).exists() for name in READERS)


def read(directory):
    """Reads a directory.

    Args:
        directory: path.

    Returns:
        Checkpoint.

    Raises:
        ValueError: a file is missing or broken, or two disagree.
    """
    directory = Path(directory)
    config_path = directory / CONFIG_FILE
    config = AlbertConfig.from_json(config_path)
    fields = json.loads(config_path.read_text(encoding="utf-8"))
    found = [
        directory / name for name in READERS if (directory / name).exists()
    ]
    if not found:
        raise ValueError(
            f"{directory} holds {CONFIG_FILE} but no weights. Expected one "
            f"of: {', '.join(READERS)}."
        )
    contents = [
        (path, canonical_names(READERS[path.name](path), path))
        for path in found
    ]
    check_agreement(contents)
    tensors = contents[0][1]
    return Checkpoint(
        source=os.fspath(found[0]),
        config=config,
        tensors=tensors,
        architecture=described_architecture(fields, tensors),
        labels=described_labels(fields),
        problem_type=fields.get("problem_type"),
    )


def write(model, directory, weights_format="float32"):
    """Writes `config.json` and `model.safetensors`.

    Once both are whole, weights of an earlier model in the other files of
    this format are removed: every later load would find that they disagree.

    Args:
        model: one of our models.
        directory: path; made if missing.
        weights_format: `"float32"` or `"float16"`, which halves the file.
            Either is read as float32.

    Raises:
        ValueError: a weight is too large for float16.
    """
    directory = Path(directory)
    is_bare = architecture_of(model) == "AlbertEncoder"
    tensors = {
        named.hugging_face.removeprefix("albert.")
        if is_bare
        else named.hugging_face: named.to_array()
        for named in named_variables(model)
    }
    if weights_format == "float16":
        tensors = _as_float16(tensors)
    if "predictions.bias" in tensors:
        # Stored twice, since the removed TensorFlow classes read this one.
        tensors["predictions.decoder.bias"] = tensors["predictions.bias"]
    with written_aside(directory / WEIGHTS_FILE) as path:
        # The metadata is what transformers asks for before it reads a file.
        safetensors.numpy.save_file(tensors, path, metadata={"format": "pt"})
        path.chmod(0o644)  # It makes files that only their owner reads.
    fields = {**_config_fields(model), "torch_dtype": weights_format}
    with written_aside(directory / CONFIG_FILE) as path:
        text = json.dumps(fields, indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    for name in READERS.keys() - {WEIGHTS_FILE}:
        (directory / name).unlink(missing_ok=True)


def _as_float16(tensors):
    most = np.finfo(np.float16).max
    for name, array in tensors.items():
        if np.abs(array).max() > most:
            raise ValueError(
                f"{name} holds {np.abs(array).max():g}; float16 ends at "
                f"{most:g}. Keep the weights in float32."
            )
    return {n: array.astype(np.float16) for n, array in tensors.items()}


def _config_fields(model):
    name = architecture_of(model)
    fields = {
        "architectures": [name.replace("AlbertEncoder", "AlbertModel")],
        **model.albert_config.to_dict(),
        "pad_token_id": 0,
        "bos_token_id": 2,
        "eos_token_id": 3,
    }
    num_labels = getattr(model, "num_labels", None)
    if num_labels is not None:
        names = model.labels or [f"LABEL_{i}" for i in range(num_labels)]
        fields["id2label"] = {str(i): name for i, name in enumerate(names)}
        fields["label2id"] = {name: i for i, name in enumerate(names)}
    return fields
