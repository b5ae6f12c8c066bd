"""What the package imports is installed with it, or told to be missing."""

import ast
import pathlib
import re
import sys
from importlib.metadata import packages_distributions

import pytest

ROOT = pathlib.Path(__file__).parents[1]
# TensorFlow requires the first two; of the others the user is told.
_BROUGHT_BY_OTHERS = {
    "flatbuffers",
    "h5py",
    "huggingface-hub",
    "jax",
    "keras-hub",
}


def test_every_import_is_declared():
    distributions = packages_distributions()
    imported = {
        _canonical(distribution)
        for module in _imported_modules()
        for distribution in distributions.get(module, [module])
    }
    assert {"apache-beam", "tensorflow"} <= imported
    assert imported - _declared() == _BROUGHT_BY_OTHERS


def _imported_modules():
    modules = set()
    paths = [*ROOT.glob("albert_tf/**/*.py"), *ROOT.glob("export/**/*.py")]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                modules.add(node.module.split(".")[0])
    return modules - set(sys.stdlib_module_names) - {"albert_tf", "export"}


def _declared():
    tomllib = pytest.importorskip("tomllib", reason="Python 3.11 has it")
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    groups = [project["dependencies"]]
    groups += project["optional-dependencies"].values()
    names = (
        re.match(r"[\w.-]+", name)[0] for group in groups for name in group
    )
    return {_canonical(name) for name in names}


def _canonical(name):
    return name.lower().replace("_", "-")
