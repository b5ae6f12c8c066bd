"""MediaPipe's TextClassifier takes what is exported for it."""

import json
import os
import shutil
import subprocess
import zipfile

import numpy as np
import pytest

from albert_tf import AlbertTokenizer
from albert_tf.edge import Bundle, Classifier
from export import rewrite, source_model
from export.pipeline import export_model
from export.samples import Row
from export.to_tflite import main
from tests.conftest import GOLDEN

pytestmark = pytest.mark.device

TEXTS = ["the library opens at nine .", "nobody ever comes", "so far"]
# Runs in MediaPipe's own environment, which wants another numpy.
CLASSIFY = """
import json, sys
from mediapipe.tasks.python.text.text_classifier import TextClassifier
with TextClassifier.create_from_model_path(sys.argv[1]) as classifier:
    results = [classifier.classify(text) for text in sys.argv[2:]]
print(json.dumps([
    {category.category_name: category.score
     for category in result.classifications[0].categories}
    for result in results
]))
"""


def test_outputs_equal_keras(bundle, classifier_directory):
    classifier = Classifier(bundle("mediapipe", "float32"))
    session = classifier.session
    rows = session.bundle.tokenizer.pack(TEXTS, max_length=64)
    source = source_model.load(classifier_directory)
    expected = source.run([Row(*row) for row in rows])
    logits = session.run(rows)["logits"]
    np.testing.assert_allclose(
        logits, [row["logits"] for row in expected], atol=1e-4
    )


def test_file_is_as_mediapipe_reads_it(bundle):
    path = bundle("mediapipe", "float32")
    manifest = Bundle(path).manifest
    assert manifest.fixed_length and manifest.max_length == 64
    assert manifest.inputs["token_ids"] == "ids"
    size = Bundle(path).part_bytes["model"]
    parsed = rewrite.parse(path.read_bytes()[:size])
    (graph,) = parsed.subgraphs
    assert all(list(graph.tensors[i].shape) == [1, 64] for i in graph.inputs)
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
    (entry,) = [e for e in parsed.metadata if e.name == b"TFLITE_METADATA"]
    data = bytes(parsed.buffers[entry.buffer].data)
    assert data[4:8] == b"M001"
    for name in (b"ids", b"mask", b"spiece.model", b"labels.txt"):
        assert name in data


def test_mediapipe_gives_the_same_probabilities(bundle):
    python = os.environ.get("ALBERT_TF_MEDIAPIPE")
    if not python:
        pytest.skip("ALBERT_TF_MEDIAPIPE names no Python that has mediapipe")
    path = bundle("mediapipe")
    result = subprocess.run(
        [python, "-c", CLASSIFY, str(path), *TEXTS],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    classifier = Classifier(path)
    for text, scores in zip(TEXTS, found):
        expected = classifier.classify(text).probabilities
        assert scores == pytest.approx(expected, abs=1e-4)


def test_other_heads_are_refused(task_directory, tmp_path):
    with pytest.raises(
        ValueError, match="question_answering only; the model is"
    ):
        export_model(
            task_directory("token_classification"),
            tmp_path / "m.tflite",
            target="mediapipe",
        )


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--length", "16"], "takes any length"),
        (["--target", "mediapipe", "--length", "2"], "must be 3 or more"),
        (["--target", "mediapipe", "--quantize", "int4"], "Take dynamic_int8"),
    ],
)
def test_options_that_do_not_fit(tmp_path, capsys, arguments, message):
    output = str(tmp_path / "m.tflite")
    assert main(["--model", "m", "--output", output, *arguments]) == 2
    assert message in capsys.readouterr().err


def test_tokenizers_that_keep_capitals_are_refused(
    classifier_directory, tmp_path
):
    directory = shutil.copytree(classifier_directory, tmp_path / "model")
    AlbertTokenizer(GOLDEN / "small.spiece.model", do_lower_case=False).save(
        directory
    )
    message = "keeps capitals .* for mediapipe makes .* Take --target cpu"
    with pytest.raises(ValueError, match=message):
        export_model(directory, tmp_path / "m.tflite", target="mediapipe")
    assert not (tmp_path / "m.tflite").exists()
