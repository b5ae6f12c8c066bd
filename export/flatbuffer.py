"""Looks into the bytes of a TFLite flatbuffer."""

from __future__ import annotations

import dataclasses
from typing import Any

from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.tools import flatbuffer_utils

_STATEFUL = {"VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE", "CALL_ONCE"}
_OPERATOR_NAMES = {
    value: name
    for name, value in vars(schema.BuiltinOperator).items()
    if isinstance(value, int)
}


@dataclasses.dataclass(frozen=True)
class Contents:
    """What a flatbuffer is made of.

    Attributes:
        operators: dict of operator name to its version.
        custom_operators: list of str, Flex ones included.
        weight_bytes: int. Bytes of all constant tensors; one that several
            operators share counts once.
        minimum_runtime: str. First runtime version that has every operator,
            as the converter wrote it, or "".
    """

    operators: dict[str, int]
    custom_operators: list[str]
    weight_bytes: int
    minimum_runtime: str


def inspect(model: bytes) -> Contents:
    """Reads a flatbuffer."""
    parsed = flatbuffer_utils.convert_bytearray_to_object(bytearray(model))
    operators: dict[str, int] = {}
    custom = []
    for code in parsed.operatorCodes:
        value = max(code.builtinCode, code.deprecatedBuiltinCode)
        name = _OPERATOR_NAMES.get(value, str(value))
        if code.customCode:
            custom.append(code.customCode.decode())
        else:
            operators[name] = max(code.version, operators.get(name, 0))
    return Contents(
        operators=operators,
        custom_operators=custom,
        weight_bytes=sum(
            len(buffer.data)
            for buffer in parsed.buffers
            if buffer.data is not None
        ),
        minimum_runtime=_minimum_runtime(parsed),
    )


def operator_names(parsed: Any, subgraph: int) -> list[str]:
    """Returns the names of a subgraph's operators, in their order."""
    codes = [
        max(code.builtinCode, code.deprecatedBuiltinCode)
        for code in parsed.operatorCodes
    ]
    return [
        _OPERATOR_NAMES.get(codes[operator.opcodeIndex], "CUSTOM")
        for operator in parsed.subgraphs[subgraph].operators
    ]


def float_operators(model: bytes) -> list[str]:
    """Returns the names of operators that read or give floats, each once."""
    parsed = flatbuffer_utils.convert_bytearray_to_object(bytearray(model))
    found = set()
    for index, graph in enumerate(parsed.subgraphs):
        names = operator_names(parsed, index)
        for operator, name in zip(graph.operators, names):
            ends = [*operator.inputs, *operator.outputs]
            if any(
                graph.tensors[end].type == schema.TensorType.FLOAT32
                for end in ends
                if end >= 0
            ):
                found.add(name)
    return sorted(found)


def check(contents: Contents) -> None:
    """Refuses a flatbuffer that would fail on a device.

    Raises:
        ValueError: it needs operators that a plain runtime lacks, or holds
            variables instead of weights.
    """
    if contents.custom_operators:
        raise ValueError(
            "The model needs operators that TFLite itself does not have: "
            f"{', '.join(contents.custom_operators)}. This is a fault of the "
            "exporter; please report it with the model's config.json."
        )
    variables = sorted(_STATEFUL & set(contents.operators))
    if variables:
        raise ValueError(
            "The converter left the weights out of the file (it has "
            f"{', '.join(variables)}). This is a fault of the exporter; "
            "please report it with the version of tensorflow."
        )


def _minimum_runtime(parsed) -> str:
    for entry in parsed.metadata or ():
        if entry.name == b"min_runtime_version":
            data = bytes(parsed.buffers[entry.buffer].data)
            return data.rstrip(b"\0").decode()
    return ""
