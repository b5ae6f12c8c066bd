"""Finds reference files that are too large to ship with the project."""

import os
import pathlib

import pytest

CHECKOUT = pathlib.Path(__file__).parents[2]


def shared_path(name):
    """Returns a file below the shared folder, or skips the test.

    The folder is `ALBERT_TF_SHARED`, or `shared` beside the checkout.
    """
    folder = os.environ.get("ALBERT_TF_SHARED", CHECKOUT.parent / "shared")
    path = pathlib.Path(folder, name)
    if not path.exists():
        pytest.skip(f"{name} is not here; ALBERT_TF_SHARED names its folder")
    return path
