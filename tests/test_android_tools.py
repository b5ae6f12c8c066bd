"""What the Android tools say where something does not fit."""

import json
import pathlib
import re
import runpy
import shutil
import subprocess
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parents[1]
SCRIPT = ROOT / ".ci/test-android"


def run(tools, *arguments):
    """Runs the script where nothing but `tools` and a few others is found."""
    return subprocess.run(
        ["/bin/sh", str(SCRIPT), *arguments],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def tools(tmp_path):
    for name in ("dirname", "sed"):
        (tmp_path / name).symlink_to(shutil.which(name))
    return tmp_path


def add(tools, name, script):
    (tools / name).write_text(f"#!/bin/sh\n{script}\n")
    (tools / name).chmod(0o755)


def test_missing_tools_are_told(tools):
    result = run(tools, "--optional")
    assert result.returncode == 0
    assert result.stdout.startswith("skipped: the Kotlin tests need JDK 17")
    result = run(tools)
    assert result.returncode == 2
    assert "apt-get install openjdk-17-jdk-headless maven" in result.stderr


def test_an_old_jdk_is_not_enough(tools):
    add(tools, "mvn", "echo ran $*")
    add(tools, "javac", "echo javac 11.0.2 >&2")
    assert run(tools).returncode == 2
    add(tools, "javac", "echo javac 17.0.15")
    result = run(tools)
    assert "ran -q --batch-mode -f android_demo/pom.xml test" in result.stdout


def test_a_failure_is_a_failure(tools):
    add(tools, "mvn", "exit 1")
    add(tools, "javac", "echo javac 21")
    assert run(tools, "--optional").returncode == 1


def test_installing_is_left_to_root(tools):
    add(tools, "id", "echo 1000")
    assert run(tools, "--install").stdout == ""
    add(tools, "id", "echo 0")
    add(tools, "apt-get", "echo got $*; exit 1")
    result = run(tools, "--install")
    assert result.returncode == 0
    assert "got update" in result.stdout


def checkout(tmp_path):
    """Returns a folder with the files that make_apk.py reads, and it."""
    folder = tmp_path / "android_demo"
    (folder / "app").mkdir(parents=True)
    for name in ("pom.xml", "app/pom.xml", "app/make_apk.py"):
        shutil.copy(ROOT / "android_demo" / name, folder / name)
    return folder, runpy.run_path(folder / "app/make_apk.py")


def test_an_apk_holds_one_version_of_each_module(tools, monkeypatch):
    folder, functions = checkout(tools)
    pom = folder / "pom.xml"
    version = r"<version>[^<]*"
    pom.write_text(re.sub(version, "<version>0.2.0", pom.read_text(), count=1))
    modules = ("app", "inference", "litert", "tokenizer")
    for module in modules:
        (folder / module / "target").mkdir(parents=True)
        for version in ("0.1.0", "0.2.0"):
            (folder / module / f"target/{module}-{version}.jar").touch()
    (folder / "app/target/apk").mkdir()
    (folder / "app/target/apk/android-all.txt").write_text("android.jar")
    add(tools, "java", f'echo "$@" > {tools}/arguments')
    monkeypatch.setenv("PATH", str(tools))
    functions["dex"]()
    arguments = (tools / "arguments").read_text().split()
    packed = [each for each in arguments if "/target/" in each]
    assert [each for each in packed if "0." in pathlib.Path(each).name] == [
        str(folder / module / f"target/{module}-0.2.0.jar")
        for module in modules
    ]


@pytest.mark.parametrize("needed, fits", [("2.9.0", True), ("2.17.0", False)])
def test_a_model_that_is_newer_than_the_runtime_is_not_packed(
    tmp_path, needed, fits
):
    folder, functions = checkout(tmp_path)
    (folder / "assets").mkdir()
    with zipfile.ZipFile(folder / "assets/tagging.tflite", "w") as bundle:
        manifest = {"minimum_runtime": needed}
        bundle.writestr("albert.json", json.dumps(manifest))
    if fits:
        functions["check_models"]()
        bundle = folder / "assets/tagging.tflite"
        bundle.write_bytes(b"TFL3")
        message = "tagging.tflite is no bundle"
    else:
        message = "needs TFLite 2.17.0; the APK packs 2.16.1.* --target"
    with pytest.raises(functions["ApkError"], match=message):
        functions["check_models"]()
