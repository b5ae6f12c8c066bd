"""Runs a bundle's model on token ids."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from albert_tf.edge import self_test as sentences
from albert_tf.edge.bundle import Bundle
from albert_tf.edge.runtime import (
    find_runtime,
    open_interpreter,
    run_refusal,
)
from albert_tf.text import packing


class Session:
    """A bundle and an interpreter that runs it.

    Args:
        bundle: Bundle, or the path of one.
        runtime: name of the runtime package, or None for the first found.
        num_threads: int >= 1, or None for a number that suits the machine.
        self_test: bool. Runs the sentences that travel with the model first.
        patience: int >= 0 or None. For a model with early exit: how many
            depths in a row must agree before it stops; None for the
            bundle's own.

    Attributes:
        bundle: Bundle.
        patience: int or None. As given, or the bundle's, at most its number
            of layers; None for a model that always runs all its layers.
        runtime: str. Name of the runtime package in use.

    Raises:
        ValueError: the file, the runtime or a self-test fails.
    """

    def __init__(
        self,
        bundle: Bundle | str | os.PathLike[str],
        *,
        runtime: str | None = None,
        num_threads: int | None = None,
        self_test: bool = False,
        patience: int | None = None,
    ) -> None:
        if not isinstance(bundle, Bundle):
            bundle = Bundle(bundle)
        self.bundle = bundle
        self.patience = _patience(bundle, patience)
        self.runtime = find_runtime(runtime)
        self._interpreter = open_interpreter(
            bundle.path, runtime=self.runtime, num_threads=num_threads
        )
        manifest = bundle.manifest
        _check_signature(bundle, self._interpreter.get_signature_list())
        self._runner = self._interpreter.get_signature_runner(
            manifest.signature
        )
        self._quantization = {
            name: detail["quantization"]
            for name, detail in self._runner.get_output_details().items()
        }
        if self_test:
            self.check_self_tests()

    def run(
        self,
        rows: Sequence[tuple[Sequence[int], Sequence[int]]],
        *,
        masked_positions: Sequence[Sequence[int]] | None = None,
        patience: int | None = None,
    ) -> dict[str, np.ndarray]:
        """Returns the model's outputs for packed sequences.

        Args:
            rows: pairs (token_ids, segment_ids), as `AlbertTokenizer.pack`
                returns them; B rows.
            masked_positions: of each row, for masked LM only: where the
                masks are. Rows with fewer than others are filled up with 0.
            patience: int or None. Other than the session's, for this run.

        Returns:
            dict of our output name to float[B, ...]; with early exit also
            `layers_used` int32[B].

        Raises:
            ValueError: a row is longer than the model's positions; the
                patience is below 0, or means nothing to the model; the
                runtime fails.
        """
        manifest = self.bundle.manifest
        longest = max((len(token_ids) for token_ids, _ in rows), default=0)
        if longest > manifest.max_length:
            raise ValueError(
                f"A sequence has {longest} tokens; the model takes "
                f"{manifest.max_length}. Cut it with "
                f"max_length={manifest.max_length}."
            )
        if manifest.fixed_length and len(rows) > 1:
            # Every dimension is fixed, that of the batch as well.
            parts = [self.run([row]) for row in rows]
            return {
                name: np.concatenate([part[name] for part in parts])
                for name in manifest.outputs
            }
        batch = packing.pad(
            rows,
            pad_id=self.bundle.tokenizer.pad_id,
            length=manifest.max_length if manifest.fixed_length else None,
        )
        if masked_positions is not None:
            batch["masked_positions"] = _stack(masked_positions)
        if patience is None:
            patience = self.patience
        else:
            patience = _patience(self.bundle, patience)
        if patience is not None:
            batch["patience"] = np.array(patience, np.int32)
        outputs = self._outputs(
            {theirs: batch[ours] for ours, theirs in manifest.inputs.items()}
        )
        return {
            ours: _as_float(outputs[theirs], *self._quantization[theirs])
            for ours, theirs in manifest.outputs.items()
        }

    def _outputs(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        try:
            return self._runner(**inputs)
        except RuntimeError as error:
            path, target = self.bundle.path, self.bundle.manifest.target
            raise ValueError(
                run_refusal(path, self.runtime, target, str(error))
            ) from error

    def check_self_tests(self) -> None:
        """Runs the sentences in the bundle and compares what comes out.

        Raises:
            ValueError: ids differ, an output differs by more than the
                bundle's tolerance, or is not a number.
        """
        sentences.check(self)


def _as_float(values: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    """Returns what quantized values stand for; others as they are."""
    if not scale:
        return np.asarray(values)
    return np.float32(scale) * (values.astype(np.float32) - zero_point)


def _check_signature(
    bundle: Bundle, signatures: dict[str, dict[str, list[str]]]
) -> None:
    """Refuses a model without what `albert.json` names of it."""
    manifest = bundle.manifest
    found = signatures.get(manifest.signature)
    if found is None:
        raise ValueError(
            f"{bundle.path} lacks the signature {manifest.signature!r} "
            "that its albert.json names. Export the model again."
        )
    for kind, names in (
        ("inputs", manifest.inputs.values()),
        ("outputs", manifest.outputs.values()),
    ):
        lacking = sorted(set(names) - set(found[kind]))
        if lacking:
            raise ValueError(
                f"{bundle.path} lacks the {kind} {', '.join(lacking)} that "
                f"its albert.json names; it has {', '.join(found[kind])}. "
                "Export the model again."
            )


def _patience(bundle: Bundle, wanted: int | None) -> int | None:
    early_exit = bundle.manifest.early_exit
    if early_exit is None:
        if wanted is None:
            return None
        raise ValueError(
            f"{bundle.path} has no early exit: it always runs all its layers. "
            "Leave the patience out, or train the model with exit heads."
        )
    if wanted is None:
        wanted = int(early_exit["patience"])
    if wanted < 0:
        raise ValueError(f"The patience must be 0 or more. Received: {wanted}.")
    # More means the same, and might not fit the input's 32 bits.
    return min(wanted, int(early_exit["num_layers"]))


def _stack(rows: Sequence[Sequence[int]]) -> np.ndarray:
    stacked = np.zeros((len(rows), max(map(len, rows))), np.int32)
    for index, row in enumerate(rows):
        stacked[index, : len(row)] = row
    return stacked
