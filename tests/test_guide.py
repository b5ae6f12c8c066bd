"""The guide: current help, every page found, every message and link real."""

import ast
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
sys.path.append(str(DOCS / "generate"))

import commands  # noqa: E402
import interfaces  # noqa: E402
import navigation  # noqa: E402
import picture  # noqa: E402


@pytest.mark.parametrize(
    "line", ["python -m albert_tf.edge classify", "python export/to_tflite.py"]
)
def test_help_is_what_the_command_prints(line, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    done = subprocess.run(
        [sys.executable, *line.split()[1:], "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("usage: ")
    (page,) = [text for text in commands.pages().values() if line in text]
    assert done.stdout in page


def test_every_command_has_a_page():
    lines = set(commands.help_texts())
    for name in "tokenizer prepare pretrain finetune evaluate predict".split():
        assert f"albert {name}" in lines
    for name in "classify answer tag choose fill bench info".split():
        assert f"python -m albert_tf.edge {name}" in lines
    for line, text in commands.help_texts().items():
        assert text.startswith("usage: "), line


def test_every_page_is_in_the_navigation_once():
    written = [page.name for page in PAGES]
    written += [*commands.pages(), *interfaces.pages(), "new.md"]
    sections = navigation.ordered(written)
    listed = [page for section in sections for page in [*section.values()][0]]
    assert sorted(listed) == sorted(written)
    assert sections[-1] == {"More": ["new.md"]}


def messages():
    """Returns every text of the code, `…` where a value is put in."""
    for folder in ("albert_tf", "export"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = [getattr(v, "value", "…") for v in node.values]
                    yield "".join(
                        p if isinstance(p, str) else "…" for p in parts
                    )
                elif isinstance(node, ast.Constant):
                    yield str(node.value)


def test_every_message_quoted_is_in_the_code():
    page = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    quoted = re.findall(r"^> (.*)$", page, re.MULTILINE)
    assert len(quoted) > 20
    code = {re.sub(r"\s+", " ", text) for text in messages()}
    missing = [
        message
        for message in quoted
        if not any(_is_quoted(message, text) for text in code)
    ]
    assert missing == []


def _is_quoted(message, text):
    """Whether the fixed parts of a message stand in a text, in order."""
    parts = [re.escape(p.strip()) for p in re.split("…", message) if p.strip()]
    return re.search(".*".join(parts), text) is not None


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.name
)
def test_links_to_files_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), target


def test_files_and_modules_named_exist():
    """What stands in code marks and looks like our file is one."""
    known = r"`((?:albert_tf|export|tests|examples|docs|benchmarks)/[\w./]+)`"
    module = r"`python -m ((?:export|benchmarks|albert_tf)\.\w+)"
    for page in [*PAGES, ROOT / "README.md"]:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(known, text):
            assert (ROOT / name).exists(), f"{page.name}: {name}"
        for name in re.findall(module, text):
            path = ROOT / name.replace(".", "/")
            exists = path.is_dir() or path.with_suffix(".py").exists()
            assert exists, f"{page.name}: {name}"


def test_picture_shows_the_figures_of_the_page():
    assert picture.OUTPUT.read_text("utf-8") == picture.picture()
    ratio = picture.figures()["peak memory, MB"]
    assert f">{ratio:g}<" in picture.picture() and ratio < 1


def test_table_of_the_readme_is_that_of_the_page_with_sources():
    """Cells of the README are cells of the page, or begin like them."""

    def rows(path):
        found = re.findall(r"^\| (.*) \|$", path.read_text("utf-8"), re.M)
        return {row.split(" | ")[0]: row.split(" | ")[1:] for row in found}

    page = rows(DOCS / "comparison.md")
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme[readme.index("## Beside others") :]
    cells = re.findall(r"^\| (\w.*?) \| (.*) \|$", table, re.M)
    assert len(cells) > 5
    for name, rest in cells:
        assert len(rest.split(" | ")) == len(page[name]) == 6
        for short, long in zip(rest.split(" | "), page[name]):
            words = set(re.findall(r"[\w-]+", short))
            assert words <= set(re.findall(r"[\w-]+", long)), (name, short)
