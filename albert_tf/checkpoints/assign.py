"""Copies tensors into a model and says what did not match."""

from albert_tf.checkpoints.checkpoint import CLASSIFIER_PREFIX

_BY_VOCABULARY = {
    "albert.embeddings.word_embeddings.weight",
    "predictions.bias",
}


def assign_tensors(named_variables, tensors, *, source, optional_prefixes):
    """Sets every variable from the tensor of its name.

    Nothing is set unless everything fits.

    Args:
        named_variables: list of NamedVariable.
        tensors: dict of str to numpy array.
        source: str. What the messages call the file.
        optional_prefixes: tuple of str. Names that begin so may be missing
            from the file (a new task head) or left over in it (the head of
            another task).

    Returns:
        (missing, left_over): two sorted lists of optional names.

    Raises:
        ValueError: names are missing or left over; a shape differs.
    """
    wanted = {named.hugging_face: named for named in named_variables}
    missing = sorted(set(wanted) - set(tensors))
    left_over = sorted(set(tensors) - set(wanted))
    required = [n for n in missing if not n.startswith(optional_prefixes)]
    foreign = [n for n in left_over if not n.startswith(optional_prefixes)]
    if required or foreign:
        raise ValueError(
            f"{source} does not fit this model. In the model but not in the "
            f"file: {_listed(required)}. In the file but not in the model: "
            f"{_listed(foreign)}. Check that the file is an ALBERT of the "
            "same kind."
        )
    _check_shapes(wanted, tensors, source)
    for name, named in wanted.items():
        if name in tensors:
            named.assign(tensors[name])
    return missing, left_over


def _check_shapes(wanted, tensors, source):
    wrong = [
        f"{name} is {list(tensors[name].shape)}, the model's "
        f"{list(named.shape)}"
        for name, named in wanted.items()
        if name in tensors and tensors[name].shape != named.shape
    ]
    if wrong:
        raise ValueError(
            f"{source} holds tensors of other shapes: {_listed(wrong, 4)}. "
            f"Probably {_cause(wanted, tensors)}."
        )


def _cause(wanted, tensors):
    """Returns the likeliest reason for tensors of other shapes."""
    pairs = {
        name: (tensors[name].shape, named.shape)
        for name, named in wanted.items()
        if name in tensors and tensors[name].shape != named.shape
    }
    if all(name.startswith(CLASSIFIER_PREFIX) for name in pairs):
        return (
            "id2label in the configuration is of another head; pass "
            "num_labels or labels to start a new one"
        )
    # The vocabulary is the first axis of all that depends on it alone.
    rest_equal = all(file[1:] == model[1:] for file, model in pairs.values())
    if rest_equal and set(pairs) <= _BY_VOCABULARY:
        return (
            "vocab_size in the configuration is another vocabulary's; take "
            "the configuration and the tokenizer that belong to the weights"
        )
    return (
        "the sizes in the configuration are of another model; take the "
        "configuration that belongs to the weights"
    )


def _listed(names, limit=12):
    if not names:
        return "none"
    rest = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + rest
