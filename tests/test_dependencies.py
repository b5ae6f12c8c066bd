"""What the package imports is installed with it, or told to be missing."""

import ast
import pathlib
import re
import sys
import tomllib
from importlib.metadata import metadata, packages_distributions

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = pathlib.Path(__file__).parents[1]
# TensorFlow requires the first two; of the others the user is told.
_BROUGHT_BY_OTHERS = {
    "flatbuffers",
    "h5py",
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


def test_pins_install_on_the_oldest_python_that_is_promised():
    oldest = _project()["requires-python"].removeprefix(">=")
    for path in ("requirements.txt", "requirements-dev.txt"):
        for pin in _pins(path):
            found = metadata(pin.name)
            assert found["Version"] in pin.specifier, pin.name
            needed = SpecifierSet(found["Requires-Python"] or "")
            assert oldest in needed, pin.name
    for path in ("README.md", "docs/install.md", ".ci/make-venv"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert f"Python {oldest} or 3.12" in text, path


def _pins(path):
    """Returns what a file of requirements has for this system."""
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line[:1] not in ("", "#")]
    return [pin for pin in pins if not pin.marker or pin.marker.evaluate()]


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


def _project():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]


def _declared():
    project = _project()
    groups = [project["dependencies"]]
    groups += project["optional-dependencies"].values()
    names = (
        re.match(r"[\w.-]+", name)[0] for group in groups for name in group
    )
    return {_canonical(name) for name in names}


def _canonical(name):
    return name.lower().replace("_", "-")
