"""A bundle that stops early, on both runtimes, against Keras."""

import json
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest

from albert_tf import AlbertForSequenceClassification
from albert_tf.edge import Classifier
from albert_tf.edge.measure import measure
from albert_tf.edge.session import Session
from albert_tf.text.early_exit import exit_depths, exit_logits
from export import report
from export.calibration_texts import Calibration
from export.evaluate import Evaluation
from export.pipeline import export_model
from export.to_tflite import main
from export.verify import compare_exits
from tests.conftest import GOLDEN

RUNTIMES = {"cpu": "ai_edge_litert", "tflite-runtime": "tflite_runtime"}
CORPUS = GOLDEN / "small_corpus.txt"
TEXTS = [
    f"{word} {word}" for word in CORPUS.read_text(encoding="utf-8").split()[:40]
]


@pytest.fixture(scope="module")
def directory(tiny_config, small_tokenizer, tmp_path_factory):
    # Wild enough that depths disagree.
    keras.utils.set_random_seed(3)
    config = tiny_config.replace(
        embedding_size=32,
        hidden_size=64,
        num_hidden_layers=6,
        num_hidden_groups=1,
        initializer_range=0.12,
    )
    model = AlbertForSequenceClassification(
        config, num_labels=3, exit_heads=True
    )
    path = tmp_path_factory.mktemp("exits") / "model"
    model.save_pretrained(path, small_tokenizer)
    return path


@pytest.fixture(scope="module", params=RUNTIMES)
def bundle(request, directory, tmp_path_factory):
    pytest.importorskip(RUNTIMES[request.param])
    path = tmp_path_factory.mktemp("bundles") / "m.tflite"
    export_model(directory, path, target=request.param, quantization="float32")
    return path, RUNTIMES[request.param]


def test_stops_where_the_rule_says(bundle, directory):
    path, runtime = bundle
    model = AlbertForSequenceClassification.from_pretrained(directory)
    session = Session(path, runtime=runtime, self_test=True)
    rows = session.bundle.tokenizer.pack(TEXTS, max_length=64)
    by_depth = np.concatenate(
        [model.logits_by_depth(np.array([ids])) for ids, _ in rows]
    )
    found = set()
    for patience in range(7):
        got = session.run(rows, patience=patience)
        depths = exit_depths(by_depth, patience)
        assert got["layers_used"].tolist() == depths.tolist()
        np.testing.assert_allclose(
            got["logits"], exit_logits(by_depth, depths), atol=1e-4
        )
        found.update(depths.tolist())
    assert len(found) >= 5
    assert session.patience == session.bundle.manifest.early_exit["patience"]


def test_runner_and_command(bundle):
    path, runtime = bundle
    answer = Classifier(path, runtime=runtime, patience=0).classify(TEXTS[0])
    assert answer.layers_used == 1
    patient = Classifier(path, runtime=runtime, patience=2**40)
    assert patient.classify(TEXTS[0]).layers_used == 6
    (row,) = patient.session.bundle.tokenizer.pack(TEXTS[:1], max_length=64)
    used = patient.session.run([row], patience=2**31)["layers_used"]
    assert used.tolist() == [6]
    with pytest.raises(ValueError, match="must be 0 or more"):
        Classifier(path, runtime=runtime, patience=-1)
    command = [sys.executable, "-m", "albert_tf.edge", "classify", path]
    command += [TEXTS[0], "--patience", "99", "--json", "--runtime", runtime]
    shown = subprocess.run(command, capture_output=True, check=True).stdout
    assert json.loads(shown)["layers_used"] == 6


def test_all_layers_are_measured(bundle, monkeypatch):
    path, runtime = bundle
    used = []
    run = Session.run

    def watched(self, rows, **options):
        outputs = run(self, rows, **options)
        used.extend(outputs["layers_used"].tolist())
        return outputs

    monkeypatch.setattr(Session, "run", watched)
    measure(path, lengths=[16, 32], repeats=1, runtime=runtime)
    assert used == [6] * 7


@pytest.mark.parametrize("quantization", ["dynamic_int8", "int8", "int4"])
def test_quantized(directory, tmp_path, quantization):
    """The export itself compares each text with the depth it ended at."""
    path = export_model(
        directory,
        tmp_path / "m.tflite",
        quantization=quantization,
        calibration=Calibration(str(CORPUS)),
        patience=1,
    )
    classifier = Classifier(path)
    assert classifier.session.patience == 1
    used = [classifier.classify(text).layers_used for text in TEXTS]
    assert 2 <= min(used) < max(used) <= 6


def test_wrong_layer_is_found():
    by_depth = [np.array([[1.0, 0.0], [0.0, 1.0]])]
    good = [{"logits": np.array([1.0, 0.0]), "layers_used": np.array(1)}]
    compare_exits(good, by_depth, patience=0, tolerance=0.1)
    for layers in (0, 2, 3):
        bad = [{**good[0], "layers_used": np.array(layers)}]
        with pytest.raises(ValueError, match="exported model"):
            compare_exits(bad, by_depth, patience=0, tolerance=0.1)
    # Stops too early for its patience, with that depth's logits.
    with pytest.raises(ValueError, match="after 1 layers, expected after 2"):
        compare_exits(good, by_depth, patience=1, tolerance=0.1)
    # Rounding may have made the two alike.
    close = [np.array([[1.0, 0.0], [0.5, 0.6]])]
    compare_exits(good, close, patience=1, tolerance=0.1)


def test_patience_without_exit_heads(classifier_directory, tmp_path):
    with pytest.raises(ValueError, match="has no exit heads"):
        export_model(classifier_directory, tmp_path / "m.tflite", patience=2)


def test_patience_of_a_bundle_without(bundle, classifier_directory, tmp_path):
    path = export_model(classifier_directory, tmp_path / "plain.tflite")
    assert Session(path).patience is None
    with pytest.raises(ValueError, match="no early exit"):
        Session(path, patience=2)


def test_scored_as_it_runs(directory, tmp_path, capsys):
    """Scores are of the default patience, beside Keras' of all layers."""
    data = tmp_path / "dev.tsv"
    rows = [f"{text}\tLABEL_{i % 3}" for i, text in enumerate(TEXTS)]
    data.write_text("\n".join(["text\tlabel", *rows]) + "\n")
    model = AlbertForSequenceClassification.from_pretrained(directory)
    path = export_model(
        directory,
        tmp_path / "m.tflite",
        quantization="float32",
        patience=0,
        evaluation=Evaluation(str(data)),
    )
    tokenizer = Session(path).bundle.tokenizer
    packed = tokenizer.pack(TEXTS, max_length=64)
    logits = [model.logits_by_depth(np.array([ids]))[0] for ids, _ in packed]
    labels = np.arange(len(TEXTS)) % 3
    first, last = (
        np.mean([each[depth].argmax() for each in np.array(logits)] == labels)
        for depth in (0, -1)
    )
    shown = capsys.readouterr().out
    assert first != last
    assert f"in Keras {last:.4f} on" in shown
    assert f"of float32 {first:.4f}" in shown


def test_targets_that_cannot_stop(directory, tmp_path):
    with pytest.raises(ValueError, match="cannot stop early"):
        export_model(
            directory, tmp_path / "m.tflite", target="mediapipe", patience=1
        )
    assert not (tmp_path / "m.tflite").exists()


def test_patience_goes_before_a_broken_file_in_the_report(
    directory, tmp_path, monkeypatch
):
    monkeypatch.setattr(report, "_LENGTHS", (16,))
    monkeypatch.setattr(report, "_THREADS", (1,))
    monkeypatch.setattr(report, "_REPEATS", 1)
    model = shutil.copytree(directory, tmp_path / "model")
    (model / "early_exit.json").write_text("{}")
    arguments = ["--model", model, "--output", tmp_path / "m.tflite"]
    arguments += ["--quantize", "float32", "--report", tmp_path / "r"]
    assert main(list(map(str, arguments))) == 2
    assert main([*map(str, arguments), "--patience", "3"]) == 0
    assert (tmp_path / "r" / "report.html").exists()
