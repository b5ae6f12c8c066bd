"""Which parts of a model learn, and how fast."""

FREEZABLE = ("embeddings", "encoder")


def freeze(model, parts):
    """Keeps parts of a model as they are.

    Args:
        model: one of our task models, not yet compiled.
        parts: names: `"embeddings"`; `"encoder"`, which is all but the head,
            the pooler included.

    Raises:
        ValueError: there is no such part.
    """
    for part in parts:
        if part not in FREEZABLE:
            raise ValueError(
                f"--freeze holds {part!r}. Expected {', '.join(FREEZABLE)}, "
                "with a comma between."
            )
        encoder = model.encoder
        frozen = encoder.embeddings if part == "embeddings" else encoder
        frozen.trainable = False


def learning_rate_factors(config, decay):
    """Returns how fast each part learns, from the head down.

    In models with a set of weights for each depth, every layer learns
    `decay` times as fast as the one above it. ALBERT applies one set at all
    depths, which cannot learn fast and slowly at once: the shared layer
    counts as one step. So the head and the pooler learn at the full rate,
    the shared layer at `decay`, the embeddings at `decay` squared; with more
    groups of layers, each group is a step.

    Args:
        config: AlbertConfig.
        decay: float in (0, 1]; 1 for one rate everywhere.

    Returns:
        list of (regular expression, factor), searched in a variable's path.
    """
    if decay == 1:
        return []
    num_groups = config.num_hidden_groups
    factors = [
        (f"(^|/)layer_{group}_", decay ** (num_groups - group))
        for group in range(num_groups)
    ]
    return [*factors, ("(^|/)embeddings/", decay ** (num_groups + 1))]
