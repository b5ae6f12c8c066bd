"""KerasHub's `AlbertBackbone`, live, as a preset directory or by name."""

import dataclasses
import json
from operator import attrgetter
from pathlib import Path

import numpy as np

from albert_tf.checkpoints.checkpoint import Checkpoint
from albert_tf.checkpoints.names import named_variables
from albert_tf.config import AlbertConfig

# Where a preset keeps the tokenizer's model and a task's head.
TOKENIZER_FILE = "tokenizer.json"
VOCABULARY_FILE = "assets/tokenizer/vocabulary.spm"
# Of ours: how text is normalized before KerasHub's tokenizer sees it.
SETTINGS_FILE = "assets/tokenizer/tokenizer_config.json"
TASK_WEIGHTS_FILE = "task.weights.h5"
# (kind, attribute of the backbone or of its layer, Hugging Face's prefix).
# Attention kernels have a head axis there, [H, N, D] or [N, D, H].
_BACKBONE = (
    ("embedding", "token_embedding", "embeddings.word_embeddings"),
    ("position", "position_embedding", "embeddings.position_embeddings"),
    ("embedding", "segment_embedding", "embeddings.token_type_embeddings"),
    ("norm", "embeddings_layer_norm", "embeddings.LayerNorm"),
    ("dense", "embeddings_projection", "encoder.embedding_hidden_mapping_in"),
    ("dense", "pooled_dense", "pooler"),
)
_LAYER = (
    ("dense", "_self_attention_layer.query_dense", "attention.query"),
    ("dense", "_self_attention_layer.key_dense", "attention.key"),
    ("dense", "_self_attention_layer.value_dense", "attention.value"),
    ("dense", "_self_attention_layer.output_dense", "attention.dense"),
    ("norm", "_self_attention_layer_norm", "attention.LayerNorm"),
    ("dense", "_feedforward_intermediate_dense", "ffn"),
    ("dense", "_feedforward_output_dense", "ffn_output"),
    ("norm", "_feedforward_layer_norm", "full_layer_layer_norm"),
)
_KINDS = {
    "embedding": (("embeddings", "weight"),),
    "position": (("position_embeddings", "weight"),),
    "dense": (("kernel", "weight"), ("bias", "bias")),
    "norm": (("gamma", "weight"), ("beta", "bias")),
}
_CONFIG = {
    "vocabulary_size": "vocab_size",
    "num_layers": "num_hidden_layers",
    "num_heads": "num_attention_heads",
    "embedding_dim": "embedding_size",
    "hidden_dim": "hidden_size",
    "intermediate_dim": "intermediate_size",
    "num_groups": "num_hidden_groups",
    "num_inner_repetitions": "inner_group_num",
    "max_sequence_length": "max_position_embeddings",
    "num_segments": "type_vocab_size",
}


def is_backbone(source):
    """Whether an object is a live KerasHub ALBERT backbone."""
    return any(c.__name__ == "AlbertBackbone" for c in type(source).__mro__)


def is_preset(directory):
    """Whether a directory is a KerasHub preset."""
    path = Path(directory) / "config.json"
    if not path.is_file():
        return False
    return '"AlbertBackbone"' in path.read_text("utf-8", errors="replace")


def is_preset_name(name):
    """Whether KerasHub is here and has an ALBERT preset of this name."""
    try:
        return name in _backbone_class().presets
    except ValueError:
        return False


def read_live(backbone):
    """Reads a live backbone.

    Args:
        backbone: keras_hub.models.AlbertBackbone.

    Returns:
        Checkpoint, of an encoder with its pooler.
    """
    tensors = {
        name: _to_hugging_face(name, np.asarray(variable))
        for name, variable in _variables(backbone).items()
    }
    fields = {
        ours: getattr(backbone, theirs) for theirs, ours in _CONFIG.items()
    }
    rate = float(backbone.dropout)
    config = AlbertConfig(
        **fields,
        hidden_dropout_prob=rate,
        attention_probs_dropout_prob=rate,
    )
    return Checkpoint("AlbertBackbone", config, tensors, "AlbertEncoder")


def read(preset):
    """Reads a preset: a directory, or a name when online.

    Raises:
        ValueError: keras-nlp is missing; the preset cannot be loaded, or is
            a directory of a whole task.
    """
    _check_has_no_head(Path(preset))
    backbone_class = _backbone_class()
    try:
        backbone = backbone_class.from_preset(str(preset))
    except (ValueError, OSError, RuntimeError) as error:
        raise ValueError(
            f"KerasHub cannot load the preset {preset}: "
            f"{str(error).splitlines()[0]}"
        ) from error
    return dataclasses.replace(read_live(backbone), source=str(preset))


def _check_has_no_head(preset):
    """Refuses a directory of a task, whose head no model here has."""
    name = _task_class(preset / "task.json")
    if name is None and (preset / TASK_WEIGHTS_FILE).exists():
        name = "task"
    if name is not None:
        raise ValueError(
            f"{preset} is a KerasHub {name}, with a head that no model here "
            "has. Load it there and call its `.backbone.save_to_preset(DIR)`; "
            "then give DIR."
        )


def _task_class(path):
    """Returns the class that a `task.json` of KerasHub names, or None."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return fields.get("class_name") if isinstance(fields, dict) else None


def to_backbone(model):
    """Returns a KerasHub backbone with the weights of a model's encoder.

    Args:
        model: one of our models with a pooler.

    Returns:
        keras_hub.models.AlbertBackbone.

    Raises:
        ValueError: keras-nlp is missing, the model has no pooler, or uses
            what KerasHub's backbone lacks.
    """
    encoder = getattr(model, "encoder", model)
    config = encoder.albert_config
    if (
        encoder.pooler is None
        or config.hidden_act != "gelu_new"
        or config.layer_norm_eps != 1e-12
    ):
        raise ValueError(
            "KerasHub's AlbertBackbone has a pooler, the tanh form of GELU "
            "and a layer-norm epsilon of 1e-12. Received: "
            f"{type(model).__name__}, "
            f"{'no pooler' if encoder.pooler is None else 'a pooler'}, "
            f"hidden_act={config.hidden_act!r}, "
            f"layer_norm_eps={config.layer_norm_eps}. Take a checkpoint that "
            "has them all, such as the pretrained one."
        )
    backbone = _backbone_class()(
        dropout=config.hidden_dropout_prob,
        **{theirs: getattr(config, ours) for theirs, ours in _CONFIG.items()},
    )
    arrays = {
        named.hugging_face: named.to_array()
        for named in named_variables(encoder)
    }
    for name, variable in _variables(backbone).items():
        array = arrays[name]
        if name.endswith(".weight") and array.ndim == 2:
            array = array if _is_table(name) else array.T
        variable.assign(np.reshape(array, variable.shape))
    return backbone


def write(model, directory, vocabulary=None):
    """Writes a preset: the encoder as a backbone, and the tokenizer.

    KerasHub's tokenizer is SentencePiece alone: it splits most texts in
    another way than the one that ALBERT was trained with.

    Args:
        model: one of our models with a pooler. Its head has no place there.
        directory: path; made if missing.
        vocabulary: bytes of a `spiece.model`, or None.

    Raises:
        ValueError: as `to_backbone`, or KerasHub's tokenizer is not to be
            had, for want of tensorflow-text.
    """
    backbone = to_backbone(model)
    tokenizer = None if vocabulary is None else _tokenizer(vocabulary)
    Path(directory).mkdir(parents=True, exist_ok=True)
    backbone.save_to_preset(str(directory))
    if tokenizer is not None:
        tokenizer.save_to_preset(str(directory))


def _tokenizer(vocabulary):
    import keras_hub

    try:
        return keras_hub.tokenizers.AlbertTokenizer(vocabulary)
    except ImportError as error:
        raise ValueError(
            "KerasHub's tokenizer needs tensorflow-text. Run `pip install "
            "tensorflow-text`, or convert a directory without spiece.model."
        ) from error


def _backbone_class():
    try:
        import keras_hub
    except ImportError as error:
        raise ValueError(
            "KerasHub models need keras-nlp. Run `pip install keras-nlp`."
        ) from error
    return keras_hub.models.AlbertBackbone


def _variables(backbone):
    """Returns Hugging Face's name to the backbone's variable."""
    places = [(backbone, row, "albert.") for row in _BACKBONE]
    for group in range(backbone.num_groups):
        for inner in range(backbone.num_inner_repetitions):
            layer = backbone.get_layer(f"group_{group}_inner_layer_{inner}")
            prefix = (
                f"albert.encoder.albert_layer_groups.{group}."
                f"albert_layers.{inner}."
            )
            places += [(layer, row, prefix) for row in _LAYER]
    return {
        f"{prefix}{theirs}.{name}": getattr(attrgetter(path)(owner), attribute)
        for owner, (kind, path, theirs), prefix in places
        for attribute, name in _KINDS[kind]
    }


def _to_hugging_face(name, array):
    """Joins the head axes of an array, and turns matrices."""
    if name.endswith(".bias") or array.ndim == 1:
        return array.reshape(-1)
    if _is_table(name):
        return array
    if name.endswith("attention.dense.weight"):
        return array.reshape(-1, array.shape[-1]).T
    return array.reshape(array.shape[0], -1).T


def _is_table(name):
    return name.endswith("_embeddings.weight")
