"""Files for tflite-runtime keep out of the kernel that crashes on a Pi 5."""

import numpy as np
import pytest

from albert_tf import AlbertForTokenClassification
from albert_tf.edge import Bundle, Session
from export import rewrite, source_model
from export.calibration_texts import Calibration
from export.pipeline import export_model
from export.samples import Row
from tests.conftest import GOLDEN

pytestmark = pytest.mark.device

# The matrices of the layer, and the vocabulary's table where it is a head.
TASKS = {"classification": 6, "token_classification": 6, "masked_lm": 7}


def struck(path):
    """Returns the shapes of weights that the kernel would take."""
    parsed = rewrite.parse(
        path.read_bytes()[: Bundle(path).part_bytes["model"]]
    )
    found = []
    for index, graph in enumerate(parsed.subgraphs):
        for operator in rewrite.dense_operators(parsed, index):
            source, weights = (graph.tensors[i] for i in operator.inputs[:2])
            rows, columns = weights.shape
            is_float = source.type == rewrite.schema.TensorType.FLOAT32
            is_one_row = source.shapeSignature is None
            is_whole = columns % 16 == 0 and rows % 2 == 0
            if is_float and is_whole and not is_one_row:
                found.append((rows, columns))
    return found


@pytest.mark.parametrize("task, count", TASKS.items())
def test_no_weights_reach_the_kernel(bundle, task, count):
    assert len(struck(bundle("cpu", task=task))) == count
    assert not struck(bundle("tflite-runtime", task=task))


@pytest.fixture(scope="module")
def directory(tiny_config, small_tokenizer, tmp_path_factory):
    """Of a model whose matrices are all large enough to be quantized."""
    config = tiny_config.replace(
        embedding_size=64, hidden_size=64, intermediate_size=128
    )
    labels = [f"tag {number}" for number in range(32)]
    model = AlbertForTokenClassification(config, labels=labels)
    path = tmp_path_factory.mktemp("models") / "wide"
    model.save_pretrained(path, small_tokenizer)
    return path


@pytest.mark.parametrize(
    "quantization, expected",
    [
        ("dynamic_int8", {(64, 64), (128, 64), (64, 128), (32, 64)}),
        ("int8", {(64, 64), (32, 64)}),
    ],
)
def test_layers_outside_of_the_loop_keep_out(
    directory, tmp_path, quantization, expected
):
    options = {
        "quantization": quantization,
        "calibration": Calibration(str(GOLDEN / "small_corpus.txt")),
    }
    path = export_model(directory, tmp_path / "cpu.tflite", **options)
    assert set(struck(path)) == expected
    options["target"] = "tflite-runtime"
    path = export_model(directory, tmp_path / "old.tflite", **options)
    assert not struck(path)


def test_a_table_that_is_looked_up_is_right_on_both_sides(
    bundle, task_directory
):
    session = Session(
        bundle("tflite-runtime", task="masked_lm"), runtime="tflite_runtime"
    )
    row = Row([2, 4, 30, 40, 4, 3], [0] * 6, masked_positions=[1, 4])
    (expected,) = source_model.load(task_directory("masked_lm")).run([row])
    got = session.run(
        [(row.token_ids, row.segment_ids)],
        masked_positions=[row.masked_positions],
    )["logits"][0]
    assert got.shape == expected["logits"].shape == (2, 1000)
    limit = 0.1 * np.abs(expected["logits"]).max()
    assert np.abs(got - expected["logits"]).max() < limit
