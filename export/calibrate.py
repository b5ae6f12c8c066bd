"""Ranges of activations, measured on the user's own texts.

The loop's body is taken out of a converted file and run as a model of its
own, depth after depth, with every dense layer's input and output as an
output: what is measured is what the device will compute, after all that the
converter folded.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from tensorflow.lite.tools import flatbuffer_utils

from albert_tf.edge.runtime import find_runtime, import_interpreter

Range = tuple[float, float]


def measure_ranges(
    model: Any,
    subgraph: int,
    tensors: Sequence[int],
    feeds: Iterable[tuple[np.ndarray, np.ndarray, int]],
) -> tuple[dict[int, Range], list[np.ndarray]]:
    """Returns the lowest and highest value of tensors of a loop's body.

    Args:
        model: parsed flatbuffer with a loop, of float activations.
        subgraph: index of the body, whose inputs are two counters, hidden
            float[1, S, H] and bias float[1, 1, 1, S].
        tensors: indices of the tensors to watch.
        feeds: for each text (hidden after the embeddings, bias, number of
            repeats).

    Returns:
        dict of tensor index to (lowest, highest), over all texts and depths;
        and hidden float[1, S, H] of each text after the last repeat.

    Raises:
        ValueError: no runtime is installed.
    """
    interpreter_class = import_interpreter(find_runtime())
    interpreter = interpreter_class(
        model_content=_standalone(model, subgraph, tensors)
    )
    inputs = interpreter.get_input_details()
    outputs = interpreter.get_output_details()
    hidden_input, bias_input = _float_inputs(inputs)
    measured = (hidden_input["index"], bias_input["index"])
    graph = model.subgraphs[subgraph]
    hidden_output = list(graph.inputs).index(hidden_input["index"])
    ranges: dict[int, Range] = {}
    results = []
    for hidden, bias, repeats in feeds:
        interpreter.resize_tensor_input(hidden_input["index"], hidden.shape)
        interpreter.resize_tensor_input(bias_input["index"], bias.shape)
        interpreter.allocate_tensors()
        for _ in range(repeats):
            # Such as counters: what is not set may be anything.
            for detail in inputs:
                zeros = np.zeros(detail["shape"], detail["dtype"])
                if detail["index"] not in measured:
                    interpreter.set_tensor(detail["index"], zeros)
            interpreter.set_tensor(hidden_input["index"], hidden)
            interpreter.set_tensor(bias_input["index"], bias)
            interpreter.invoke()
            for tensor, detail in zip(tensors, outputs[len(graph.outputs) :]):
                values = interpreter.get_tensor(detail["index"])
                low, high = ranges.get(tensor, (0.0, 0.0))
                ranges[tensor] = (
                    min(low, float(values.min())),
                    max(high, float(values.max())),
                )
            index = outputs[hidden_output]["index"]
            hidden = interpreter.get_tensor(index)
        results.append(hidden)
    return ranges, results


def _standalone(model: Any, subgraph: int, tensors: Sequence[int]) -> bytes:
    body = copy.deepcopy(model)
    body.subgraphs = [body.subgraphs[subgraph]]
    body.signatureDefs = []
    graph = body.subgraphs[0]
    graph.outputs = [*graph.outputs, *tensors]
    return bytes(flatbuffer_utils.convert_object_to_bytearray(body))


def _float_inputs(details: Sequence[dict]) -> tuple[dict, dict]:
    """Returns the details of (hidden, bias)."""
    floats = [d for d in details if d["dtype"] == np.float32]
    hidden = next(d for d in floats if len(d["shape"]) == 3)
    return hidden, next(d for d in floats if len(d["shape"]) == 4)
