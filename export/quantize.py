"""A SavedModel to the bytes of a TFLite flatbuffer."""

from __future__ import annotations

import os

import tensorflow as tf

from export.targets import Target


def convert(
    directory: str | os.PathLike[str], target: Target, quantization: str
) -> bytes:
    """Converts a SavedModel.

    Args:
        directory: of the SavedModel.
        target: Target.
        quantization: `"float32"`, `"float16"` or `"dynamic_int8"` (int8
            weights; activations are quantized as they come, row by row).

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
