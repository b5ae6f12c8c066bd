"""Completes and checks what callers hand to a model."""

from keras import ops

OPTIONAL_INPUTS = ("segment_ids", "padding_mask")


def complete_inputs(inputs, max_length, extra=()):
    """Returns a dict with token ids, segment ids and padding mask.

    Args:
        inputs: int[B, S] token ids alone, or a dict of int[B, S] tensors with
            `token_ids` and, where they matter, `segment_ids` (default 0) and
            `padding_mask` (default 1: every token is real).
        max_length: int. Positions that the model has.
        extra: names of further keys that the model takes.

    Raises:
        ValueError: a key is missing or unknown, or the sequence is longer
            than the model's positions.
    """
    if not isinstance(inputs, dict):
        inputs = {"token_ids": inputs}
    allowed = ("token_ids", *OPTIONAL_INPUTS, *extra)
    unknown = sorted(set(inputs) - set(allowed))
    if "token_ids" not in inputs or unknown:
        raise ValueError(
            "The model takes token_ids and, if wanted, "
            f"{', '.join(allowed[1:])}. Received: {', '.join(inputs)}. "
            "`AlbertTokenizer` returns inputs under these names."
        )
    token_ids = ops.convert_to_tensor(inputs["token_ids"])
    length = token_ids.shape[-1]
    if length is not None and length > max_length:
        raise ValueError(
            f"The sequence has {length} tokens; the model has {max_length} "
            f"positions. Cut it: tokenizer(texts, max_length={max_length})."
        )
    completed = {**inputs, "token_ids": token_ids}
    completed.setdefault("segment_ids", ops.zeros_like(token_ids))
    completed.setdefault("padding_mask", ops.ones_like(token_ids))
    return completed
