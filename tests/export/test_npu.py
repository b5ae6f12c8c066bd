"""Files for integer-only accelerators hold integers, and answer right."""

import numpy as np
import pytest

from albert_tf.edge import Bundle, Session
from export import flatbuffer, source_model
from export.pipeline import export_model
from export.samples import Row
from export.targets import find_quantization, find_target

pytestmark = pytest.mark.device
TEXTS = ["The library opens at nine.", "Nobody ever comes, she said."]


@pytest.mark.parametrize(
    "quantization, limit", [("int8", 0.3), ("int16x8", 0.05)]
)
def test_integers_answer_as_keras(
    bundle, classifier_directory, quantization, limit
):
    path = bundle("npu", quantization)
    session = Session(path)
    rows = session.bundle.tokenizer.pack(TEXTS, max_length=64)
    source = source_model.load(classifier_directory)
    expected = source.run([Row(*row) for row in rows])
    expected = np.stack([row["logits"] for row in expected])
    got = session.run(rows)["logits"]
    assert np.abs(got - expected).max() < limit * np.abs(expected).max()
    flat = path.read_bytes()[: Bundle(path).part_bytes["model"]]
    # The output alone, which becomes a float last.
    assert flatbuffer.float_operators(flat) == ["DEQUANTIZE"]


def test_weights_are_stored_once(bundle, classifier_directory):
    model = source_model.load(classifier_directory).model
    path = bundle("npu", "int8")
    contents = flatbuffer.inspect(path.read_bytes())
    count = model.count_params()
    (layer,) = model.encoder.transformer_layers
    vectors = sum(
        int(np.prod(v.shape)) for v in model.variables if len(v.shape) == 1
    )
    # Three depths share their matrices; each has biases of its own scale.
    assert count - vectors < contents.weight_bytes
    assert contents.weight_bytes < count + 3 * 4 * vectors + 1024
    assert layer.count_params() > 4096


def test_floats_and_other_heads_are_refused(task_directory, tmp_path):
    with pytest.raises(ValueError, match="runs integers only. Take int8"):
        find_quantization(find_target("npu"), "dynamic_int8")
    with pytest.raises(ValueError, match="such as the model will meet\\."):
        export_model("m", tmp_path / "m.tflite", target="npu")
