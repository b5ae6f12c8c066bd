"""English text and a vocabulary that every checkout can make.

The text is the documentation inside the installed packages, whose versions
are fixed: prose with much code and mark-up in it. Give the benchmarks a text
and a vocabulary of your own where you have them.
"""

import ast
import gzip
import importlib.util
import inspect
import json
import tempfile
from pathlib import Path

from albert_tf.files import written_aside
from benchmarks.runs import ROOT

FOLDER = ROOT / "build" / "bench"
_PACKAGES = ("sklearn", "scipy", "numpy", "keras")
_MEGABYTES = 4.0
_TRAINED_ON_MEGABYTES = 2.0
_VOCAB_SIZE = 5000


def default_text():
    """Returns JSON lines, a module's documentation each; made if missing."""
    path = FOLDER / "text.jsonl"
    if not path.exists():
        with written_aside(path) as aside:
            rows = (json.dumps({"text": text}) for text in _documents())
            aside.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


def default_model():
    """Returns a `spiece.model` of that text; made if missing."""
    path = FOLDER / "spiece.model"
    if not path.exists():
        from albert_tf import AlbertTokenizer

        lines = read_lines([default_text()], _TRAINED_ON_MEGABYTES)
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / "plain.txt"
            plain.write_text("\n".join(lines) + "\n", encoding="utf-8")
            tokenizer = AlbertTokenizer.train(plain, vocab_size=_VOCAB_SIZE)
        with written_aside(path) as aside:
            aside.write_bytes(tokenizer.model_proto)
    return str(path)


def read_lines(paths, megabytes):
    """Returns lines that are not empty, up to a size.

    Args:
        paths: of text, or of JSON lines with a `text`; .gz is unpacked.
        megabytes: float. Of UTF-8.
    """
    lines, left = [], megabytes * 1e6
    for path in paths:
        opened = gzip.open if str(path).endswith(".gz") else open
        with opened(path, "rt", encoding="utf-8") as file:
            for row in file:
                text = json.loads(row)["text"] if row.startswith("{") else row
                for line in text.splitlines():
                    if line.strip() and left > 0:
                        lines.append(line)
                        left -= len(line.encode("utf-8"))
                if left <= 0:
                    return lines
    return lines


def _documents():
    """Yields the documentation of modules, up to a size."""
    left = _MEGABYTES * 1e6
    for path in _sources():
        text = "\n".join(_docstrings(path))
        if len(text) > 2000:
            yield text
            left -= len(text.encode())
        if left <= 0:
            return


def _sources():
    for name in _PACKAGES:
        spec = importlib.util.find_spec(name)
        for folder in spec.submodule_search_locations if spec else ():
            yield from sorted(Path(folder).rglob("*.py"))


def _docstrings(path):
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, kinds) and (text := ast.get_docstring(node)):
            yield inspect.cleandoc(text)
