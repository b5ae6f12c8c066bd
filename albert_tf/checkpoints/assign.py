"""Copies tensors into a model and says what did not match."""


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
        words = "word_embeddings" in wrong[0]
        cause = (
            "vocab_size in the configuration is another vocabulary's"
            if words and len(wrong) <= 3
            else "the sizes in the configuration are of another model"
        )
        raise ValueError(
            f"{source} holds tensors of other shapes: {_listed(wrong, 4)}. "
            f"Probably {cause}; take the configuration that belongs to it."
        )


def _listed(names, limit=12):
    if not names:
        return "none"
    rest = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + rest
