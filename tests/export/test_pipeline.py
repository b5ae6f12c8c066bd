"""What is exported answers on its runtime as the model does in Keras."""

import numpy as np
import pytest

from albert_tf import AlbertForSequenceClassification
from albert_tf.edge import Bundle, Session
from albert_tf.text import packing
from export import flatbuffer, rewrite, source_model
from export.samples import Row, samples_of
from tests.conftest import LABELS

pytestmark = pytest.mark.device

TEXTS = [
    "a b c",
    "The weather in London, 21 degrees (so far) - fine.",
    "I paid \u00a31,250, not \u20ac900, for it",
    "\U0001f600 na\u00efve caf\u00e9",
    " ".join(["longer"] * 80),
]
RUNTIMES = {"cpu": "ai_edge_litert", "tflite-runtime": "tflite_runtime"}


def _expected(directory, rows):
    source = source_model.load(directory)
    outputs = source.run([Row(*row) for row in rows])
    return np.stack([row["logits"] for row in outputs])


def _pack(session, *texts):
    return session.bundle.tokenizer.pack(*texts, max_length=64)


def _logits(session, rows):
    return np.stack([session.run([row])["logits"][0] for row in rows])


@pytest.mark.parametrize("target", RUNTIMES)
@pytest.mark.parametrize("quantization", ["float32", "float16"])
def test_float_exports_equal_keras(
    bundle, classifier_directory, target, quantization
):
    session = Session(bundle(target, quantization), runtime=RUNTIMES[target])
    rows = _pack(session, TEXTS)
    expected = _expected(classifier_directory, rows)
    limit = {"float32": 1e-4, "float16": 2e-2}[quantization]
    np.testing.assert_allclose(_logits(session, rows), expected, atol=limit)


@pytest.mark.parametrize("target", RUNTIMES)
def test_int8_keeps_every_label(bundle, classifier_directory, target):
    session = Session(bundle(target), runtime=RUNTIMES[target])
    rows = _pack(session, TEXTS)
    expected = _expected(classifier_directory, rows)
    got = _logits(session, rows)
    assert (got.argmax(-1) == expected.argmax(-1)).all()
    assert np.abs(got - expected).max() < 0.1 * np.abs(expected).max()


@pytest.mark.parametrize("target", RUNTIMES)
def test_padding_and_batching_change_nothing(bundle, target):
    session = Session(bundle(target, "float32"), runtime=RUNTIMES[target])
    rows = _pack(session, TEXTS)
    batch = session.run(rows)["logits"]
    np.testing.assert_allclose(batch, _logits(session, rows), atol=1e-5)


def test_pairs_reach_the_model(bundle, classifier_directory):
    session = Session(bundle("cpu", "float32"))
    rows = _pack(session, TEXTS, TEXTS[::-1])
    expected = _expected(classifier_directory, rows)
    np.testing.assert_allclose(_logits(session, rows), expected, atol=1e-4)
    alone = _pack(session, TEXTS)
    assert not np.allclose(_logits(session, alone), expected, atol=1e-3)


def test_groups_and_inner_layers_export(tiny_config, small_tokenizer, tmp_path):
    from export.pipeline import export_model

    config = tiny_config.replace(
        num_hidden_layers=4, num_hidden_groups=2, inner_group_num=2
    )
    model = AlbertForSequenceClassification(config, num_labels=2)
    model.save_pretrained(tmp_path / "model", small_tokenizer)
    path = export_model(
        tmp_path / "model", tmp_path / "m.tflite", quantization="float32"
    )
    rows = small_tokenizer.pack(TEXTS, max_length=64)
    expected = _expected(tmp_path / "model", rows)
    np.testing.assert_allclose(
        _logits(Session(path), rows), expected, atol=1e-4
    )


@pytest.mark.parametrize("target", RUNTIMES)
def test_weights_are_stored_once(bundle, classifier_directory, target):
    """One byte a weight; float where the converter keeps float: biases,
    norms, scales, and matrices too small to gain."""
    model = source_model.load(classifier_directory).model
    path = bundle(target)
    contents = flatbuffer.inspect(_flat(path))
    large = sum(
        int(np.prod(v.shape))
        for v in model.variables
        if np.prod(v.shape) >= 1024
    )
    small = model.count_params() - large
    # A second copy of the smallest matrix alone would be 1,024 bytes.
    assert large <= contents.weight_bytes <= large + 4 * small + 1024


def test_operators_are_tflites_own(bundle):
    for target in RUNTIMES:
        flatbuffer.check(flatbuffer.inspect(_flat(bundle(target))))


def test_scales_are_a_matrix_or_a_channel(bundle):
    versions = {
        target: flatbuffer.inspect(_flat(bundle(target))).operators
        for target in RUNTIMES
    }
    assert versions["cpu"]["FULLY_CONNECTED"] >= 12
    assert versions["tflite-runtime"]["FULLY_CONNECTED"] < 12


def test_manifest_describes_the_model(bundle):
    manifest = Bundle(bundle()).manifest
    assert manifest.labels == LABELS
    assert manifest.max_length == 64
    assert manifest.inputs == {name: name for name in packing.INPUT_NAMES}
    tests = [(test.text, test.pair) for test in manifest.self_tests]
    samples = samples_of("classification")
    assert tests == [(sample.text, sample.pair) for sample in samples]
    assert tests[-1][1] is not None


def _flat(path):
    size = Bundle(path).part_bytes["model"]
    return path.read_bytes()[:size]


@pytest.mark.parametrize("target", RUNTIMES)
def test_layers_compute_no_shapes(bundle, target):
    """What does would be allocated anew at every depth, beside XNNPACK."""
    parsed = rewrite.parse(_flat(bundle(target)))
    (layer,) = rewrite.loops(parsed)
    names = flatbuffer.operator_names(parsed, layer)
    assert {"FULLY_CONNECTED", "BATCH_MATMUL", "SOFTMAX"} <= set(names)
    assert not {"SHAPE", "PACK", "STRIDED_SLICE", "FILL"} & set(names)
