"""Every snippet of the README runs as printed, in its order."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]
BLOCK = re.compile(r"^```(python|bash)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks():
    """Returns (language, code) of the README, installation left out: the
    environment that runs this was installed by the same command."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = BLOCK.findall(text)
    return [(kind, code) for kind, code in found if "pip install" not in code]


# A reader has more text and more patience than this test.
SMALLER = {
    "--vocab-size 8000": "--vocab-size 300",
    "--output build/corpus": "--output build/corpus --held-out 0.3",
    "--recipe cpu": "--preset albert_edge_tiny --batch-size 2 --steps 2",
    "--model build/pretrained": "--model build/pretrained --epochs 1",
}


def batched(lines, size):
    """Returns lists of `size` lines, the last one shorter."""
    return [lines[at : at + size] for at in range(0, len(lines), size)]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory, classifier_directory):
    """A copy of what is committed, as a reader of the README would have,
    with what the reader brings: a fine-tuned model and texts."""
    folder = tmp_path_factory.mktemp("checkout") / "albert_tf"
    shutil.copytree(classifier_directory, folder / "my_albert")
    (folder / "text").mkdir()
    lines = (ROOT / "tests" / "golden" / "small_corpus.txt").read_text("utf-8")
    documents = ["\n".join(part) for part in batched(lines.splitlines(), 8)]
    text = "\n\n".join(documents)
    (folder / "text" / "all.txt").write_text(text, encoding="utf-8")
    names = ["albert_tf", "export", "examples", "models"]
    for name in names:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    return folder


@pytest.mark.slow
def test_snippets_run_in_order(checkout):
    found = blocks()
    assert {kind for kind, _ in found} == {"python", "bash"}
    tools = pathlib.Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(checkout),
    }
    printed = "".join(code for _, code in found)
    assert all(text in printed for text in SMALLER)
    for kind, code in found:
        for text, smaller in SMALLER.items():
            code = code.replace(text, smaller)
        command = {
            "python": [sys.executable, "-c", code],
            "bash": ["bash", "-e", "-c", code],
        }[kind]
        result = subprocess.run(
            command, cwd=checkout, env=environment, capture_output=True
        )
        assert result.returncode == 0, f"{code}\n{result.stderr.decode()}"


def test_the_two_commands_are_what_ci_runs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for command in ("make demo", "make test"):
        assert f"\n{command}\n" in readme
        assert command in script.splitlines()
