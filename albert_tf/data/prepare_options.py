"""What `albert prepare` takes."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

from albert_tf.data.corpus import CORPUS_FILE


@dataclasses.dataclass(frozen=True)
class PrepareOptions:
    """What `prepare` takes; the command's options have the same names.

    Attributes:
        inputs: paths and globs of text.
        tokenizer: path of a `spiece.model`, or of a folder that holds one
            and its settings.
        output: folder of the corpus.
        held_out: float in [0, 1). Share of documents for evaluation alone.
        num_shards: int >= 1 of training shards, or None for one per 32 MB.
        seed: int64. Of the order of documents and of the held-out draw.
        splitter: `"english"`, `"lines"` or `module:function`.
        format: one of `raw_text.FORMATS`, or None to tell by the name.
        text_field: str. Of JSON lines.
        num_workers: int >= 1 of processes, or None for one per core.
        overwrite: bool. Replaces a corpus at `output`, nothing else.
        beam_options: list of str. Beam's own, such as `--runner=...`.
    """

    inputs: Sequence[str]
    tokenizer: str
    output: str
    held_out: float = 0.01
    num_shards: int | None = None
    seed: int = 1
    splitter: str = "english"
    format: str | None = None
    text_field: str = "text"
    num_workers: int | None = None
    overwrite: bool = False
    beam_options: Sequence[str] = ()


def check_options(options: PrepareOptions) -> None:
    """Refuses options out of their range, and an output that is taken.

    Raises:
        ValueError: as said.
    """
    if not 0.0 <= options.held_out < 1.0:
        raise ValueError(
            "`held_out` must be at least 0 and below 1. Received: "
            f"held_out={options.held_out}."
        )
    for name in ("num_shards", "num_workers"):
        value = getattr(options, name)
        if value is not None and value < 1:
            raise ValueError(
                f"`{name}` must be 1 or more. Received: {name}={value}. "
                "Leave it out to have it chosen."
            )
    if not -(1 << 63) <= options.seed < 1 << 63:
        raise ValueError(
            "`seed` must be a whole number of 64 bits. Received: "
            f"seed={options.seed}. Choose one nearer to 0."
        )
    _check_output(Path(options.output), options.overwrite)


def _check_output(output: Path, is_overwritten: bool) -> None:
    """Lets nothing be replaced but a corpus, or an empty folder."""
    if not output.exists():
        return
    if not output.is_dir():
        raise ValueError(
            f"{output} is a file. Expected a folder to write to; choose "
            "another name."
        )
    names = sorted(os.listdir(output))
    if names and CORPUS_FILE not in names:
        raise ValueError(
            f"{output} holds {_listed(names)} and no {CORPUS_FILE}, so it is "
            "no corpus that could be replaced. Choose another folder, or "
            "empty it."
        )
    if not is_overwritten:
        raise ValueError(
            f"{output} exists. Pass --overwrite to replace it, or choose "
            "another folder."
        )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}, ..."
