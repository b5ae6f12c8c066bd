"""A SavedModel to the bytes of a TFLite flatbuffer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from albert_tf.layers.attention import attention_bias
from export import calibrate, device_layers, rewrite
from export.samples import Row
from export.spare_columns import add_spare_columns
from export.targets import Target


def convert(
    directory: str | os.PathLike[str], target: Target, quantization: str
) -> bytes:
    """Converts a SavedModel.

    Args:
        directory: of the SavedModel.
        target: Target.
        quantization: `"float32"`, `"float16"`, or one of those that begin
            with int8 weights, whose activations are quantized as they come,
            row by row: `"dynamic_int8"`, and what `finish` goes on from.

    Returns:
        bytes of the flatbuffer, with TFLite's own operators only.
    """
    converter = tf.lite.TFLiteConverter.from_saved_model(os.fspath(directory))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    if quantization != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if quantization == "float16":
        converter.target_spec.supported_types = [tf.float16]
    # No public switch exists for this; a test reads the scales back.
    converter._experimental_disable_per_channel = not target.is_per_channel
    return converter.convert()


def convert_to_integers(
    directory: str | os.PathLike[str],
    quantization: str,
    feeds: Sequence[dict[str, np.ndarray]],
    *,
    output_type: str = "float32",
) -> bytes:
    """Converts a SavedModel without a loop to integers throughout.

    Args:
        directory: of the SavedModel.
        quantization: `"int8"`, or `"int16x8"` (activations of 16 bits).
        feeds: list of int32 arrays by input, to calibrate with.
        output_type: `"float32"`, to turn outputs into floats last, or the
            type of the activations, `"int8"` or `"int16"`.

    Returns:
        bytes of the flatbuffer.
    """
    kinds = {
        "int8": tf.lite.OpsSet.TFLITE_BUILTINS_INT8,
        "int16x8": (
            tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
        ),
    }
    converter = tf.lite.TFLiteConverter.from_saved_model(os.fspath(directory))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_ops = [kinds[quantization]]
    converter.representative_dataset = lambda: iter(feeds)
    converter.inference_output_type = tf.as_dtype(output_type)
    return converter.convert()


def finish(
    flat: bytes,
    target: Target,
    quantization: str,
    model: Any,
    rows: Sequence[Row],
) -> bytes:
    """Rewrites a file of dynamic int8 weights into its final form.

    Args:
        flat: as `convert` returns it.
        target: Target.
        quantization: `"dynamic_int8"`, `"int8"` (dense layers of fixed
            scales, all else float) or `"int4"` (dense weights of 4 bits);
            others stay as they are.
        model: the task model in Keras.
        rows: to calibrate `"int8"` with.

    Raises:
        ValueError: `"int8"` or `"int4"` of a model whose layers run once
            each.
    """
    if quantization in ("float32", "float16"):
        return flat
    parsed = rewrite.parse(flat)
    rewrite.share_table(parsed)
    bodies = rewrite.loops(parsed)
    if quantization != "dynamic_int8" and not bodies:
        raise ValueError(
            f"{quantization} needs a layer that is applied more than once; "
            "this model has none. Take dynamic_int8."
        )
    if quantization == "int8":
        _make_static(parsed, bodies, model, rows)
    if quantization == "int4":
        for body in bodies:
            rewrite.make_int4(parsed, body)
    if target.has_spare_columns:
        add_spare_columns(parsed)
    rewrite.drop_unused(parsed)
    return rewrite.to_bytes(parsed)


def _make_static(parsed, bodies, model, rows) -> None:
    config = model.albert_config
    repeats = config.num_hidden_layers // config.num_hidden_groups
    states = [embedded(model, row) for row in rows]
    for body in bodies:
        operators = rewrite.dense_operators(parsed, body)
        tensors = sorted(
            {int(o.inputs[0]) for o in operators}
            | {int(o.outputs[0]) for o in operators}
        )
        ranges, hidden = calibrate.measure_ranges(
            parsed, body, tensors, [(*state, repeats) for state in states]
        )
        states = [(new, bias) for new, (_, bias) in zip(hidden, states)]
        rewrite.make_static(parsed, body, ranges)


def embedded(model: Any, row: Row) -> tuple[np.ndarray, np.ndarray]:
    """Returns what enters the layers: hidden float[1, S, H] and bias."""
    ids = np.array([row.token_ids], np.int32)
    segments = np.array([row.segment_ids], np.int32)
    hidden = device_layers.embed(model.encoder.embeddings, ids, segments)
    bias = attention_bias(np.ones_like(ids), "float32")
    return np.asarray(hidden), np.asarray(bias)
