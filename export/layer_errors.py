"""How far the layers of an exported file stray from Keras, by depth."""

from __future__ import annotations

from typing import Any

import numpy as np

from export import calibrate, rewrite
from export.quantize import embedded
from export.source_model import SourceModel


def errors_by_depth(flat: bytes, source: SourceModel) -> list[dict[str, Any]]:
    """Returns the error of the hidden states after each depth.

    The layers are taken out of the file and run on the self-test sentences
    beside Keras, so that the embeddings' and the head's errors stay out.

    Args:
        flat: the flatbuffer.
        source: SourceModel.

    Returns:
        list of dict, one a depth: `depth` from 1; `added`, the error of this
        depth alone, given Keras' input; `total`, that of all up to here.
        Both are root mean squares, as shares of Keras' own. Empty for a
        file without a loop over layers.
    """
    parsed = rewrite.parse(flat)
    rows, _ = source.answers(source.samples)
    exact = [embedded(source.model, row) for row in rows]
    strayed = [hidden for hidden, _ in exact]
    encoder = source.model.encoder
    config = encoder.albert_config
    repeats = config.num_hidden_layers // config.num_hidden_groups
    inner = config.inner_group_num
    table: list[dict[str, Any]] = []
    for group, body in enumerate(rewrite.loops(parsed)):
        layers = encoder.transformer_layers[group * inner :][:inner]
        for _ in range(repeats):
            alone = _step(parsed, body, [hidden for hidden, _ in exact], exact)
            strayed = _step(parsed, body, strayed, exact)
            exact = [(_apply(layers, *state), state[1]) for state in exact]
            wanted = [hidden for hidden, _ in exact]
            table.append(
                {
                    "depth": len(table) + 1,
                    "added": _error(alone, wanted),
                    "total": _error(strayed, wanted),
                }
            )
    return table


def _step(parsed, body, hidden, states) -> list[np.ndarray]:
    feeds = [(one, bias, 1) for one, (_, bias) in zip(hidden, states)]
    _, results = calibrate.measure_ranges(parsed, body, [], feeds)
    return results


def _apply(layers, hidden, bias) -> np.ndarray:
    for layer in layers:
        hidden = layer(hidden, bias)
    return np.asarray(hidden)


def _error(got, wanted) -> float:
    """Returns the root mean square of the differences, relative."""
    difference = sum(float(np.square(a - b).sum()) for a, b in zip(got, wanted))
    whole = sum(float(np.square(b).sum()) for b in wanted)
    return float(np.sqrt(difference / whole))
