"""Which variables weight decay and layer adaptation leave alone."""

import re

# The last part of a variable's path in Keras: biases, and the scales and
# shifts of every normalization layer. `output_bias` and the like end so too.
BIASES_AND_NORMS = (r"(^|[/_])(bias|gamma|beta|scale)$",)


def is_excluded(path, patterns):
    """Says whether any regular expression is found in a variable's path.

    Args:
        path: str, such as `encoder/layer_0_0/attention_norm/gamma`.
        patterns: sequence of str.

    Source: google-research/albert lamb_optimizer.py
    `_do_use_weight_decay`.
    """
    return any(re.search(pattern, path) for pattern in patterns)


def check_patterns(patterns, argument):
    """Returns the patterns as a list.

    Args:
        patterns: sequence of str.
        argument: str. What the message calls them.

    Raises:
        ValueError: it is a bare str, or one is no regular expression.
    """
    if isinstance(patterns, str):
        raise ValueError(
            f"`{argument}` must be a list of regular expressions. "
            f"Received: {patterns!r}. Write [{patterns!r}]."
        )
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(
                f"`{argument}` holds {pattern!r}, which is no regular "
                f"expression: {error}."
            ) from error
    return list(patterns)


def names_for_keras(patterns):
    """Returns the patterns for Keras' `exclude_from_weight_decay`.

    Subtle: it compares with a name that TensorFlow ends in `:0`.

    Args:
        patterns: sequence of str, as of `is_excluded`.
    """
    return [
        pattern.removesuffix("$") + "(:0)?$"
        if pattern.endswith("$")
        else pattern
        for pattern in patterns
    ]
