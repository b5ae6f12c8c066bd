"""`tag`: a label for every word, or the entities they make up."""

from __future__ import annotations

import argparse
from typing import Any

from albert_tf.edge.commands import common
from albert_tf.edge.tagger import Tagger, Tagging


def add(commands: Any) -> None:
    """Adds the command."""
    command = common.add_command(
        commands,
        "tag",
        _run,
        "Find the entities of a text, with where they stand.",
    )
    command.add_argument(
        "text", metavar="TEXT", help="the text, or - for lines of stdin"
    )
    command.add_argument(
        "--words", action="store_true", help="show every word's label"
    )


def _run(options: argparse.Namespace) -> None:
    common.check_utf8(options.text)
    tagger = common.open_runner(Tagger, options)
    shows_words = options.words or not tagger.has_entities

    def show(answer: Tagging, text: str | None) -> str:
        tags = answer.words if shows_words else answer.entities
        lines = [] if text is None else [f"# {text}"]
        lines += [
            f"{tag.start}-{tag.end}\t{tag.label}\t{tag.probability:.3f}"
            f"\t{tag.text}"
            for tag in tags
        ]
        return "\n".join(lines)

    common.answer_texts(options, tagger.tag, show)
