"""Turns a converted file's dense layers into other number formats.

The converter knows one format for the whole graph, and its calibration does
not look into loops. Here the file with dynamic int8 weights is taken apart
and only its dense layers are changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.tools import flatbuffer_utils

from export.calibrate import Range

_OPERATORS = schema.BuiltinOperator
_INT8 = schema.TensorType.INT8
_INT32 = schema.TensorType.INT32
_FLOAT = schema.TensorType.FLOAT32
# Half of what int32 holds: the products of a row are added to it.
_LARGEST_BIAS = 2**30


def parse(flat: bytes) -> Any:
    """Returns a flatbuffer as objects that can be changed."""
    return flatbuffer_utils.convert_bytearray_to_object(bytearray(flat))


def to_bytes(model: Any) -> bytes:
    """Returns the flatbuffer of changed objects."""
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def dense_operators(model: Any, subgraph: int) -> list[Any]:
    """Returns the dense layers of a subgraph that have int8 weights."""
    graph = model.subgraphs[subgraph]
    return [
        operator
        for operator in graph.operators
        if kind_of(model, operator) == _OPERATORS.FULLY_CONNECTED
        and graph.tensors[operator.inputs[1]].type == _INT8
    ]


def loops(model: Any) -> list[int]:
    """Returns the bodies of the loops over layers, in their order.

    They are the innermost ones: around them is the loop over a batch's rows.
    A model that runs each layer once has that one only. A loop over layers is
    given the bias of attention, the one over rows computes it.
    """
    bodies = [_bodies(model, graph) for graph in model.subgraphs]
    return [
        body
        for inside in bodies
        for body in inside
        if not bodies[body] and _takes_bias(model.subgraphs[body])
    ]


def _takes_bias(graph: Any) -> bool:
    """Whether a body is given a float of rank 4: no input but the bias is."""
    given = [graph.tensors[index] for index in graph.inputs]
    return any(t.type == _FLOAT and len(t.shape) == 4 for t in given)


def _bodies(model: Any, graph: Any) -> list[int]:
    return [
        int(operator.builtinOptions.bodySubgraphIndex)
        for operator in graph.operators
        if kind_of(model, operator) == _OPERATORS.WHILE
    ]


def share_table(model: Any) -> None:
    """Lets a masked-LM head multiply with the table that is looked up.

    The converter writes the vocabulary's table twice where dense layers have
    a scale for each channel, which a table that is looked up cannot have.
    """
    for index, graph in enumerate(model.subgraphs):
        tables = {
            tuple(graph.tensors[operator.inputs[0]].shape): operator.inputs[0]
            for operator in graph.operators
            if kind_of(model, operator) == _OPERATORS.GATHER
            and graph.tensors[operator.inputs[0]].type == _INT8
        }
        for operator in dense_operators(model, index):
            weights = graph.tensors[operator.inputs[1]]
            table = tables.get(tuple(weights.shape))
            if table is not None and _are_same(
                model, graph.tensors[table], weights
            ):
                operator.inputs[1] = table


def _are_same(model: Any, first: Any, second: Any) -> bool:
    """Whether two tensors hold the same numbers, but for their rounding."""
    difference = np.abs(_weights(model, first) - _weights(model, second))
    steps = max(max(first.quantization.scale), max(second.quantization.scale))
    return bool(difference.max() <= 1.01 * steps)


def drop_unused(model: Any) -> None:
    """Takes the bytes that no operator reads any more."""
    used = {entry.buffer for entry in model.metadata or ()}
    unused = []
    for graph in model.subgraphs:
        ends = [*graph.inputs, *graph.outputs]
        for operator in graph.operators:
            ends += [*operator.inputs, *operator.outputs]
        for index, tensor in enumerate(graph.tensors):
            if index in ends:
                used.add(tensor.buffer)
            elif tensor.buffer:
                unused.append(tensor)
    for tensor in unused:
        if tensor.buffer not in used:
            # What is left must not claim bytes that are gone.
            tensor.type, tensor.quantization = _FLOAT, None
            tensor.shape = np.zeros(1, np.int32)
    for index, buffer in enumerate(model.buffers):
        if index not in used:
            buffer.data = None


def make_static(model: Any, subgraph: int, ranges: dict[int, Range]) -> None:
    """Gives dense layers integer inputs and outputs of fixed scales.

    Around each, a QUANTIZE and a DEQUANTIZE are put, so that all between
    them stays in float; layers that read one tensor share its QUANTIZE.

    Args:
        model: parsed flatbuffer; changed in place.
        subgraph: index.
        ranges: of every dense layer's input and output tensor.
    """
    graph = model.subgraphs[subgraph]
    dense = {id(operator) for operator in dense_operators(model, subgraph)}
    operators = []
    quantized: dict[int, int] = {}
    for operator in graph.operators:
        if id(operator) not in dense:
            operators.append(operator)
            continue
        source, target = int(operator.inputs[0]), int(operator.outputs[0])
        if source not in quantized:
            quantized[source] = _int8_twin(graph, source, ranges[source])
            operators.append(
                new_operator(model, "QUANTIZE", 1, [source], quantized[source])
            )
        whole = _int8_twin(graph, target, ranges[target])
        operator.inputs = np.array(
            [
                quantized[source],
                operator.inputs[1],
                _int32_bias(model, graph, operator, quantized[source]),
            ],
            np.int32,
        )
        operator.outputs = np.array([whole], np.int32)
        operator.builtinOptions.asymmetricQuantizeInputs = False
        operators.append(operator)
        operators.append(new_operator(model, "DEQUANTIZE", 2, [whole], target))
    graph.operators = operators


def make_int4(model: Any, subgraph: int) -> None:
    """Packs the weights of a subgraph's dense layers into 4 bits.

    Args:
        model: parsed flatbuffer; changed in place.
        subgraph: index.
    """
    graph = model.subgraphs[subgraph]
    for operator in dense_operators(model, subgraph):
        tensor = graph.tensors[operator.inputs[1]]
        if len(tensor.quantization.scale) != tensor.shape[0]:
            continue  # Small or per-tensor: not worth it.
        values, scales = to_int4(_weights(model, tensor))
        low, high = values.reshape(-1)[0::2], values.reshape(-1)[1::2]
        packed = (low & 15) | ((high & 15) << 4)
        model.buffers[tensor.buffer].data = packed.astype(np.uint8)
        tensor.type = schema.TensorType.INT4
        tensor.quantization.scale = scales


def to_int4(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns int8[out, in] within [-7, 7] and float[out], least squares.

    The scale of a row is the one, of a range of candidates, whose rounded
    weights differ least from the row: the largest weight is often worth
    clipping.
    """
    largest = np.abs(weights).max(1, keepdims=True) + 1e-12
    best = np.full(len(weights), np.inf)
    scales = largest[:, 0] / 7
    for share in np.linspace(0.5, 1.0, 26):
        candidate = largest * share / 7
        rounded = np.clip(np.round(weights / candidate), -7, 7) * candidate
        error = np.square(rounded - weights).sum(1)
        better = error < best
        best = np.where(better, error, best)
        scales = np.where(better, candidate[:, 0], scales)
    values = np.clip(np.round(weights / scales[:, None]), -7, 7)
    return values.astype(np.int8), scales.astype(np.float32)


def _weights(model: Any, tensor: Any) -> np.ndarray:
    data = np.asarray(model.buffers[tensor.buffer].data, np.uint8)
    values = data.view(np.int8).reshape(tensor.shape).astype(np.float32)
    scale = np.asarray(tensor.quantization.scale, np.float32)
    return values * scale.reshape(-1, *[1] * (values.ndim - 1))


def _int32_bias(model: Any, graph: Any, operator: Any, source: int) -> int:
    """Adds the bias in units of input scale times weight scale."""
    weights = graph.tensors[operator.inputs[1]]
    step = float(graph.tensors[source].quantization.scale[0])
    bias = np.zeros(weights.shape[0])
    if len(operator.inputs) > 2 and operator.inputs[2] >= 0:
        old = graph.tensors[operator.inputs[2]]
        data = np.asarray(model.buffers[old.buffer].data, np.uint8)
        bias = data.view(np.float32).astype(np.float64)
    _coarsen(model, weights, np.abs(bias) / (step * _LARGEST_BIAS))
    scale = step * np.asarray(weights.quantization.scale, np.float64)
    index = add_constant(model, graph, b"bias", np.round(bias / scale))
    graph.tensors[index].quantization = _quantization(
        scale, np.zeros(len(scale), np.int64)
    )
    return index


def _coarsen(model: Any, tensor: Any, least: np.ndarray) -> None:
    """Raises the scales of int8 rows to at least some numbers.

    A row of next to nothing has a scale so small that its bias, counted in
    it, would not fit 32 bits.
    """
    scales = np.asarray(tensor.quantization.scale, np.float32)
    if len(scales) == 1:
        least = least.max(keepdims=True)
    coarser = np.maximum(scales, least.astype(np.float32))
    if (coarser == scales).all():
        return
    rounded = np.round(_weights(model, tensor) / coarser.reshape(-1, 1))
    buffer = schema.BufferT()
    buffer.data = rounded.astype(np.int8).reshape(-1).view(np.uint8)
    model.buffers.append(buffer)
    tensor.buffer = len(model.buffers) - 1
    tensor.quantization.scale = coarser


def add_constant(model: Any, graph: Any, name: bytes, values: Any) -> int:
    """Adds int32 numbers to a subgraph; returns their tensor's index."""
    values = np.asarray(values).astype(np.int32)
    buffer = schema.BufferT()
    buffer.data = values.reshape(-1).view(np.uint8)
    model.buffers.append(buffer)
    tensor = schema.TensorT()
    tensor.name = name
    tensor.type = _INT32
    tensor.shape = np.array(values.shape, np.int32)
    tensor.buffer = len(model.buffers) - 1
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1


def _int8_twin(graph: Any, index: int, limits: Range) -> int:
    """Adds an int8 tensor of a float one's shape, with a scale to match."""
    low, high = min(limits[0], 0.0), max(limits[1], 0.0)
    scale = max((high - low) / 255, 1e-8)
    zero_point = int(np.clip(round(-128 - low / scale), -128, 127))
    old = graph.tensors[index]
    tensor = schema.TensorT()
    tensor.name = old.name + b"_int8"
    tensor.type = _INT8
    tensor.shape = old.shape
    tensor.shapeSignature = old.shapeSignature
    tensor.hasRank = old.hasRank
    tensor.buffer = 0
    tensor.quantization = _quantization(
        np.array([scale]), np.array([zero_point], np.int64)
    )
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1


def _quantization(scale: np.ndarray, zero_point: np.ndarray) -> Any:
    quantization = schema.QuantizationParametersT()
    quantization.scale = scale.astype(np.float32)
    quantization.zeroPoint = zero_point
    quantization.quantizedDimension = 0
    return quantization


def new_operator(
    model: Any, name: str, version: int, sources: Sequence[int], target: int
) -> Any:
    """Returns an operator without options, to be put into a subgraph."""
    operator = schema.OperatorT()
    operator.opcodeIndex = _code(model, getattr(_OPERATORS, name), version)
    operator.inputs = np.array(sources, np.int32)
    operator.outputs = np.array([target], np.int32)
    return operator


def _code(model: Any, builtin: int, version: int) -> int:
    for index, code in enumerate(model.operatorCodes):
        if code.builtinCode == builtin and code.version >= version:
            return index
    code = schema.OperatorCodeT()
    code.builtinCode = builtin
    code.deprecatedBuiltinCode = min(builtin, 127)
    code.version = version
    model.operatorCodes.append(code)
    return len(model.operatorCodes) - 1


def kind_of(model: Any, operator: Any) -> int:
    """Returns the `BuiltinOperator` of an operator."""
    code = model.operatorCodes[operator.opcodeIndex]
    return max(code.builtinCode, code.deprecatedBuiltinCode)
