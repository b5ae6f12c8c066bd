"""Tells the user how far a command is."""

from __future__ import annotations


def say(text: str) -> None:
    """Prints a line at once, even where output goes to a file."""
    print(text, flush=True)
