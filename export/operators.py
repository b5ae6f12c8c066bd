"""Which operators an exported file has, and which of them XNNPACK takes."""

from __future__ import annotations

import collections
import copy
from typing import Any

import numpy as np

from export import flatbuffer, rewrite

# Counting steps and calling subgraphs is no work that XNNPACK could speed up.
_CONTROL = ("WHILE", "LESS")


def operator_table(flat: bytes) -> list[dict[str, Any]]:
    """Returns the operators of a file by name.

    XNNPACK is asked for each one alone, in the installed ai-edge-litert, on
    this processor: what it refuses runs in a slower kernel, and parts the
    graph around it.

    Args:
        flat: the flatbuffer.

    Returns:
        list of dict: `name`; `version`; `count` in the whole file; `in_layer`,
        those that run at every depth; `in_xnnpack`, how many of them all
        XNNPACK takes.
    """
    parsed = rewrite.parse(flat)
    versions = flatbuffer.inspect(flat).operators
    layers = set(rewrite.loops(parsed))
    rows: dict[str, collections.Counter] = {}
    for index, graph in enumerate(parsed.subgraphs):
        names = flatbuffer.operator_names(parsed, index)
        for operator, name in zip(graph.operators, names):
            row = rows.setdefault(name, collections.Counter())
            row["count"] += 1
            row["in_layer"] += index in layers
            row["in_xnnpack"] += _is_taken(parsed, graph, operator, name)
    return [
        {
            "name": name,
            "version": versions.get(name, 1),
            **{key: row[key] for key in ("count", "in_layer", "in_xnnpack")},
        }
        for name, row in sorted(rows.items())
    ]


def _is_taken(parsed: Any, graph: Any, operator: Any, name: str) -> bool:
    from ai_edge_litert.interpreter import Interpreter

    if name in _CONTROL:
        return False
    alone = copy.copy(parsed)
    part = copy.copy(graph)
    part.operators = [operator]
    part.inputs = np.array(
        [
            index
            for index in operator.inputs
            if index >= 0
            and parsed.buffers[graph.tensors[index].buffer].data is None
        ],
        np.int32,
    )
    part.outputs = operator.outputs
    alone.subgraphs = [part]
    alone.signatureDefs = []
    interpreter = Interpreter(model_content=rewrite.to_bytes(alone))
    try:
        interpreter.allocate_tensors()
    except RuntimeError:
        return False  # It needs its surroundings; then it is none of ours.
    details = interpreter._get_ops_details()
    return any(detail["op_name"] == "DELEGATE" for detail in details)
