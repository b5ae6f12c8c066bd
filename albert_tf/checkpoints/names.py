"""Which variable of ours is which tensor in a foreign checkpoint.

A row is one layer: its kind, where it hangs in our model, its Hugging Face
prefix, and its prefix in Google's TF1 checkpoints. `{g}` and `{i}` stand for
group and inner layer. The kind says which variables a layer has, what they
are called in each format, and whether a matrix is stored transposed.
"""

import dataclasses
from operator import attrgetter

import numpy as np

# kind: (our attribute, Hugging Face, Google, transposed in Hugging Face)
KINDS = {
    "embedding": (("embeddings", "weight", "", False),),
    "dense": (
        ("kernel", "weight", "kernel", True),
        ("bias", "bias", "bias", False),
    ),
    "norm": (
        ("gamma", "weight", "gamma", False),
        ("beta", "bias", "beta", False),
    ),
    "bias": (("bias", "bias", "output_bias", False),),
    # Google's heads are bare matrices, stored [labels, H] without a layer.
    "head": (
        ("kernel", "weight", "output_weights", True),
        ("bias", "bias", "output_bias", False),
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
HEADS = {
    "AlbertEncoder": (),
    "AlbertForSequenceClassification": (
        ("head", "classifier", "classifier", ""),
    ),
}


@dataclasses.dataclass(frozen=True)
class NamedVariable:
    """A variable of a model and its name in a checkpoint.

    Attributes:
        name: str. Name in the checkpoint.
        variable: keras.Variable.
        is_transposed: bool. Whether the checkpoint stores the transpose.
    """

    name: str
    variable: object
    is_transposed: bool

    def to_array(self):
        """Returns the value as the checkpoint stores it."""
        value = np.asarray(self.variable)
        return np.ascontiguousarray(value.T if self.is_transposed else value)

    def assign(self, array):
        """Sets the value from the checkpoint's array."""
        self.variable.assign(array.T if self.is_transposed else array)


def hugging_face_variables(model):
    """Returns the variables of a model under Hugging Face's names.

    Args:
        model: one of our models.

    Returns:
        list of NamedVariable.
    """
    encoder = getattr(model, "encoder", model)
    rows = [
        (attrgetter(path)(encoder), kind, name)
        for kind, path, name, _ in EMBEDDINGS
    ]
    inner = encoder.albert_config.inner_group_num
    for index, layer in enumerate(encoder.transformer_layers):
        place = {"g": index // inner, "i": index % inner}
        rows += [
            (attrgetter(path)(layer), kind, name.format(**place))
            for kind, path, name, _ in LAYER
        ]
    if encoder.pooler is not None:
        rows += [(encoder.pooler, kind, name) for kind, _, name, _ in POOLER]
    rows += [
        (attrgetter(path)(model), kind, name)
        for kind, path, name, _ in HEADS[type(model).__name__]
    ]
    return [
        NamedVariable(f"{name}.{theirs}", getattr(layer, ours), transposed)
        for layer, kind, name in rows
        for ours, theirs, _, transposed in KINDS[kind]
    ]
