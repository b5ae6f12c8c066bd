"""What every reader of a foreign format returns."""

import dataclasses

# Tensors outside the encoder, by the start of their Hugging Face name.
HEAD_PREFIXES = (
    "classifier.",
    "predictions.",
    "qa_outputs.",
    "sop_classifier.",
)
POOLER_PREFIX = "albert.pooler."


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
    """

    source: str
    config: object
    tensors: dict
    architecture: str | None
    labels: list | None = None

    def head_names(self):
        """Returns the names of tensors that belong to a task's head."""
        return {n for n in self.tensors if n.startswith(HEAD_PREFIXES)}


def infer_architecture(names):
    """Returns the model class that tensors of these names belong to.

    Args:
        names: iterable of Hugging Face names.

    Returns:
        str, or None where a classifier's head fits several classes.
    """
    roots = {name.split(".")[0] for name in names}
    if "sop_classifier" in roots:
        return "AlbertForPreTraining"
    if "predictions" in roots:
        return "AlbertForMaskedLM"
    if "qa_outputs" in roots:
        return "AlbertForQuestionAnswering"
    return None if "classifier" in roots else "AlbertEncoder"


def canonical_names(tensors, source):
    """Returns tensors under the names that the table uses.

    Adds the prefix that a bare encoder lacks, and drops what is stored twice
    after checking that the copies agree.

    Args:
        tensors: dict of name to numpy array.
        source: str, for messages.

    Raises:
        ValueError: copies of one tensor differ.
    """
    renamed = {}
    for name, array in tensors.items():
        if name.split(".")[0] in ("embeddings", "encoder", "pooler"):
            name = f"albert.{name}"
        for old, new in ((".gamma", ".weight"), (".beta", ".bias")):
            if name.endswith(old):
                name = name.removesuffix(old) + new
        renamed[name] = array
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
        elif (
            array.shape != renamed[original].shape
            or (array != renamed[original]).any()
        ):
            raise ValueError(
                f"{source}: {copy} differs from {original}, which ALBERT "
                "shares. The file was changed or is of another model."
            )
    return renamed
