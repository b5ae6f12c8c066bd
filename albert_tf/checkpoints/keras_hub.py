"""KerasHub's `AlbertBackbone`, live, as a preset directory or by name."""

import dataclasses
from operator import attrgetter

import numpy as np

from albert_tf.checkpoints.checkpoint import Checkpoint
from albert_tf.checkpoints.names import named_variables
from albert_tf.config import AlbertConfig

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
    return type(source).__name__ == "AlbertBackbone"


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
        ValueError: keras-nlp is missing, or the preset cannot be loaded.
    """
    backbone_class = _backbone_class()
    try:
        backbone = backbone_class.from_preset(str(preset))
    except (ValueError, OSError, RuntimeError) as error:
        raise ValueError(
            f"KerasHub cannot load the preset {preset}: "
            f"{str(error).splitlines()[0]}"
        ) from error
    return dataclasses.replace(read_live(backbone), source=str(preset))


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
    if encoder.pooler is None or config.hidden_act != "gelu_new":
        raise ValueError(
            "KerasHub's AlbertBackbone has a pooler and the tanh form of "
            "GELU. Received a model without one of them; load the weights "
            "as AlbertEncoder first."
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
