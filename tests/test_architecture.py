"""Who may import whom: every import is read and held against one table."""

import ast
import dataclasses
import pathlib
import subprocess
import sys

import pytest

CHECKOUT = pathlib.Path(__file__).parents[1]
# Standard library only, and importable by all.
OPEN_TO_ALL = {"files", "command", "processors"}


@dataclasses.dataclass(frozen=True)
class Room:
    """What a room may import.

    Attributes:
        rooms: names of rooms of the project.
        packages: names of foreign packages.
        lazy: names of foreign packages that only functions may import, since
            the package is not needed by everybody.
    """

    rooms: str = ""
    packages: str = ""
    lazy: str = ""


ROOMS = {
    "albert_tf/__init__.py": Room(),
    "albert_tf/config.py": Room(),
    "albert_tf/files.py": Room(),
    "albert_tf/command.py": Room(),
    "albert_tf/processors.py": Room(),
    "albert_tf/text": Room("config", "numpy sentencepiece"),
    "albert_tf/edge": Room(
        "text config", "numpy", "ai_edge_litert tflite_runtime"
    ),
    "albert_tf/layers": Room("", "keras"),
    # `keras.ops` cannot have a part of a training step compiled.
    "albert_tf/layers/fused.py": Room("", "keras", "tensorflow"),
    "albert_tf/models": Room("layers config", "keras"),
    "albert_tf/checkpoints": Room(
        "models config",
        "h5py keras numpy safetensors",
        "huggingface_hub keras_hub keras_nlp tensorflow tf_keras torch",
    ),
    "albert_tf/optim": Room("", "keras", "tensorflow"),
    "albert_tf/data": Room(
        "text config",
        "keras numpy tensorflow",
        "apache_beam google_crc32c scipy",
    ),
    # TensorFlow Text has no wheels on some machines that run all else.
    "albert_tf/data/in_graph_text.py": Room(
        "text", "keras numpy tensorflow", "keras_nlp"
    ),
    "albert_tf/data/in_graph_unigram.py": Room(
        "text", "numpy tensorflow", "tensorflow_text"
    ),
    "albert_tf/metrics": Room("", "numpy"),
    "albert_tf/train": Room(
        "config text layers models checkpoints optim data metrics",
        "keras numpy",
        # Pictures are an extra.
        "matplotlib",
    ),
    "albert_tf/train/device_predictor.py": Room("", "numpy"),
    "albert_tf/train/multi_worker.py": Room("", "tensorflow"),
    "albert_tf/train/strategy.py": Room("", "keras", "jax tensorflow"),
    # A picture is an extra; without matplotlib a run leaves none.
    "albert_tf/train/pretrain_log.py": Room("", "keras", "matplotlib"),
    "albert_tf/train/serving.py": Room(
        "config text models data", "keras tensorflow"
    ),
    "albert_tf/cli.py": Room("train text cli_corpus"),
    "albert_tf/cli_corpus.py": Room("text data"),
    "export": Room("models text config edge", "keras numpy tensorflow", "*"),
}

# What DESIGN's table leaves out and the code needs.
BEYOND_DESIGN = {
    # The exporter takes a model apart to put its layer in a loop, and
    # `--evaluate` reads a data set and scores it as training does.
    "export": "layers data train",
    # A board scores its own file by the tasks of training.
    "albert_tf/train/device_predictor.py": "data edge train",
    # `evaluate` and `predict` read the file that the user names.
    "albert_tf/cli.py": "data",
    # Entities of tags are the device's as well as the score's.
    "albert_tf/metrics": "text",
}

# The root package gives these names out, each from its room.
PUBLIC_NAMES = {"AlbertConfig": "config", "AlbertTokenizer": "text"}


@dataclasses.dataclass(frozen=True)
class Import:
    """One imported module, and whether only a function imports it."""

    module: str
    line: int
    is_lazy: bool


def imports(source, package):
    """Returns the imports of a module's source, lazy ones marked."""
    found = []

    def visit(node, is_lazy):
        for module in _modules(node, package):
            found.append(Import(module, node.lineno, is_lazy))
        function = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        for child in ast.iter_child_nodes(node):
            visit(child, is_lazy or isinstance(node, function))

    visit(ast.parse(source), False)
    return found


def _modules(node, package):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        parent = package.split(".")[: -node.level + 1 or None]
        base = [*parent] if node.level else []
        base += [node.module] if node.module else []
        # `from albert_tf import text` names a module as well.
        return [".".join([*base, alias.name]) for alias in node.names]
    if isinstance(node, ast.Call) and node.args:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        target = node.args[0]
        is_import = name in ("import_module", "import_optional", "__import__")
        if is_import and isinstance(target, ast.Constant):
            return [str(target.value)]
    return []


def room_of(path):
    """Returns the longest row of the table that a path lies in."""
    rows = [row for row in ROOMS if path == row or path.startswith(f"{row}/")]
    return max(rows, key=len, default=None)


def violations(path, source):
    """Returns a sentence for each import that the table does not allow."""
    package = path.removesuffix(".py").replace("/", ".")
    if not path.endswith("__init__.py"):
        package = package.rpartition(".")[0]
    package = package.removesuffix(".__init__")
    room = room_of(path)
    if room is None:
        return [f"{path}: not in the table of DESIGN section 2"]
    return [
        f"{path}:{found.line}: {room} may not import {found.module}"
        for found in imports(source, package)
        if not _is_allowed(found, room)
    ]


def _is_allowed(found, room):
    top, *rest = found.module.split(".")
    allowed = ROOMS[room]
    if top in sys.stdlib_module_names:
        return True
    if top == "albert_tf":
        return _is_open(room, rest[0] if rest else "", found, allowed)
    if top in ("export", "tests", "benchmarks", "android_demo"):
        return top == room
    lazy = allowed.lazy.split()
    if found.is_lazy and (top in lazy or "*" in lazy):
        return True
    return top in allowed.packages.split()


def _is_open(room, other, found, allowed):
    if room == "albert_tf/__init__.py":
        return found.is_lazy
    if other[:1].isupper():
        other = PUBLIC_NAMES.get(other, "models")
    own = room.removeprefix("albert_tf/").split("/")[0]
    is_root = other in ("", "__version__")
    return (
        is_root
        or other == own
        or other in OPEN_TO_ALL
        or other in allowed.rooms.split()
        or other in BEYOND_DESIGN.get(room, "").split()
    )


def _sources():
    for folder in ("albert_tf", "export"):
        for path in sorted((CHECKOUT / folder).rglob("*.py")):
            yield path.relative_to(CHECKOUT).as_posix()


@pytest.mark.parametrize("path", _sources())
def test_imports(path):
    source = (CHECKOUT / path).read_text(encoding="utf-8")
    assert violations(path, source) == []


@pytest.mark.parametrize(
    "path, source",
    [
        ("albert_tf/layers/a.py", "import tensorflow as tf"),
        ("albert_tf/models/a.py", "from tensorflow.python import x"),
        ("albert_tf/optim/a.py", "def f():\n    import jax"),
        ("albert_tf/layers/a.py", "from albert_tf.models import encoder"),
        ("albert_tf/layers/a.py", "from ..models.encoder import AlbertEncoder"),
        ("albert_tf/layers/a.py", "from .. import models"),
        ("albert_tf/text/a.py", "import keras"),
        ("albert_tf/text/a.py", "from albert_tf import AlbertEncoder"),
        ("albert_tf/edge/a.py", "import albert_tf.models.encoder"),
        ("albert_tf/edge/a.py", "import ai_edge_litert"),
        ("albert_tf/edge/a.py", "def f():\n    import tensorflow"),
        ("albert_tf/checkpoints/a.py", "import torch"),
        ("albert_tf/data/a.py", "def f():\n    import tensorflow_text"),
        ("albert_tf/data/a.py", "import_optional('tensorflow_text')"),
        ("albert_tf/data/in_graph_unigram.py", "import tensorflow_text"),
        ("albert_tf/train/a.py", "from albert_tf.edge import Session"),
        ("albert_tf/train/a.py", "import tensorflow"),
        ("albert_tf/models/a.py", "import export.graph"),
        ("albert_tf/config.py", "import numpy"),
        ("albert_tf/files.py", "import numpy"),
        ("albert_tf/__init__.py", "import albert_tf.models"),
        ("albert_tf/a.py", ""),
        ("albert_tf/models/a.py", "importlib.import_module('jax')"),
    ],
)
def test_the_test_finds(path, source):
    assert len(violations(path, source)) == 1


@pytest.mark.parametrize(
    "path, source",
    [
        ("albert_tf/layers/a.py", "import keras\nfrom keras import ops"),
        ("albert_tf/layers/a.py", "from .attention import attention_bias"),
        ("albert_tf/models/a.py", "from ..layers import attention"),
        ("albert_tf/edge/a.py", "def f():\n    import tflite_runtime"),
        ("albert_tf/edge/a.py", "from albert_tf import AlbertTokenizer"),
        ("albert_tf/edge/a.py", "from albert_tf import __version__"),
        ("albert_tf/text/a.py", "from albert_tf.files import written_aside"),
        ("albert_tf/checkpoints/a.py", "def f():\n    import torch"),
        ("export/a.py", "from albert_tf import AlbertEncoder"),
    ],
)
def test_the_test_allows(path, source):
    assert violations(path, source) == []


# Stands in front of the import system and refuses what a device lacks.
_BLOCKED_IMPORT = """
import importlib.abc, sys

class Refuser(importlib.abc.MetaPathFinder):
    names = {names!r}
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            raise ImportError("a device has no " + name)

sys.meta_path.insert(0, Refuser())
{code}
loaded = sorted(Refuser.names & set(sys.modules))
assert not loaded, loaded
"""
HEAVY = set(
    """tensorflow tensorflow_text keras keras_hub keras_nlp tf_keras jax torch
    transformers safetensors""".split()
)


def _run_blocked(code, names):
    script = _BLOCKED_IMPORT.format(names=names, code=code)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_edge_needs_no_training_package():
    modules = [
        path.removesuffix(".py").replace("/", ".")
        for path in _sources()
        if path.startswith(("albert_tf/edge/", "albert_tf/text/"))
        and not path.endswith("__main__.py")
    ]
    assert "albert_tf.edge.cli" in modules
    code = "\n".join(f"import {module}" for module in modules)
    _run_blocked(f"{code}\nfrom albert_tf import AlbertTokenizer", HEAVY)


def test_root_loads_nothing():
    names = HEAVY | {"numpy", "sentencepiece"}
    _run_blocked("import albert_tf, albert_tf.config", names)
