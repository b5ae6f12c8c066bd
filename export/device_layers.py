"""ALBERT's layers as a device wants them: same weights, other operators.

They take one sequence at a time, B = 1. With its length the only open
dimension, every shape is a constant but for one -1: no operator computes
shapes, as Keras' dense layer has it, so the runtime plans its memory once and
XNNPACK takes the whole layer, instead of allocating tensors at every step.
"""

from __future__ import annotations

import math

import numpy as np
import tensorflow as tf

from albert_tf.layers.activations import activation


def embed(layer, token_ids, segment_ids, *, table_bits=8):
    """Returns float[1, S, H] of `AlbertEmbeddings`.

    Args:
        layer: AlbertEmbeddings.
        token_ids: int32[1, S].
        segment_ids: int32[1, S].
        table_bits: int. 4 packs the vocabulary's table into half bytes.
    """
    length = tf.shape(token_ids)[1]
    # Subtle: looked up, not sliced, because the converter quantizes only
    # tables that are looked up, and the length stays open either way.
    positions = _look_up(layer.position_embeddings, tf.range(length))
    if table_bits == 4:
        with tf.init_scope():
            table = np.asarray(layer.word_embeddings.embeddings)
        hidden = _look_up_int4(table, token_ids)
    else:
        hidden = _look_up(layer.word_embeddings, token_ids)
    hidden = hidden + tf.expand_dims(positions, 0)
    hidden = hidden + _look_up(layer.segment_embeddings, segment_ids)
    return dense(layer.projection, layer_norm(layer.layer_norm, hidden))


def transform(layer, hidden, bias, *, rows=None, is_by_head=False):
    """Returns float[1, P, H] of `AlbertTransformerLayer`.

    Args:
        layer: AlbertTransformerLayer.
        hidden: float[1, S, H].
        bias: float[1, 1, 1, S], as `attention_bias` returns it.
        rows: float[1, P, H], the tokens to compute; None for all.
        is_by_head: bool. Takes `attend_by_head` instead of `attend`.
    """
    attention = attend_by_head if is_by_head else attend
    rows = hidden if rows is None else rows
    attended = attention(layer.attention, hidden, bias, rows)
    rows = layer_norm(layer.attention_norm, rows + attended)
    forward = dense(layer.intermediate, rows)
    forward = dense(
        layer.output_projection, activation(layer.activation)(forward)
    )
    return layer_norm(layer.output_norm, rows + forward)


def attend(layer, hidden, bias, rows):
    """Returns float[1, P, H] of `AlbertAttention`."""
    head_dim = layer.hidden_dim // layer.num_heads

    def heads(projected):
        split = tf.reshape(projected, (1, -1, layer.num_heads, head_dim))
        return tf.transpose(split, (0, 2, 1, 3))

    # The scale goes into the weights of the queries.
    query = heads(dense(layer.query, rows, 1.0 / math.sqrt(head_dim)))
    key = heads(dense(layer.key, hidden))
    value = heads(dense(layer.value, hidden))
    scores = tf.matmul(query, key, transpose_b=True)
    context = tf.matmul(tf.nn.softmax(scores + bias), value)
    context = tf.transpose(context, (0, 2, 1, 3))
    context = tf.reshape(context, (1, -1, layer.hidden_dim))
    return dense(layer.output_projection, context)


def attend_by_head(layer, hidden, bias, rows):
    """Returns float[1, P, H] of `AlbertAttention`, one head after another.

    A product of two matrices becomes FULLY_CONNECTED, with keys or values for
    weights. For int8 its kernel is optimized; that of BATCH_MATMUL, which
    takes all heads at once, is the reference one and nine times as slow.
    """
    rows = tf.reshape(rows, (-1, layer.hidden_dim))
    hidden = tf.reshape(hidden, (-1, layer.hidden_dim))
    scale = 1.0 / math.sqrt(layer.hidden_dim // layer.num_heads)
    query = tf.split(dense(layer.query, rows, scale), layer.num_heads, 1)
    key = tf.split(dense(layer.key, hidden), layer.num_heads, 1)
    # Subtle: weights lie output by output, so values are turned, all at once.
    turned = tf.transpose(dense(layer.value, hidden))
    value = tf.split(turned, layer.num_heads, 0)
    bias = tf.reshape(bias, (1, -1))
    scores = [tf.matmul(q, k, transpose_b=True) for q, k in zip(query, key)]
    weights = [tf.nn.softmax(each + bias) for each in scores]
    parts = [tf.matmul(w, v, transpose_b=True) for w, v in zip(weights, value)]
    context = dense(layer.output_projection, tf.concat(parts, 1))
    return tf.reshape(context, (1, -1, layer.hidden_dim))


def dense(layer, hidden, scale=1.0):
    """Returns a Keras dense layer's product and bias, times `scale`."""
    return tf.matmul(hidden, layer.kernel * scale) + layer.bias * scale


def layer_norm(layer, hidden):
    """Returns `hidden` normalized over its last axis."""
    centred = hidden - tf.reduce_mean(hidden, -1, keepdims=True)
    # A product, not a square: that becomes SQUARED_DIFFERENCE, which the
    # runtime does not have in 16 bits.
    variance = tf.reduce_mean(centred * centred, -1, keepdims=True)
    normal = centred * tf.math.rsqrt(variance + layer.epsilon)
    return normal * layer.gamma + layer.beta


def _look_up(layer, ids):
    return tf.gather(layer.embeddings, ids)


def _look_up_int4(table, ids):
    """Returns rows of a table that is kept in 4 bits with a scale a row.

    A byte holds column j, and column j + E/2 times 16. It is taken apart by
    arithmetic, which every runtime has, unlike tables of 4-bit numbers.
    """
    scales = np.abs(table).max(1, keepdims=True) / 7 + 1e-12
    values = np.round(table / scales) + 8  # 1 to 15.
    low, high = np.split(values, 2, axis=1)
    packed = tf.constant((low + 16 * high - 128).astype(np.int8))
    both = tf.cast(tf.gather(packed, ids), tf.float32) + 128.0
    high = tf.floor(both / 16.0)
    halves = tf.concat([both - 16.0 * high, high], axis=-1) - 8.0
    return halves * tf.gather(tf.constant(scales.astype(np.float32)), ids)
