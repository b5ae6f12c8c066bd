"""Rewrites docstrings of STYLE's form as Google's, which griffe reads."""

import re
import textwrap

import griffe

_EXAMPLE = re.compile(r"^Example:\n((?:[ ]+.*\n|\n)+)", re.MULTILINE)
_PAPER = re.compile(r"arXiv:(\d{4}\.\d{5})")
_FILE = re.compile(r"(google-research/albert) (\w+\.py)")


def rewritten(text):
    """Returns a docstring with code fenced, sections known, sources linked."""
    text = _EXAMPLE.sub(_fenced, text + "\n")
    text = text.replace("\nCall arguments:\n", "\nArgs: Call arguments\n")
    text = re.sub(r"^Source: ", "**Source:** ", text, flags=re.MULTILINE)
    text = _PAPER.sub(r"[arXiv:\1](https://arxiv.org/abs/\1)", text)
    return _FILE.sub(
        r"[\1](https://github.com/google-research/albert) \2", text
    ).rstrip()


def _fenced(match):
    code = textwrap.dedent(match[1]).strip("\n")
    return f"**Example:**\n\n```python\n{code}\n```\n\n"


class Rewrite(griffe.Extension):
    """Applies `rewritten` to every docstring that is read."""

    def on_object(self, *, obj, **kwargs):
        if not obj.is_alias and obj.docstring is not None:
            obj.docstring.value = rewritten(obj.docstring.value)
