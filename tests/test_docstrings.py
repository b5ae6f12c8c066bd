"""Every public name says what it takes, gives and refuses, and its source.

Read with `ast`, so that the test takes a second. Which names a user's own
code may rely on is fixed in `docs/generate/interfaces.py`, which makes the
guide's pages of them.
"""

import ast
import functools
import pathlib
import re
import sys

import pytest

import albert_tf
import albert_tf.edge

ROOT = pathlib.Path(__file__).parents[1]
sys.path.append(str(ROOT / "docs" / "generate"))

import interfaces  # noqa: E402

# Methods that Keras names: the class says what they take.
OF_KERAS = set(
    """build call compute_loss compute_metrics compute_output_shape from_config
    get_config
    exclude_from_weight_decay update_step""".split()
)
# What was made after a paper or Google's code must say so.
SOURCED = re.compile(
    r"\.(layers|optim)\.|models\.(?!pretrained)|\.tokenizer\.AlbertTokenizer"
    r"|metrics\.squad|masking|segments"
)
TYPED = re.compile(r"(int|float|bool|string|ragged)\w*\[")
ENTRY = re.compile(r"^    (\S.*?): (.*)$", re.MULTILINE)


@functools.cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def definition(name):
    """Returns (the module's tree, the class or function of a name)."""
    module, _, own = name.rpartition(".")
    parsed = tree(ROOT / f"{module.replace('.', '/')}.py")
    (found,) = [n for n in parsed.body if getattr(n, "name", None) == own]
    return parsed, found


def documented(name):
    """Yields (title, docstring, function) of a name and its methods."""
    _, node = definition(name)
    if isinstance(node, ast.FunctionDef):
        yield name, ast.get_docstring(node), node
        return
    methods = [n for n in node.body if isinstance(n, ast.FunctionDef)]
    for method in methods:
        if method.name in ("__init__", "__post_init__"):
            yield name, ast.get_docstring(node), method
        elif method.name == "__call__" or not method.name.startswith("_"):
            docstring = ast.get_docstring(method)
            if docstring or method.name not in OF_KERAS | {"__call__"}:
                yield f"{name}.{method.name}", docstring, method


def section(docstring, title):
    """Returns the lines of a section, or None."""
    found = re.search(
        rf"^{title}:\n((?:    .*\n|\n)+)", docstring + "\n", re.MULTILINE
    )
    return found and found[1]


def raises(parsed, function):
    """Whether a function raises, itself or in a helper of its module."""
    helpers = {
        node.name: node
        for node in parsed.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("_")
    }
    called = [
        helpers[node.func.id]
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in helpers
    ]
    return any(
        isinstance(node, ast.Raise) and node.exc is not None
        for body in [function, *called]
        for node in ast.walk(body)
    )


def problems(name):
    """Returns a line for each thing that a name's docstrings leave out."""
    parsed, node = definition(name)
    docstring = ast.get_docstring(node)
    if not docstring:
        return [f"{name}: no docstring"]
    found = []
    if SOURCED.search(name) and "Source:" not in docstring:
        found.append(f"{name}: no Source")
    for title in ("Call arguments", "Args") if ".layers." in name else ():
        text = section(docstring, title) or ""
        for entry, rest in ENTRY.findall(text):
            if title == "Call arguments" and not TYPED.match(rest):
                found.append(f"{name}: {entry} has no shape")
    for title, docstring, function in documented(name):
        found += _problems_of(title, docstring or "", function, parsed)
    for field in _fields(node):
        if not re.search(rf"\b{field}\b", ast.get_docstring(node)):
            found.append(f"{name}: nothing on {field}")
    return found


def _problems_of(title, docstring, function, parsed):
    own = function.args
    arguments = [a.arg for a in own.posonlyargs + own.args + own.kwonlyargs]
    for argument in arguments:
        known = argument in ("self", "cls")
        if not known and not re.search(rf"\b{argument}\b", docstring):
            yield f"{title}: nothing on {argument}"
    says = "Raises:" in docstring or "as of `" in docstring
    if raises(parsed, function) and not says:
        yield f"{title}: no Raises"
    is_property = "property" in [
        getattr(d, "id", "") for d in function.decorator_list
    ]
    returns = any(
        isinstance(node, ast.Return) and node.value is not None
        for node in ast.walk(function)
    )
    if returns and not is_property and "Returns" not in docstring:
        yield f"{title}: does not say what it returns"


def _fields(node):
    """Returns the fields of a dataclass."""
    if not isinstance(node, ast.ClassDef):
        return []
    return [
        child.target.id
        for child in node.body
        if isinstance(child, ast.AnnAssign)
        and not child.target.id.startswith("_")
    ]


@pytest.mark.parametrize("name", interfaces.names())
def test_public_name_is_documented(name):
    assert problems(name) == []


def test_all_that_the_packages_give_out_is_listed():
    listed = {name.rpartition(".")[2] for name in interfaces.names()}
    optim = tree(ROOT / "albert_tf" / "optim" / "__init__.py")
    (given,) = [n.value for n in optim.body if isinstance(n, ast.Assign)]
    for name in (
        *albert_tf.__all__,
        *albert_tf.edge.__all__,
        *ast.literal_eval(given),
    ):
        assert name in listed


def test_everything_not_private_has_a_docstring():
    missing = []
    for folder in ("albert_tf", "export"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parsed = tree(path)
            nodes = [parsed] + [
                node
                for node in parsed.body
                if isinstance(node, (ast.FunctionDef, ast.ClassDef))
                and not node.name.startswith("_")
            ]
            missing += [
                f"{path.name}: {getattr(node, 'name', 'module')}"
                for node in nodes
                if not ast.get_docstring(node)
            ]
    assert missing == []
