"""TFLite metadata, by which MediaPipe and the Task Library know a model.

They ask a file which tokenizer its texts need, which input and output is
which and what scores are called; tokenizer and labels lie in the zip behind
the model, uncompressed.

Source: mediapipe/tasks/metadata/metadata_schema.fbs; the numbers below are
its fields' places. tensorflow_lite_support/cc/task/text/
bert_question_answerer.cc: the names and the order of an answerer's tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from tensorflow.lite.python import schema_py_generated as schema

from albert_tf.edge import tasks
from albert_tf.edge.bundle import LABELS_FILE, TOKENIZER_FILE
from export import rewrite

_NAME = b"TFLITE_METADATA"
_IDENTIFIER = b"M001"
_FEATURES = 1  # ContentProperties
_SENTENCE_PIECE = 5  # ProcessUnitOptions
_AXIS_LABELS = 2  # AssociatedFileType

Field = tuple[int, str, Any]


# Where names are missing, the Task Library goes by this order. The first output
# is the one that MediaPipe's users look at.
_INPUTS = ("ids", "mask", "segment_ids")
_OUTPUTS = {
    tasks.CLASSIFICATION: ("probability", "logits"),
    tasks.QUESTION_ANSWERING: ("end_logits", "start_logits"),
}
_TITLES = {
    tasks.CLASSIFICATION: "ALBERT text classifier",
    tasks.QUESTION_ANSWERING: "ALBERT question answerer",
}


def add_metadata(flat: bytes, task: str) -> bytes:
    """Returns a flatbuffer with the metadata of its task.

    Args:
        flat: one subgraph with the inputs named and the outputs
            `probability` and `logits`, or `end_logits` and `start_logits`.
        task: str, a key of `_TITLES`.
    """
    model = rewrite.parse(flat)
    (graph,) = model.subgraphs
    (signature,) = model.signatureDefs
    names = {
        int(entry.tensorIndex): entry.name.decode()
        for entry in (*signature.inputs, *signature.outputs)
    }
    outputs = _OUTPUTS[task]
    graph.inputs = _in_order(graph.inputs, names, _INPUTS)
    graph.outputs = _in_order(graph.outputs, names, outputs)
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(
        _build(
            _INPUTS,
            outputs,
            _TITLES[task],
            has_labels=task == tasks.CLASSIFICATION,
        ),
        np.uint8,
    )
    model.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name = _NAME
    entry.buffer = len(model.buffers) - 1
    model.metadata = [*(model.metadata or ()), entry]
    return rewrite.to_bytes(model)


def _in_order(
    indices: np.ndarray, names: dict[int, str], order: Sequence[str]
) -> np.ndarray:
    return np.array(
        sorted(indices, key=lambda index: order.index(names[index])), np.int32
    )


def _build(
    inputs: Sequence[str],
    outputs: Sequence[str],
    title: str,
    *,
    has_labels: bool,
) -> bytes:
    import flatbuffers

    builder = flatbuffers.Builder(1024)
    text, table, listed = _writers(builder)
    features = table([])

    def tensor(name: str, files: int | None = None) -> int:
        content = table([(0, "byte", _FEATURES), (1, "offset", features)])
        fields = [(0, "offset", text(name)), (3, "offset", content)]
        if files is not None:
            fields.append((6, "offset", files))
        return table(fields)

    def file(name: str, kind: int = 0) -> int:
        return table([(0, "offset", text(name)), (2, "byte", kind)])

    labels = None
    if has_labels:
        labels = listed([file(LABELS_FILE, _AXIS_LABELS)])
    options = table([(0, "offset", listed([file(TOKENIZER_FILE)]))])
    unit = table([(0, "byte", _SENTENCE_PIECE), (1, "offset", options)])
    subgraph = table(
        [
            (2, "offset", listed([tensor(name) for name in inputs])),
            (3, "offset", listed([tensor(name, labels) for name in outputs])),
            (5, "offset", listed([unit])),
        ]
    )
    root = table(
        [
            (0, "offset", text(title)),
            (3, "offset", listed([subgraph])),
            (7, "offset", text("1.2.1")),
        ]
    )
    builder.Finish(root, file_identifier=_IDENTIFIER)
    return bytes(builder.Output())


def _writers(builder: Any) -> tuple[Callable, Callable, Callable]:
    """Returns functions that write strings, tables and vectors of tables."""

    def table(fields: Sequence[Field]) -> int:
        builder.StartObject(1 + max((place for place, *_ in fields), default=0))
        for place, kind, value in fields:
            if kind == "byte":
                builder.PrependInt8Slot(place, value, 0)
            else:
                builder.PrependUOffsetTRelativeSlot(place, value, 0)
        return builder.EndObject()

    def listed(offsets: Sequence[int]) -> int:
        builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            builder.PrependUOffsetTRelative(offset)
        return builder.EndVector()

    return builder.CreateString, table, listed
