"""Models and bundles that several tests of exports use."""

import dataclasses
import json
import shutil

import pytest

SHORT = 16


@pytest.fixture(scope="session")
def short_file(classifier_directory, tmp_path_factory):
    """A classifier's bundle that takes 16 tokens, always."""
    from export.pipeline import export_model
    from export.targets import find_target

    target = find_target("mediapipe")
    return export_model(
        classifier_directory,
        tmp_path_factory.mktemp("bundles") / "short.tflite",
        target=dataclasses.replace(target, length=SHORT, is_length_chosen=True),
    )


@pytest.fixture
def trained_directory(task_directory, tmp_path):
    """Returns a copy of a task's model with the `task.json` of training."""

    def copy(task, /, **fields):
        directory = shutil.copytree(task_directory(task), tmp_path / task)
        (directory / "task.json").write_text(json.dumps(fields))
        return directory

    return copy
