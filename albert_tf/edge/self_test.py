"""Checks the sentences that travel with a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from albert_tf.edge import tasks
from albert_tf.edge.bundle import Bundle
from albert_tf.edge.manifest import Manifest, SelfTest
from albert_tf.text.choices import encode_choices
from albert_tf.text.masks import encode_masked

if TYPE_CHECKING:
    from albert_tf.edge.session import Session
    from albert_tf.text.tokenizer import AlbertTokenizer


def check(session: Session) -> None:
    """Runs every sentence of a session's bundle.

    Raises:
        ValueError: ids differ, an output differs by more than the bundle's
            tolerance, or is not a number.
    """
    bundle = session.bundle
    limits = _limits(bundle)
    for test in bundle.manifest.self_tests:
        row = packed(bundle, test)
        if list(row[0]) != test.token_ids:
            raise ValueError(
                f"{bundle.path} fails its self-test: {test.text!r} became "
                f"{list(row[0])}, expected {test.token_ids}. Check the "
                "version of sentencepiece."
            )
        positions = test.masked_positions
        outputs = session.run(
            [row],
            masked_positions=None if positions is None else [positions],
            patience=all_layers(bundle.manifest),
        )
        for name, expected in test.outputs.items():
            wanted = np.asarray(expected, np.float32)
            got = outputs[name][0]
            if test.indices is not None:
                got = got[..., test.indices]
            # A model of fixed length pads: what is behind means nothing.
            got = got[: len(wanted)]
            error = float(np.abs(got - wanted).max())
            if not error <= limits[name]:
                raise ValueError(
                    f"{bundle.path} fails its self-test on "
                    f"{session.runtime}: {name} of {test.text!r} differs by "
                    f"{error:.3g}, at most {limits[name]:.3g} is expected. "
                    "Do not use this file with this runtime; export it for "
                    "the runtime with `--target`."
                )


def all_layers(manifest: Manifest) -> int | None:
    """Returns the patience with which no layer is left out, if there is one.

    Sentences are checked so: where a model stops early may turn on a rounding.
    """
    if manifest.early_exit is None:
        return None
    return int(manifest.early_exit["num_layers"])


def packed(bundle: Bundle, test: SelfTest) -> tuple[list[int], list[int]]:
    """Returns (token_ids, segment_ids) of a self-test, by the tokenizer."""
    manifest = bundle.manifest
    token_ids, segment_ids, _ = pack_sample(
        bundle.tokenizer,
        test.text,
        test.pair,
        task=manifest.task,
        max_length=manifest.max_length,
        max_answer_length=manifest.max_answer_length,
    )
    return token_ids, segment_ids


def pack_sample(
    tokenizer: AlbertTokenizer,
    text: str,
    pair: str | None,
    *,
    task: str,
    max_length: int,
    max_answer_length: int | None = None,
) -> tuple[list[int], list[int], list[int] | None]:
    """Returns the row of a sample, as the task's runner packs it.

    Args:
        tokenizer: AlbertTokenizer.
        text: str.
        pair: str or None.
        task: str, a name in `albert_tf.edge.tasks`.
        max_length: int. Most tokens that the model takes.
        max_answer_length: int or None. `max_answer_length` of `albert.json`.

    Returns:
        (token_ids, segment_ids, masked_positions), the last None but for
        masked LM.
    """
    if task == tasks.MASKED_LM:
        ids, positions = encode_masked(tokenizer, text)
        return ids, [0] * len(ids), positions
    pairs = None if pair is None else [pair]
    if task == tasks.MULTIPLE_CHOICE and pairs is not None:
        (row,), _ = encode_choices(
            tokenizer,
            text,
            pairs,
            max_length=max_length,
            max_answer_length=max_answer_length,
        )
    else:
        (row,) = tokenizer.pack([text], pairs, max_length=max_length)
    return (*row, None)


def _limits(bundle: Bundle) -> dict[str, float]:
    """Returns the largest difference allowed of each output."""
    manifest = bundle.manifest
    return {
        name: manifest.tolerance
        * max(
            float(np.abs(np.asarray(test.outputs[name])).max())
            for test in manifest.self_tests
            if name in test.outputs
        )
        for name in manifest.outputs
        if any(name in test.outputs for test in manifest.self_tests)
    }
