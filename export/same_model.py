"""Tells whether bundles are exports of one model."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from albert_tf.edge.bundle import Bundle
from albert_tf.edge.self_test import packed
from export.samples import Row
from export.source_model import SourceModel

# Self-tests hold what Keras gave, but for its rounding on another machine.
_TOLERANCE = 0.01


def check_same_model(
    bundles: Sequence[Bundle],
    source: SourceModel,
    directory: str | os.PathLike[str],
) -> None:
    """Refuses bundles of another model, whose figures would mislead.

    A model is known by its task, labels and tokenizer, and by what it
    answered to the self-tests that travel with each bundle.

    Args:
        bundles: list of Bundle.
        source: SourceModel.
        directory: of the model.

    Raises:
        ValueError: a bundle differs in one of them.
    """
    for bundle in bundles:
        other = _difference(bundle, source)
        if other is not None:
            raise ValueError(
                f"{bundle.path} has {other} than {os.fspath(directory)}; "
                "compare exports of one model."
            )


def _difference(bundle: Bundle, source: SourceModel) -> str | None:
    """Returns what is other in a bundle, or None."""
    manifest, tokenizer = bundle.manifest, bundle.tokenizer
    if manifest.task != source.task:
        return "another task"
    if manifest.labels != source.labels:
        return "other labels"
    if _identity(tokenizer) != _identity(source.tokenizer):
        return "another tokenizer"
    positions = source.model.albert_config.max_position_embeddings
    if manifest.max_length > positions or not _answers(bundle, source):
        return "other weights"
    return None


def _identity(tokenizer) -> tuple[bytes, bool, bool]:
    return (
        tokenizer.model_proto,
        tokenizer.do_lower_case,
        tokenizer.keep_accents,
    )


def _answers(bundle: Bundle, source: SourceModel) -> bool:
    """Whether Keras gives what the self-tests of a bundle hold."""
    tests = bundle.manifest.self_tests
    rows = [Row(*packed(bundle, t), t.masked_positions) for t in tests]
    for test, outputs in zip(tests, source.run(rows)):
        for name, expected in test.outputs.items():
            got = outputs[name]
            if test.indices is not None:
                got = got[..., test.indices]
            wanted = np.asarray(expected, np.float32)
            limit = _TOLERANCE * float(np.abs(wanted).max())
            if got.shape != wanted.shape or np.abs(got - wanted).max() > limit:
                return False
    return True
