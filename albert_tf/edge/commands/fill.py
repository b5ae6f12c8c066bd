"""`fill`: the likeliest pieces behind every `[MASK]`."""

from __future__ import annotations

import argparse
import dataclasses
import json
from typing import Any

from albert_tf.edge.commands import common
from albert_tf.edge.mask_filler import MaskFiller


def add(commands: Any) -> None:
    """Adds the command."""
    command = common.add_command(
        commands, "fill", _run, "Guess the pieces behind masks."
    )
    command.add_argument("text", metavar="TEXT", help="with [MASK] in it")
    command.add_argument(
        "--top", type=int, default=5, metavar="N", help="guesses a mask"
    )


def _run(options: argparse.Namespace) -> None:
    common.check_utf8(options.text)
    filler = common.open_runner(MaskFiller, options)
    for guesses in filler.fill(options.text, top=options.top):
        if options.json:
            fields = [dataclasses.asdict(guess) for guess in guesses]
            print(json.dumps(fields, ensure_ascii=False))
            continue
        print(
            "  ".join(
                f"{guess.piece} {guess.probability:.3f}" for guess in guesses
            )
        )
