"""Pages of the commands, from the `--help` that each one prints."""

import contextlib
import io
import os
import re

import albert_tf.cli
import albert_tf.edge.cli
import export.compare
import export.to_tflite

# Those with sub-commands have a page for each.
COMMANDS = {
    "albert": (albert_tf.cli.main, ()),
    "python -m albert_tf.edge": (albert_tf.edge.cli.main, ()),
    "python export/to_tflite.py": (export.to_tflite.main, ("",)),
    "python -m export.compare": (export.compare.main, ("",)),
}
_WIDTH = "80"
_LISTED = re.compile(r"^    (\w+)(?:  |$)", re.MULTILINE)


def help_text(main, arguments):
    """Returns what a command prints for `--help`, 80 columns wide.

    Args:
        main: function of a list of str.
        arguments: list of str before `--help`.
    """
    printed = io.StringIO()
    kept = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = _WIDTH
    try:
        with (
            contextlib.redirect_stdout(printed),
            contextlib.suppress(SystemExit),
        ):
            main([*arguments, "--help"])
    finally:
        os.environ.pop("COLUMNS")
        if kept is not None:
            os.environ["COLUMNS"] = kept
    return printed.getvalue()


def help_texts():
    """Returns {command line: help} of every command."""
    texts = {}
    for command, (main, names) in COMMANDS.items():
        # argparse lists sub-commands by itself: none can be forgotten.
        for name in names or _LISTED.findall(help_text(main, [])):
            line = f"{command} {name}".strip()
            texts[line] = help_text(main, [name] if name else [])
    return texts


def pages():
    """Returns {path: Markdown}, a page for each command."""
    made = {}
    for line, text in help_texts().items():
        name = re.sub(r"\W+", "_", line.replace("python ", "")).strip("_")
        made[f"commands/{name}.md"] = (
            f"# {line.replace('python -m ', '').replace('python ', '')}\n\n"
            f"```text\n$ {line} --help\n{text}```\n"
        )
    return made
