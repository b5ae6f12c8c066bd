"""The small tokenizer, and ALBERT's own where it can be had."""

import json
import pathlib

import pytest

from albert_tf.text.tokenizer import AlbertTokenizer
from tests.golden.shared import shared_path

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="session")
def small_model():
    return GOLDEN / "small.spiece.model"


@pytest.fixture(scope="session")
def small_tokenizer(small_model):
    return AlbertTokenizer(small_model)


@pytest.fixture(scope="session")
def small_rows():
    path = GOLDEN / "tokenization_small.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def albert_model():
    return shared_path("data/albert/spiece.model")


@pytest.fixture(scope="session")
def albert_rows():
    path = shared_path("golden/tokenization.json")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(params=["small", "albert"])
def golden(request):
    """A model's path and its golden rows, once for each model."""
    model = request.getfixturevalue(f"{request.param}_model")
    return model, request.getfixturevalue(f"{request.param}_rows")
