"""The shared layer in a loop that ends when depths agree."""

from __future__ import annotations

import tensorflow as tf

from export import device_layers


def run(model, hidden, bias, patience):
    """Applies layers until `patience` depths in a row agree on a label.

    Args:
        model: AlbertForSequenceClassification with exit heads.
        hidden: float[1, S, H]. After the embeddings.
        bias: float[1, 1, 1, S].
        patience: int32[]. As of `albert_tf.text.early_exit.exit_depths`.

    Returns:
        float[1, C] logits of the last depth that ran, and int32[1], how many
        did.
    """
    encoder = model.encoder
    config = encoder.albert_config
    state = (
        tf.constant(0),
        hidden,
        tf.zeros([1, model.num_labels]),
        tf.constant(0),
    )
    per_group = config.num_hidden_layers // config.num_hidden_groups
    inner = config.inner_group_num
    for group in range(config.num_hidden_groups):
        layers = encoder.transformer_layers[group * inner :][:inner]
        state = _loop(
            model, layers, state, bias, patience, end=(group + 1) * per_group
        )
    depth, _, logits, _ = state
    return logits, tf.reshape(depth, [1])


def _loop(model, layers, state, bias, patience, *, end):
    def goes_on(depth, hidden, logits, agreed):
        is_first = tf.equal(depth, 0)
        return (depth < end) & (is_first | (agreed < patience))

    def step(depth, hidden, logits, agreed):
        for layer in layers:
            hidden = device_layers.transform(layer, hidden, bias)
        new = _logits(model, hidden, depth)
        same = tf.equal(tf.argmax(new, -1), tf.argmax(logits, -1))[0]
        same = same & (depth > 0)
        agreed = tf.where(same, agreed + 1, 0)
        return depth + 1, hidden, new, agreed

    return tf.while_loop(
        goes_on,
        step,
        state,
        shape_invariants=(
            tf.TensorShape([]),
            tf.TensorShape([1, None, state[1].shape[-1]]),
            tf.TensorShape([1, model.num_labels]),
            tf.TensorShape([]),
        ),
        parallel_iterations=1,
    )


def _logits(model, hidden, depth):
    """Returns float[1, C] of one depth.

    All depths' are computed, a few thousand products, because a runtime has a
    fast kernel for that and none for weights that are looked up.
    """
    heads, last = model.exit_heads, model.classifier
    width, num_labels = last.kernel.shape
    kernel = tf.concat([heads.kernel, last.kernel[None]], 0)
    kernel = tf.reshape(tf.transpose(kernel, (1, 0, 2)), (width, -1))
    bias = tf.concat([heads.bias, last.bias[None]], 0)
    pooled = tf.tanh(device_layers.dense(model.encoder.pooler, hidden[:, 0, :]))
    every = tf.matmul(pooled, kernel) + tf.reshape(bias, [-1])
    every = tf.reshape(every, (-1, num_labels))
    return tf.gather(every, tf.reshape(depth, [1]))
