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


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what is committed, as a reader of the README would have."""
    folder = tmp_path_factory.mktemp("checkout") / "albert_tf"
    names = ["albert_tf", "export", "examples"]
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
    for kind, code in found:
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
