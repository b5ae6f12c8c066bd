"""The architecture of an ALBERT model: sizes, sharing and dropout rates.

The field names are those of Google's `albert_config.json` and of Hugging
Face's `config.json`, so the same file describes a model everywhere. Only the
standard library is used: a device reads it too.
"""

from __future__ import annotations

import dataclasses
import json
import os
from typing import Any

ACTIVATIONS = ("gelu_new", "gelu", "relu")

_SHARED = {"vocab_size": 30000, "embedding_size": 128}
# arXiv:1909.11942 table 1: hidden size, layers, heads, feed-forward width.
_SIZES = {
    "base": (768, 12, 12, 3072),
    "large": (1024, 24, 16, 4096),
    "xlarge": (2048, 24, 16, 8192),
    "xxlarge": (4096, 12, 64, 16384),
}
_SIZE_FIELDS = (
    "hidden_size num_hidden_layers num_attention_heads intermediate_size"
).split()


def _dropout(rate: float) -> dict[str, float]:
    return {"hidden_dropout_prob": rate, "attention_probs_dropout_prob": rate}


PRESETS: dict[str, dict[str, Any]] = {
    # The paper removed dropout from the largest model (section 4.8), and
    # version 2 from every size.
    f"albert_{size}_{version}": {
        **_SHARED,
        **dict(zip(_SIZE_FIELDS, sizes)),
        **_dropout(0.1 if version == "v1" and size != "xxlarge" else 0.0),
    }
    for version in ("v1", "v2")
    for size, sizes in _SIZES.items()
}
PRESETS.update(
    {
        # Ours, for phones and small boards: the published vocabulary under a
        # narrow encoder, and a size small enough to train within a minute.
        "albert_edge_small": {
            "vocab_size": 30000,
            "embedding_size": 128,
            "hidden_size": 256,
            "num_hidden_layers": 4,
            "num_attention_heads": 4,
            "intermediate_size": 1024,
        },
        "albert_edge_tiny": {
            "vocab_size": 8000,
            "embedding_size": 64,
            "hidden_size": 128,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "intermediate_size": 512,
            "max_position_embeddings": 256,
        },
    }
)

# Keys of published files that fix nothing here: of features that ALBERT's
# releases never used, or those that transformers adds to any model's file.
# `albert_tf.checkpoints` reads those of a head, such as `problem_type`.
_IGNORED_KEYS = frozenset(
    """_attn_implementation_autoset _name_or_path _num_labels architectures
    attention_dropout bad_words_ids begin_suppress_tokens bos_token_id
    chunk_size_feed_forward classifier_labels cross_attention_hidden_size
    decoder_start_token_id diversity_penalty do_sample down_scale_factor dtype
    early_stopping encoder_no_repeat_ngram_size eos_token_id eos_token_ids
    exponential_decay_length_penalty finetuning_task forced_bos_token_id
    forced_eos_token_id gap_size gradient_checkpointing id2label
    is_encoder_decoder label2id layers_to_keep length_penalty max_length
    min_length model_type no_repeat_ngram_size num_beam_groups num_beams
    num_labels num_return_sequences output_attentions output_hidden_states
    output_past output_scores pad_token_id prefix problem_type
    remove_invalid_values repetition_penalty return_dict
    return_dict_in_generate sep_token_id suppress_tokens task_specific_params
    temperature tf_legacy_loss tie_encoder_decoder tie_word_embeddings
    tokenizer_class top_k top_p torch_dtype torchscript transformers_version
    typical_p use_bfloat16 use_cache xla_device""".split()
)
_REQUIRED_VALUES = {
    "add_cross_attention": False,
    "is_decoder": False,
    "ln_type": "postln",
    "net_structure_type": 0,
    "num_memory_blocks": 0,
    "position_embedding_type": "absolute",
    "pruned_heads": {},
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class AlbertConfig:
    """Sizes and rates that fix an ALBERT encoder.

    Args:
        vocab_size: int > 0. Pieces of the SentencePiece model, V.
        embedding_size: int > 0. Width of the factorized embeddings, E.
        hidden_size: int > 0. Width of the layers, H; a multiple of
            `num_attention_heads`.
        num_hidden_layers: int > 0. Depth: how often layers are applied.
        num_hidden_groups: int > 0. Sets of weights; 1 shares one set across
            all depths. Divides `num_hidden_layers`.
        inner_group_num: int > 0. Layers, each with weights of its own, that
            one application of a group runs.
        num_attention_heads: int > 0, N.
        intermediate_size: int > 0. Width of the feed-forward layer, F.
        hidden_act: `"gelu_new"` (tanh form, what ALBERT was trained with),
            `"gelu"` (erf form) or `"relu"`.
        hidden_dropout_prob: float in [0, 1).
        attention_probs_dropout_prob: float in [0, 1).
        classifier_dropout_prob: float in [0, 1). Before a task head.
        max_position_embeddings: int > 0. Longest sequence, in tokens.
        type_vocab_size: int > 0. Segments told apart.
        initializer_range: float > 0. Deviation of the truncated normal that
            new weights are drawn from.
        layer_norm_eps: float > 0.

    Raises:
        ValueError: a field is out of its range, or two do not fit together.

    Example:
        config = AlbertConfig.from_preset("albert_base_v2")
        smaller = config.replace(num_hidden_layers=6)
        assert smaller.hidden_size == 768

    Source: arXiv:1909.11942 table 1; google-research/albert `AlbertConfig`.
    """

    vocab_size: int = 30000
    embedding_size: int = 128
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_hidden_groups: int = 1
    inner_group_num: int = 1
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: str = "gelu_new"
    hidden_dropout_prob: float = 0.0
    attention_probs_dropout_prob: float = 0.0
    classifier_dropout_prob: float = 0.1
    max_position_embeddings: int = 512
    type_vocab_size: int = 2
    initializer_range: float = 0.02
    layer_norm_eps: float = 1e-12

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            _check_field(field, getattr(self, field.name))
        if self.hidden_size % self.num_attention_heads:
            raise ValueError(
                "`hidden_size` must be a multiple of `num_attention_heads`. "
                f"Received: hidden_size={self.hidden_size}, "
                f"num_attention_heads={self.num_attention_heads}. "
                f"Use hidden_size={_nearest_multiple(self)}, or another "
                "number of heads."
            )
        if self.num_hidden_layers % self.num_hidden_groups:
            raise ValueError(
                "`num_hidden_layers` must be a multiple of "
                "`num_hidden_groups`. Received: "
                f"num_hidden_layers={self.num_hidden_layers}, "
                f"num_hidden_groups={self.num_hidden_groups}. "
                "Use 1 group to share one layer across all depths."
            )

    @classmethod
    def from_preset(cls, name: str) -> AlbertConfig:
        """Returns a published size, or one of our small ones, by name.

        Args:
            name: str, such as `"albert_base_v2"`; `PRESETS` has them all.

        Raises:
            ValueError: no preset has that name.
        """
        if name not in PRESETS:
            raise ValueError(
                f"No preset is named {name!r}. Expected one of: "
                f"{', '.join(PRESETS)}."
            )
        return cls(**PRESETS[name])

    @classmethod
    def from_json(cls, path: str | os.PathLike[str]) -> AlbertConfig:
        """Reads Google's `albert_config.json` or Hugging Face's `config.json`.

        Args:
            path: of the file.

        Returns:
            AlbertConfig.

        Raises:
            ValueError: the file is missing or not JSON, has a key that no
                ALBERT release has, or describes another model.
        """
        try:
            with open(path, encoding="utf-8") as file:
                fields = json.load(file)
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ValueError(
                f"Cannot read a configuration from {os.fspath(path)}: "
                f"{error}. Expected the `config.json` that "
                "`save_pretrained` writes, or Google's `albert_config.json`."
            ) from error
        try:
            return cls.from_dict(fields)
        except ValueError as error:
            raise ValueError(f"{os.fspath(path)}: {error}") from error

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> AlbertConfig:
        """Builds from the keys of either published file.

        Args:
            fields: dict, as JSON holds it.

        Returns:
            AlbertConfig.

        Raises:
            ValueError: as `from_json`.
        """
        if not isinstance(fields, dict):
            raise ValueError(
                "A configuration must be a JSON object. Received: "
                f"{type(fields).__name__}."
            )
        _check_foreign_keys(fields)
        names = {field.name for field in dataclasses.fields(cls)}
        known = {key: fields[key] for key in fields if key in names}
        # Subtle: Google's "gelu" is the tanh form, Hugging Face's the erf
        # form. Only Hugging Face's files carry `model_type`.
        if "model_type" not in fields and known.get("hidden_act") == "gelu":
            known["hidden_act"] = "gelu_new"
        for name in known:
            # Google's files say 0 where they mean 0.0.
            if name.endswith("_prob") and type(known[name]) is int:
                known[name] = float(known[name])
        return cls(**{k: v for k, v in known.items() if v is not None})

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields as Hugging Face's `config.json` spells them."""
        return {"model_type": "albert", **dataclasses.asdict(self)}

    def replace(self, **changes: Any) -> AlbertConfig:
        """Returns a copy with some fields changed, checked again."""
        return dataclasses.replace(self, **changes)


def _nearest_multiple(config: AlbertConfig) -> int:
    heads = config.num_attention_heads
    return max(heads, round(config.hidden_size / heads) * heads)


def _check_field(field: dataclasses.Field, value: Any) -> None:
    name = field.name
    if name == "hidden_act":
        if value not in ACTIVATIONS:
            raise ValueError(
                "`hidden_act` must be one of "
                f"{', '.join(ACTIVATIONS)}. Received: hidden_act={value!r}."
            )
    elif field.type == "int":
        if type(value) is not int or value < 1:
            raise ValueError(
                f"`{name}` must be a whole number of 1 or more. "
                f"Received: {name}={value!r}."
            )
    elif type(value) not in (int, float):
        raise ValueError(
            f"`{name}` must be a number. Received: {name}={value!r}."
        )
    elif name.endswith("_prob"):
        if not 0.0 <= value < 1.0:
            raise ValueError(
                f"`{name}` must be at least 0 and below 1. "
                f"Received: {name}={value!r}."
            )
    elif not 0.0 < value < float("inf"):
        raise ValueError(f"`{name}` must be above 0. Received: {value!r}.")


def _check_foreign_keys(fields: dict[str, Any]) -> None:
    names = {field.name for field in dataclasses.fields(AlbertConfig)}
    unknown = sorted(
        set(fields) - names - _IGNORED_KEYS - set(_REQUIRED_VALUES)
    )
    if unknown:
        raise ValueError(
            f"Unknown configuration keys: {', '.join(unknown)}. Expected "
            f"those of ALBERT: {', '.join(sorted(names))}. Correct the "
            "spelling or remove them."
        )
    if fields.get("model_type", "albert") != "albert":
        raise ValueError(
            "`model_type` must be 'albert'. Received: "
            f"model_type={fields['model_type']!r}."
        )
    for key, expected in _REQUIRED_VALUES.items():
        if fields.get(key, expected) != expected:
            raise ValueError(
                f"`{key}` must be {expected!r}, the only form released. "
                f"Received: {key}={fields[key]!r}."
            )
