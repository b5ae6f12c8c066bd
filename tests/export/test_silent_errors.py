"""A file that a runtime answers with zeros, without a word, is not kept."""

import json
import subprocess
import sys

import pytest

from export import quantize, verify
from export.pipeline import export_model

pytestmark = pytest.mark.device

# In a process of its own: TensorFlow's kernels beside it change the answers.
_ANSWER = """
import json, sys
from albert_tf.edge.session import Session
session = Session(sys.argv[1], runtime=sys.argv[2])
outputs = session.run([([2, 7, 8, 3], [0, 0, 0, 0])])
print(json.dumps(outputs["logits"].tolist()))
"""


@pytest.fixture
def channelwise(monkeypatch, tmp_path):
    """Quantizes with a recipe that tflite-runtime 2.14 does not know.

    It has one scale a channel, under an operator version that the runtime
    takes for one scale a matrix.
    """
    pytest.importorskip("tflite_runtime")
    library = pytest.importorskip("litert_quantizer")
    from litert_quantizer import recipe

    convert = quantize.convert

    def convert_so(directory, target, quantization):
        path = tmp_path / "float.tflite"
        path.write_bytes(convert(directory, target, "float32"))
        quantizer = library.Quantizer(str(path))
        quantizer.load_quantization_recipe(recipe.dynamic_wi8_afp32())
        return bytes(quantizer.quantize().quantized_model)

    monkeypatch.setattr(quantize, "convert", convert_so)


def test_zeros_of_a_real_runtime_are_caught(
    channelwise, classifier_directory, tmp_path, monkeypatch
):
    answers = []
    verified = verify.run_on_runtime

    def run_and_note(path, rows, runtime, **options):
        result = subprocess.run(
            [sys.executable, "-c", _ANSWER, str(path), runtime],
            check=True,
            capture_output=True,
        )
        answers.append(json.loads(result.stdout))
        return verified(path, rows, runtime, **options)

    monkeypatch.setattr(verify, "run_on_runtime", run_and_note)
    output = tmp_path / "out" / "m.tflite"
    with pytest.raises(ValueError, match="fails its self-test on tflite_run"):
        export_model(classifier_directory, output, target="tflite-runtime")
    assert list(output.parent.iterdir()) == []
    assert answers == [[[0.0, 0.0, 0.0]]]
