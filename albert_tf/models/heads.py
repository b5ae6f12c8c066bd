"""Parts that several task heads share."""

import numbers

import keras

from albert_tf.layers.activations import initializer
from albert_tf.layers.exit_heads import AlbertExitHeads
from albert_tf.layers.masked_lm_head import AlbertMaskedLMHead


def classifier_head(config, units, dtype, name="classifier"):
    """Returns a built dense layer from H to `units`, in float32 output.

    The output stays float32 under mixed precision, because losses and
    softmax on half-precision logits lose what training needs.
    """
    head = keras.layers.Dense(
        units,
        kernel_initializer=initializer(config.initializer_range),
        dtype="float32" if dtype.name.startswith("mixed") else dtype,
        name=name,
    )
    head.build((None, config.hidden_size))
    return head


def masked_lm_head(config, dtype):
    """Returns a built masked-LM head."""
    head = AlbertMaskedLMHead(
        vocab_size=config.vocab_size,
        embedding_dim=config.embedding_size,
        hidden_dim=config.hidden_size,
        activation=config.hidden_act,
        layer_norm_epsilon=config.layer_norm_eps,
        initializer_range=config.initializer_range,
        dtype=dtype,
        name="masked_lm",
    )
    head.build()
    return head


def early_exit_heads(config, num_labels, dtype):
    """Returns built classifiers of the depths before the last."""
    heads = AlbertExitHeads(
        num_exits=config.num_hidden_layers - 1,
        hidden_dim=config.hidden_size,
        num_labels=num_labels,
        initializer_range=config.initializer_range,
        dtype="float32" if dtype.name.startswith("mixed") else dtype,
        name="exit_heads",
    )
    heads.build()
    return heads


def word_embeddings(encoder):
    """Returns the table float[V, E] that a masked-LM head shares."""
    return encoder.embeddings.word_embeddings.embeddings


def resolve_labels(num_labels, labels, default=2):
    """Returns the number of labels and their names, checked.

    Args:
        num_labels: int >= 1 or None.
        labels: sequence of distinct str without line breaks, or None.
        default: int. Number of labels where neither is given.

    Returns:
        (int, list of str or None).

    Raises:
        ValueError: they disagree, a name repeats or holds a line break, or
            there is no label.
    """
    if labels is None:
        num_labels = default if num_labels is None else num_labels
        is_whole = isinstance(num_labels, numbers.Integral)
        if not is_whole or isinstance(num_labels, bool) or num_labels < 1:
            raise ValueError(
                "`num_labels` must be a whole number of 1 or more. "
                f"Received: num_labels={num_labels!r}."
            )
        return int(num_labels), None
    labels = [str(label) for label in labels]
    if len(set(labels)) != len(labels) or not labels:
        raise ValueError(
            "`labels` must be distinct names, at least one. "
            f"Received: labels={labels}."
        )
    broken = [label for label in labels if "\n" in label or "\r" in label]
    if broken:
        raise ValueError(
            "`labels` must be names on one line, as files hold one a line. "
            f"Received: {broken[0]!r}. Mend the name; a saved model has it "
            "in `id2label` and `label2id` of its config.json."
        )
    if num_labels not in (None, len(labels)):
        raise ValueError(
            "`num_labels` must equal the number of `labels`. Received: "
            f"num_labels={num_labels}, {len(labels)} labels. Leave "
            "`num_labels` out."
        )
    return len(labels), labels
