"""A way around a fault of tflite-runtime 2.14 on Arm with dot products.

Its kernel for int8 weights and float inputs there, as on a Raspberry Pi 5,
ends in a crash: `DotprodMatrixBatchFourVectorMultiplyAccumulate` compares the
end of a row with a pointer that the compiler gave the same register, so that
the loop runs on into memory that is not there (seen in the wheel's machine
code; the assembly marks no operand as early clobber). Rows whose length is no
multiple of 16 take another kernel, so weights get four columns of zeros, and
inputs as many zeros.

Source: tensorflow/lite/kernels/internal/optimized/neon_tensor_utils.cc.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from export import rewrite

_SPARE = 4
_KERNEL_COLUMNS = 16
_OPERATORS = rewrite.schema.BuiltinOperator
_FAULT = (
    "This is a fault of the exporter; please report it with the model's "
    "config.json."
)
_FLOAT = rewrite.schema.TensorType.FLOAT32


def add_spare_columns(model: Any) -> None:
    """Keeps every dense layer of a file away from that kernel.

    Args:
        model: parsed flatbuffer; changed in place. Weights that are looked up
            as well get the columns too, which are then cut off again.

    Raises:
        ValueError: another operator reads the weights, or reads them in
            another shape.
    """
    widened = set()
    for index, graph in enumerate(model.subgraphs):
        for operator in rewrite.dense_operators(model, index):
            if _is_struck(graph, operator):
                widened.add(graph.tensors[operator.inputs[1]].buffer)
    for buffer in widened:
        _widen(model, buffer)
    for graph in model.subgraphs:
        _widen_inputs(model, graph, widened)


def _is_struck(graph: Any, operator: Any) -> bool:
    source, weights = (graph.tensors[i] for i in operator.inputs[:2])
    rows, columns = weights.shape
    return (
        source.type == _FLOAT
        and columns % _KERNEL_COLUMNS == 0
        and rows % 2 == 0
        # A single row, as of the pooler, never goes there.
        and any(size != 1 for size in _signature(source)[:-1])
    )


def _signature(tensor: Any) -> list[int]:
    known = tensor.shapeSignature is not None
    return list(tensor.shapeSignature if known else tensor.shape)


def _widen(model: Any, buffer: int) -> None:
    tensors = [
        tensor
        for graph in model.subgraphs
        for tensor in graph.tensors
        if tensor.buffer == buffer
    ]
    shape = tensors[0].shape
    if any(list(tensor.shape) != list(shape) for tensor in tensors):
        raise ValueError(f"Weights are read in another shape. {_FAULT}")
    data = np.asarray(model.buffers[buffer].data, np.uint8).reshape(shape)
    model.buffers[buffer].data = np.pad(data, ((0, 0), (0, _SPARE))).reshape(-1)
    for tensor in tensors:
        tensor.shape = np.array([shape[0], shape[1] + _SPARE], np.int32)


def _widen_inputs(model: Any, graph: Any, widened: set[int]) -> None:
    """Puts a PAD before each dense layer, a SLICE after each look-up."""
    operators = []
    padded: dict[int, int] = {}
    for operator in graph.operators:
        kind = rewrite.kind_of(model, operator)
        if kind == _OPERATORS.FULLY_CONNECTED and _reads(
            graph, operator.inputs[1], widened
        ):
            source = int(operator.inputs[0])
            if source not in padded:
                padded[source] = _wider_twin(graph, source)
                operators.append(_pad(model, graph, source, padded[source]))
            operator.inputs[0] = padded[source]
            operators.append(operator)
        elif kind == _OPERATORS.GATHER and _reads(
            graph, operator.inputs[0], widened
        ):
            target = int(operator.outputs[0])
            wide = _wider_twin(graph, target)
            operator.outputs[0] = wide
            operators += [operator, _slice(model, graph, wide, target)]
        else:
            operators.append(operator)
            if any(_reads(graph, i, widened) for i in operator.inputs):
                raise ValueError(
                    f"Weights are read by another operator, {kind}. {_FAULT}"
                )
    graph.operators = operators


def _reads(graph: Any, tensor: int, buffers: set[int]) -> bool:
    return tensor >= 0 and graph.tensors[tensor].buffer in buffers


def _wider_twin(graph: Any, index: int) -> int:
    """Adds a tensor like another one, its last axis wider."""
    twin = copy.deepcopy(graph.tensors[index])
    twin.name += b"_wide"
    twin.buffer = 0
    twin.shape[-1] += _SPARE
    if twin.shapeSignature is not None:
        twin.shapeSignature[-1] += _SPARE
    graph.tensors.append(twin)
    return len(graph.tensors) - 1


def _pad(model: Any, graph: Any, source: int, target: int) -> Any:
    widths = np.zeros((len(graph.tensors[source].shape), 2))
    widths[-1, 1] = _SPARE
    amounts = rewrite.add_constant(model, graph, b"spare", widths)
    return rewrite.new_operator(model, "PAD", 1, [source, amounts], target)


def _slice(model: Any, graph: Any, source: int, target: int) -> Any:
    shape = graph.tensors[target].shape
    size = [*[-1] * (len(shape) - 1), shape[-1]]
    ends = [
        rewrite.add_constant(model, graph, b"begin", [0] * len(shape)),
        rewrite.add_constant(model, graph, b"size", size),
    ]
    # Version 2 knows int8.
    return rewrite.new_operator(model, "SLICE", 2, [source, *ends], target)
