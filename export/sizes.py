"""What takes the bytes of an exported file."""

from __future__ import annotations

import os

from albert_tf.edge.bundle import MODEL_PART, Bundle
from export import flatbuffer, rewrite


def bytes_by_part(path: str | os.PathLike[str]) -> dict[str, int]:
    """Returns the size of each part of a bundle, in bytes.

    Args:
        path: of the bundle.

    Returns:
        dict: `embeddings`, the tables that are looked up; `layers`, weights
        that run at every depth; `other weights`, the projection and the
        head, or `layers and other weights` where no layer repeats or every
        depth is written out;
        `graph`, the rest of the flatbuffer; and the files of the zip.
    """
    bundle = Bundle(path)
    parts = dict(bundle.part_bytes)
    size = parts.pop(MODEL_PART)
    flat = bundle.path.read_bytes()
    parsed = rewrite.parse(flat[:size])
    owners = _owners(parsed)
    # Without a loop, nothing in the graph tells a layer's weights apart.
    other = "other weights"
    names = ["embeddings", "layers", other]
    if not rewrite.loops(parsed):
        other = "layers and other weights"
        names = ["embeddings", other]
    weights = dict.fromkeys(names, 0)
    for index, buffer in enumerate(parsed.buffers):
        if buffer.data is not None:
            weights[owners.get(index, other)] += len(buffer.data)
    rest = len(flat) - size - sum(parts.values())
    return {
        **weights,
        "graph": size - sum(weights.values()),
        **parts,
        "zip's own": rest,
    }


def _owners(parsed) -> dict[int, str]:
    """Returns what each buffer belongs to, where that is known."""
    owners = {}
    layers = rewrite.loops(parsed)
    for index, graph in enumerate(parsed.subgraphs):
        names = flatbuffer.operator_names(parsed, index)
        for operator, name in zip(graph.operators, names):
            for tensor in operator.inputs:
                buffer = graph.tensors[tensor].buffer
                if index in layers:
                    owners[buffer] = "layers"
                elif name == "GATHER":
                    owners[buffer] = "embeddings"
    owners.pop(0, None)  # What has no constant names the first buffer.
    return owners
