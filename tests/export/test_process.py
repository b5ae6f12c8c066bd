"""What runs in a process of its own is ours."""

import pytest

from export.process import run_module


@pytest.mark.parametrize("name", ["export.py", "numpy.py", "json.py"])
def test_modules_of_the_current_folder_are_not_run(tmp_path, monkeypatch, name):
    (tmp_path / name).write_text("raise SystemExit('theirs')\n")
    monkeypatch.chdir(tmp_path)
    result = run_module("export.verify", stdin="not JSON")
    assert result.stderr.startswith("Expecting value")
