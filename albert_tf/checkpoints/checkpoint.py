"""What every reader of a foreign format returns."""

import dataclasses

import numpy as np

POOLER_PREFIX = "albert.pooler."
CLASSIFIER_PREFIX = "classifier."
EXITS_PREFIX = "exit_heads."
# What a task adds to the encoder or leaves out of it, by the start of the
# Hugging Face names. All else every ALBERT has.
PARTS = (
    POOLER_PREFIX,
    CLASSIFIER_PREFIX,
    EXITS_PREFIX,
    "predictions.",
    "qa_outputs.",
    "sop_classifier.",
)


@dataclasses.dataclass(frozen=True)
class Checkpoint:
    """Weights of an ALBERT, whatever file they came from.

    Attributes:
        source: str. What messages call it.
        config: AlbertConfig.
        tensors: dict of Hugging Face name to numpy array, oriented as there.
        architecture: str or None. Class of ours that the weights belong to,
            as far as the source tells.
        labels: list of str or None. Names of its classes, or None.
        problem_type: str or None. What Hugging Face trained a text
            classifier for; None where the source does not tell.
    """

    source: str
    config: object
    tensors: dict
    architecture: str | None
    labels: list | None = None
    problem_type: str | None = None


def infer_architecture(names):
    """Returns the model class that tensors of these names belong to.

    Args:
        names: iterable of Hugging Face names.

    Returns:
        str, or None where a classifier's head fits several classes.
    """
    parts = {part for part in PARTS for name in names if name.startswith(part)}
    if "sop_classifier." in parts:
        return "AlbertForPreTraining"
    if "predictions." in parts:
        return "AlbertForMaskedLM"
    if "qa_outputs." in parts:
        return "AlbertForQuestionAnswering"
    if CLASSIFIER_PREFIX not in parts:
        return "AlbertEncoder"
    # All other classifiers look at the pooled output.
    return None if POOLER_PREFIX in parts else "AlbertForTokenClassification"


def described_architecture(fields, names):
    """Returns the class that a Hugging Face configuration names.

    Args:
        fields: dict, what `config.json` holds.
        names: Hugging Face names of the tensors, which tell where it does not.

    Returns:
        str or None, as `infer_architecture`.

    Raises:
        ValueError: it names none.
    """
    listed = fields.get("architectures") or []
    if not isinstance(listed, list) or not isinstance((*listed, "")[0], str):
        raise ValueError(
            "`architectures` must be a list of class names. Received: "
            f"architectures={listed!r}."
        )
    if not listed:
        return infer_architecture(names)
    # The removed TensorFlow classes carry the same names behind "TF".
    name = listed[0].removeprefix("TF")
    return "AlbertEncoder" if name == "AlbertModel" else name


def described_labels(fields):
    """Returns the labels that a Hugging Face configuration names, or None.

    Raises:
        ValueError: `id2label` is no mapping from numbers to names.
    """
    names = fields.get("id2label")
    if not names:
        return None
    try:
        ordered = [str(names[key]) for key in sorted(names, key=int)]
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(
            "`id2label` must map the numbers of classes to their names. "
            f"Received: id2label={names!r}."
        ) from error
    if all(name == f"LABEL_{i}" for i, name in enumerate(ordered)):
        return None
    return ordered


def canonical_names(tensors, source):
    """Returns tensors under the names that the table uses.

    Adds the prefix that a bare encoder lacks, takes off that of a parallel
    wrapper, and drops what is stored twice after checking that the copies
    agree.

    Args:
        tensors: dict of name to numpy array.
        source: str, for messages.

    Raises:
        ValueError: copies of one tensor differ.
    """
    renamed = {_canonical(name): array for name, array in tensors.items()}
    renamed.pop("albert.embeddings.position_ids", None)
    words = "albert.embeddings.word_embeddings.weight"
    copies = {
        "predictions.decoder.weight": words,
        "predictions.decoder.bias": "predictions.bias",
    }
    for copy, original in copies.items():
        array = renamed.pop(copy, None)
        if array is None:
            continue
        if original not in renamed:
            renamed[original] = array
        elif not np.array_equal(array, renamed[original]):
            raise ValueError(
                f"{source}: {copy} differs from {original}, which ALBERT "
                "shares. The file was changed or is of another model."
            )
    return renamed


def check_agreement(contents):
    """Refuses files of one directory that hold different weights.

    Args:
        contents: list of (path, dict of name to numpy array).

    Raises:
        ValueError: a tensor that two files share differs, or they share none.
    """
    first_path, first = contents[0]
    for path, tensors in contents[1:]:
        common = sorted(set(first) & set(tensors))
        differing = [n for n in common if not _is_close(first[n], tensors[n])]
        if differing or not common:
            raise ValueError(
                f"{first_path} and {path} disagree"
                f"{' on ' + differing[0] if differing else ''}. Remove the "
                "one that is out of date."
            )


def _canonical(name):
    name = name.removeprefix("module.")
    if name.split(".")[0] in ("embeddings", "encoder", "pooler"):
        name = f"albert.{name}"
    for old, new in ((".gamma", ".weight"), (".beta", ".bias")):
        if name.endswith(old):
            name = name.removesuffix(old) + new
    return name


def _is_close(one, other):
    return one.shape == other.shape and np.allclose(
        one, other, rtol=0, atol=1e-5, equal_nan=True
    )
