"""`from_pretrained` and `save_pretrained`: our directory, Hugging Face's too.

A directory holds `config.json`, `model.safetensors`, and with a tokenizer
`spiece.model` and `tokenizer_config.json`.
"""

import inspect
import json
import os
from pathlib import Path

import safetensors
import safetensors.numpy

from albert_tf.checkpoints.assign import assign_tensors
from albert_tf.checkpoints.names import hugging_face_variables
from albert_tf.config import AlbertConfig
from albert_tf.files import written_aside

CONFIG_FILE = "config.json"
WEIGHTS_FILE = "model.safetensors"
_ARCHITECTURES = {"AlbertEncoder": "AlbertModel"}
_POOLER_PREFIX = "albert.pooler."


def save(model, directory, tokenizer=None):
    """Writes a model as a directory; see `PretrainedModel.save_pretrained`."""
    directory = Path(directory)
    tensors = {
        named.name: named.to_array() for named in hugging_face_variables(model)
    }
    with written_aside(directory / WEIGHTS_FILE) as path:
        # The metadata is what transformers asks for before it reads a file.
        safetensors.numpy.save_file(tensors, path, metadata={"format": "pt"})
    with written_aside(directory / CONFIG_FILE) as path:
        text = json.dumps(_config_fields(model), indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    if tokenizer is not None:
        tokenizer.save(directory)


def load(model_class, source, **kwargs):
    """Builds a model from a directory; see `from_pretrained`."""
    directory = Path(source)
    if not directory.is_dir():
        raise ValueError(
            f"No model directory at {os.fspath(source)}. Expected a folder "
            "with config.json and model.safetensors, as `save_pretrained` or "
            "`albert finetune` writes it."
        )
    config_path = directory / CONFIG_FILE
    config = AlbertConfig.from_json(config_path)
    saved = json.loads(config_path.read_text(encoding="utf-8"))
    model = model_class(config, **_labels(model_class, saved), **kwargs)
    tensors = read_safetensors(directory / WEIGHTS_FILE)
    head = tuple(
        named.name
        for named in hugging_face_variables(model)
        if not named.name.startswith("albert.")
    )
    is_same_task = _architecture(model_class) in saved.get("architectures", ())
    assign_tensors(
        hugging_face_variables(model),
        tensors,
        source=os.fspath(directory / WEIGHTS_FILE),
        optional_prefixes=() if is_same_task else (*head, _POOLER_PREFIX),
    )
    return model


def read_safetensors(path):
    """Returns the tensors of a `.safetensors` file as numpy arrays.

    Raises:
        ValueError: the file is missing, truncated or no safetensors file.
    """
    try:
        return safetensors.numpy.load_file(path)
    except FileNotFoundError as error:
        raise ValueError(
            f"{os.fspath(path)} is missing. Expected the weights beside "
            f"{CONFIG_FILE}."
        ) from error
    except (safetensors.SafetensorError, OSError) as error:
        raise ValueError(
            f"{os.fspath(path)} is broken or no safetensors file: {error}. "
            "Copy or download it again."
        ) from error


def _architecture(model_class):
    return _ARCHITECTURES.get(model_class.__name__, model_class.__name__)


def _config_fields(model):
    fields = {
        "architectures": [_architecture(type(model))],
        **model.albert_config.to_dict(),
        "pad_token_id": 0,
        "bos_token_id": 2,
        "eos_token_id": 3,
        "torch_dtype": "float32",
    }
    num_labels = getattr(model, "num_labels", None)
    if num_labels is not None:
        names = model.labels or [f"LABEL_{i}" for i in range(num_labels)]
        fields["id2label"] = {str(i): name for i, name in enumerate(names)}
        fields["label2id"] = {name: i for i, name in enumerate(names)}
    return fields


def _labels(model_class, saved):
    """Returns the constructor's label arguments that a file implies."""
    names = saved.get("id2label")
    takes_labels = "labels" in inspect.signature(model_class).parameters
    if not names or not takes_labels:
        return {}
    ordered = [names[key] for key in sorted(names, key=int)]
    if all(name == f"LABEL_{i}" for i, name in enumerate(ordered)):
        return {"num_labels": len(ordered)}
    return {"labels": ordered}
