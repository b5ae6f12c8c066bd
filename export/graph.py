"""The graph that is exported: the shared layer in a loop, open lengths."""

from __future__ import annotations

import os

import tensorflow as tf

from albert_tf.edge import tasks
from albert_tf.layers.attention import attention_bias
from export import device_layers, early_exit
from export.heads import HEADS, PATIENCE, has_exits, with_exits

SIGNATURE = "predict"


class ExportGraph(tf.Module):
    """A model as a function of int32[B, S] tensors of any batch and length.

    ALBERT applies one set of weights at every depth. Written out, a device
    packs those weights once for every depth; kept in a `tf.while_loop` it
    packs them once, in a quarter of the memory and with the same result.
    Around it, another loop takes the rows of a batch one by one: a device
    wins nothing from a batch, and one row has but one open dimension, which
    lets the runtime plan its memory at once (see `device_layers`).

    Args:
        model: a task model in float32.
        task: str, its name in `albert_tf.edge.tasks`.
        table_bits: int. Bits of a number in the vocabulary's table: 4, or 8
            for what the converter makes of it.
    """

    def __init__(
        self, model, task: str = tasks.CLASSIFICATION, *, table_bits: int = 8
    ) -> None:
        super().__init__()
        self._table_bits = table_bits
        self._model = model
        self._head = HEADS[task]
        if has_exits(model):
            self._head = with_exits(self._head)
        # Subtle: a tf.Module does not find Keras 3's variables by itself, and
        # the converter then writes a file without weights, in silence.
        self._variables = [variable.value for variable in model.variables]
        self.predict = tf.function(
            self._predict,
            input_signature=[
                tf.TensorSpec([None, None], tf.int32, name=name)
                for name in self._head.inputs
            ]
            + [
                tf.TensorSpec([], tf.int32, name=name)
                for name in self._head.settings
            ],
        )

    def save(self, directory: str | os.PathLike[str]) -> None:
        """Writes a SavedModel for the converter."""
        tf.saved_model.save(
            self, os.fspath(directory), signatures={SIGNATURE: self.predict}
        )

    def _predict(self, *arguments):
        num_inputs = len(self._head.inputs)
        tensors, settings = arguments[:num_inputs], arguments[num_inputs:]

        def step(index, *outputs):
            row = [tf.slice(tensor, [index, 0], [1, -1]) for tensor in tensors]
            new = self._predict_row(*row, *settings)
            pairs = zip(outputs, new)
            return index + 1, *(tf.concat(pair, 0) for pair in pairs)

        num_rows = tf.shape(tensors[0])[0]
        # Where an output has an open dimension, it is that of the last input.
        open_dim = tf.shape(tensors[-1])[1]
        specs = self._row_outputs()
        none = [
            tf.zeros(
                [0, *(open_dim if d is None else d for d in spec.shape[1:])],
                spec.dtype,
            )
            for spec in specs
        ]
        _, *outputs = tf.while_loop(
            lambda index, *_: index < num_rows,
            step,
            (tf.constant(0), *none),
            shape_invariants=(
                tf.TensorShape([]),
                *(tf.TensorShape([None, *spec.shape[1:]]) for spec in specs),
            ),
            parallel_iterations=1,
        )
        return dict(zip(self._head.outputs, outputs))

    def _row_outputs(self):
        """Returns shape and type of each output of one row."""
        row = tf.TensorSpec([1, None], tf.int32)
        setting = tf.TensorSpec([], tf.int32)
        return (
            tf.function(self._predict_row)
            .get_concrete_function(
                *[row] * len(self._head.inputs),
                *[setting] * len(self._head.settings),
            )
            .outputs
        )

    def _predict_row(self, *arguments):
        names = (*self._head.inputs, *self._head.settings)
        inputs = dict(zip(names, arguments))
        encoder = self._model.encoder
        bias = float_bias(inputs["padding_mask"])
        if has_exits(self._model):
            return early_exit.run(
                self._model,
                embed(encoder, inputs, table_bits=self._table_bits),
                bias,
                inputs[PATIENCE],
            )
        hidden = encode(encoder, inputs, bias=bias, table_bits=self._table_bits)
        outputs = self._head.apply(self._model, hidden, inputs)
        return [outputs[name] for name in self._head.outputs]


def float_bias(mask):
    """Returns float[1, 1, 1, S] to add to the scores of attention."""
    return attention_bias(mask, "float32")


def embed(encoder, inputs, *, table_bits=8):
    """Returns float[1, S, H], what enters the layers; see `encode`."""
    return device_layers.embed(
        encoder.embeddings,
        inputs["token_ids"],
        inputs["segment_ids"],
        table_bits=table_bits,
    )


def encode(
    encoder,
    inputs,
    *,
    bias,
    table_bits=8,
    is_unrolled=False,
    is_by_head=False,
    is_first_only=False,
):
    """Returns float[1, S, H] of an encoder, or float[1, 1, H].

    Args:
        encoder: AlbertEncoder.
        inputs: dict of int32[1, S] by our names.
        bias: float[1, 1, 1, S].
        table_bits: int. See `device_layers.embed`.
        is_unrolled: bool. Whether every depth is written out.
        is_by_head: bool. See `device_layers.transform`.
        is_first_only: bool. Whether the last layer computes the first token
            and no other.
    """
    hidden = embed(encoder, inputs, table_bits=table_bits)
    repeat = _write_out if is_unrolled else _repeat
    config = encoder.albert_config
    depth = config.num_hidden_layers // config.num_hidden_groups
    inner = config.inner_group_num
    for group in range(config.num_hidden_groups):
        layers = encoder.transformer_layers[group * inner :][:inner]
        is_last = group + 1 == config.num_hidden_groups
        times = depth - 1 if is_last and is_first_only else depth
        hidden = repeat(
            layers, hidden, bias, times=times, is_by_head=is_by_head
        )
    if not is_first_only:
        return hidden
    *before, last = layers
    hidden = _write_out(before, hidden, bias, times=1, is_by_head=is_by_head)
    rows = hidden[:, :1, :]
    return device_layers.transform(
        last, hidden, bias, rows=rows, is_by_head=is_by_head
    )


def _write_out(layers, hidden, bias, *, times, is_by_head):
    for _ in range(times):
        for layer in layers:
            hidden = device_layers.transform(
                layer, hidden, bias, is_by_head=is_by_head
            )
    return hidden


def _repeat(layers, hidden, bias, *, times, is_by_head):
    if times < 2:
        return _write_out(
            layers, hidden, bias, times=times, is_by_head=is_by_head
        )
    _, hidden = tf.while_loop(
        lambda step, _: step < times,
        lambda step, state: (
            step + 1,
            _write_out(layers, state, bias, times=1, is_by_head=is_by_head),
        ),
        (tf.constant(0), hidden),
        shape_invariants=(
            tf.TensorShape([]),
            tf.TensorShape([1, None, hidden.shape[-1]]),
        ),
        parallel_iterations=1,
    )
    return hidden
