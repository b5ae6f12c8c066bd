"""Which variable of ours is which tensor in a foreign checkpoint.

A row is one layer: its kind, where it hangs in our model, its Hugging Face
prefix, and its prefix in Google's TF1 checkpoints. `{g}` and `{i}` stand for
group and inner layer. The kind says which variables a layer has, what they
are called in each format, and whether a matrix is stored transposed.
"""

import dataclasses
from operator import attrgetter

import numpy as np

# kind: rows of (our attribute, Hugging Face's name and whether it stores the
# transpose, Google's name and whether it stores the transpose).
KINDS = {
    "embedding": (("embeddings", "weight", False, "", False),),
    "dense": (
        ("kernel", "weight", True, "kernel", False),
        ("bias", "bias", False, "bias", False),
    ),
    "norm": (
        ("gamma", "weight", False, "gamma", False),
        ("beta", "bias", False, "beta", False),
    ),
    "bias": (("bias", "bias", False, "output_bias", False),),
    # Google's heads are bare matrices, stored [labels, H] without a layer.
    "head": (
        ("kernel", "weight", True, "output_weights", True),
        ("bias", "bias", False, "output_bias", False),
    ),
    # Nobody else has these: early exit's classifiers, all in one.
    "exits": (
        ("kernel", "kernel", False, "kernel", False),
        ("bias", "bias", False, "bias", False),
    ),
}

_HF_LAYER = "albert.encoder.albert_layer_groups.{g}.albert_layers.{i}"
_GOOGLE_LAYER = "bert/encoder/transformer/group_{g}/inner_group_{i}"

EMBEDDINGS = (
    (
        "embedding",
        "embeddings.word_embeddings",
        "albert.embeddings.word_embeddings",
        "bert/embeddings/word_embeddings",
    ),
    (
        "embedding",
        "embeddings.position_embeddings",
        "albert.embeddings.position_embeddings",
        "bert/embeddings/position_embeddings",
    ),
    (
        "embedding",
        "embeddings.segment_embeddings",
        "albert.embeddings.token_type_embeddings",
        "bert/embeddings/token_type_embeddings",
    ),
    (
        "norm",
        "embeddings.layer_norm",
        "albert.embeddings.LayerNorm",
        "bert/embeddings/LayerNorm",
    ),
    (
        "dense",
        "embeddings.projection",
        "albert.encoder.embedding_hidden_mapping_in",
        "bert/encoder/embedding_hidden_mapping_in",
    ),
)
LAYER = (
    (
        "dense",
        "attention.query",
        f"{_HF_LAYER}.attention.query",
        f"{_GOOGLE_LAYER}/attention_1/self/query",
    ),
    (
        "dense",
        "attention.key",
        f"{_HF_LAYER}.attention.key",
        f"{_GOOGLE_LAYER}/attention_1/self/key",
    ),
    (
        "dense",
        "attention.value",
        f"{_HF_LAYER}.attention.value",
        f"{_GOOGLE_LAYER}/attention_1/self/value",
    ),
    (
        "dense",
        "attention.output_projection",
        f"{_HF_LAYER}.attention.dense",
        f"{_GOOGLE_LAYER}/attention_1/output/dense",
    ),
    (
        "norm",
        "attention_norm",
        f"{_HF_LAYER}.attention.LayerNorm",
        f"{_GOOGLE_LAYER}/LayerNorm",
    ),
    (
        "dense",
        "intermediate",
        f"{_HF_LAYER}.ffn",
        f"{_GOOGLE_LAYER}/ffn_1/intermediate/dense",
    ),
    (
        "dense",
        "output_projection",
        f"{_HF_LAYER}.ffn_output",
        f"{_GOOGLE_LAYER}/ffn_1/intermediate/output/dense",
    ),
    (
        "norm",
        "output_norm",
        f"{_HF_LAYER}.full_layer_layer_norm",
        f"{_GOOGLE_LAYER}/LayerNorm_1",
    ),
)
POOLER = (("dense", "pooler", "albert.pooler", "bert/pooler/dense"),)
_MASKED_LM = (
    (
        "dense",
        "masked_lm.dense",
        "predictions.dense",
        "cls/predictions/transform/dense",
    ),
    (
        "norm",
        "masked_lm.layer_norm",
        "predictions.LayerNorm",
        "cls/predictions/transform/LayerNorm",
    ),
    ("bias", "masked_lm", "predictions", "cls/predictions"),
)
_CLASSIFIER = (("head", "classifier", "classifier", ""),)
EXITS = (("exits", "exit_heads", "exit_heads", "exit_heads"),)
HEADS = {
    "AlbertEncoder": (),
    "AlbertForMaskedLM": _MASKED_LM,
    "AlbertForMultipleChoice": _CLASSIFIER,
    "AlbertForPreTraining": (
        *_MASKED_LM,
        (
            "head",
            "sentence_order",
            "sop_classifier.classifier",
            "cls/seq_relationship",
        ),
    ),
    "AlbertForQuestionAnswering": (
        ("head", "classifier", "qa_outputs", "cls/squad"),
    ),
    "AlbertForSequenceClassification": _CLASSIFIER,
    "AlbertForTokenClassification": _CLASSIFIER,
}


@dataclasses.dataclass(frozen=True)
class NamedVariable:
    """A variable of a model and its names in checkpoints.

    Attributes:
        variable: keras.Variable.
        hugging_face: str. Its name there.
        google: str. Its name there.
        is_transposed: bool. Whether Hugging Face stores the transpose.
        is_transposed_at_google: bool. Whether Google does.
    """

    variable: object
    hugging_face: str
    google: str
    is_transposed: bool
    is_transposed_at_google: bool

    @property
    def shape(self):
        """The shape that Hugging Face stores."""
        shape = tuple(self.variable.shape)
        return shape[::-1] if self.is_transposed else shape

    def to_array(self, is_transposed=None):
        """Returns the value as Hugging Face stores it.

        Args:
            is_transposed: bool or None, to override that orientation.
        """
        if is_transposed is None:
            is_transposed = self.is_transposed
        value = np.asarray(self.variable)
        if value.dtype.itemsize < 4:
            # Every reader knows float32, which holds halves' bits.
            value = value.astype(np.float32)
        return np.ascontiguousarray(value.T if is_transposed else value)

    def assign(self, array):
        """Sets the value from an array as Hugging Face stores it."""
        self.variable.assign(array.T if self.is_transposed else array)


def named_variables(model):
    """Returns every variable of a model with its names.

    Args:
        model: one of our models.

    Returns:
        list of NamedVariable.
    """
    encoder = getattr(model, "encoder", model)
    rows = [(encoder, row, {}) for row in EMBEDDINGS]
    inner = encoder.albert_config.inner_group_num
    for index, layer in enumerate(encoder.transformer_layers):
        place = {"g": index // inner, "i": index % inner}
        rows += [(layer, row, place) for row in LAYER]
    if encoder.pooler is not None:
        rows += [(encoder, row, {}) for row in POOLER]
    rows += [(model, row, {}) for row in HEADS[architecture_of(model)]]
    if getattr(model, "exit_heads", None) is not None:
        rows += [(model, row, {}) for row in EXITS]
    return [
        NamedVariable(
            variable=getattr(attrgetter(path)(owner), attribute),
            hugging_face=f"{theirs.format(**place)}.{name}",
            google=join_google(google.format(**place), google_name),
            is_transposed=transposed,
            is_transposed_at_google=google_transposed,
        )
        for owner, (kind, path, theirs, google), place in rows
        for attribute, name, transposed, google_name, google_transposed in (
            KINDS[kind]
        )
    ]


def architecture_of(model):
    """Returns the name of the class of ours that a model is, or derives from.

    Raises:
        ValueError: it is none of ours.
    """
    for ancestor in type(model).__mro__:
        if ancestor.__name__ in HEADS:
            return ancestor.__name__
    raise ValueError(
        f"A {type(model).__name__} has no place in checkpoints. Expected one "
        f"of {', '.join(HEADS)}, or a class derived from one."
    )


def join_google(prefix, name):
    """Returns a name of a TF1 checkpoint, from its two parts."""
    return "/".join(part for part in (prefix, name) if part)
