"""Every task's model answers on both runtimes as in Keras."""

import json
import zipfile

import numpy as np
import pytest

import albert_tf
from albert_tf import AlbertForSequenceClassification
from albert_tf.edge import Bundle, Classifier, Session
from albert_tf.edge.manifest import Manifest
from export import flatbuffer, source_model, verify
from export.calibration_texts import Calibration, read_rows
from export.pipeline import export_model
from export.samples import Row, samples_of

pytestmark = pytest.mark.device

RUNTIMES = {"cpu": "ai_edge_litert", "tflite-runtime": "tflite_runtime"}
TASKS = [
    "regression",
    "token_classification",
    "question_answering",
    "multiple_choice",
    "masked_lm",
]


@pytest.mark.parametrize("target", RUNTIMES)
@pytest.mark.parametrize("task", TASKS)
def test_int8_is_close_to_keras(bundle, task_directory, task, target):
    path = bundle(target, task=task)
    source = source_model.load(task_directory(task))
    rows, expected = source.answers(samples_of(task))
    got = verify.run_on_runtime(path, rows, RUNTIMES[target])
    assert set(got) == {"single", "batch"}
    assert verify.compare(got, expected, tolerance=0.1) > 0


@pytest.mark.parametrize("task", TASKS)
def test_float_equals_keras(bundle, task_directory, task):
    path = bundle("cpu", "float32", task)
    source = source_model.load(task_directory(task))
    rows, expected = source.answers(samples_of(task))
    got = verify.run_on_runtime(path, rows, "ai_edge_litert")
    verify.compare(got, expected, tolerance=1e-4)
    shapes = {name: out.shape for name, out in expected[0].items()}
    length = len(rows[0].token_ids)
    assert (
        shapes
        == {
            "regression": {"logits": (1,)},
            "token_classification": {"logits": (length, 5)},
            "question_answering": {
                "start_logits": (length,),
                "end_logits": (length,),
            },
            "multiple_choice": {"logits": (1,)},
            "masked_lm": {"logits": (1, 1000)},
        }[task]
    )


@pytest.mark.parametrize("task", TASKS)
def test_self_tests_are_of_the_task(bundle, task):
    path = bundle(task=task)
    Session(path, self_test=True)
    with zipfile.ZipFile(path) as archive:
        fields = json.loads(archive.read("albert.json"))
    assert fields["task"] == task
    tests = fields["self_tests"]
    has_pairs = task in ("regression", "question_answering", "multiple_choice")
    assert any("pair" in test for test in tests) == has_pairs
    assert all(
        ("masked_positions" in t) == (task == "masked_lm") for t in tests
    )
    assert all(len(json.dumps(test)) < 10_000 for test in tests)
    text = json.dumps(fields)
    assert json.loads(Manifest.from_json(text).to_json()) == fields


def test_failed_self_test_of_a_pair_is_found(bundle, tmp_path):
    session = Session(bundle(task="question_answering"))
    tests = session.bundle.manifest.self_tests
    tests[1].outputs["end_logits"][3] += 9.0
    with pytest.raises(ValueError, match="end_logits of .* differs by"):
        session.check_self_tests()


def test_pretraining_exports_its_masked_lm(
    tiny_config, small_tokenizer, tmp_path
):
    from albert_tf import AlbertForPreTraining

    model = AlbertForPreTraining(tiny_config)
    model.save_pretrained(tmp_path, small_tokenizer)
    source = source_model.load(tmp_path)
    assert source.task == "masked_lm"
    rows, (got, *_) = source.answers(samples_of("masked_lm"))
    expected = model(
        {
            "token_ids": np.array([rows[0].token_ids]),
            "masked_positions": np.array([rows[0].masked_positions]),
        }
    )["masked_lm_logits"]
    np.testing.assert_allclose(got["logits"], expected[0], atol=1e-5)


def test_vocabulary_is_stored_once(bundle):
    """Looked up at one end of the model and multiplied at the other."""
    path = bundle("tflite-runtime", task="masked_lm")
    contents = flatbuffer.inspect(path.read_bytes())
    # 26,816 weights in matrices, 920 in biases and norms, and four columns for
    # each of the 1,224 rows that get them.
    assert contents.weight_bytes < 26_816 + 4 * 920 + 4 * 1224


def test_small_scores_are_not_refused_for_their_decimals(
    task_directory, small_tokenizer, tmp_path
):
    model = AlbertForSequenceClassification.from_pretrained(
        task_directory("regression")
    )
    for weight in model.classifier.weights:
        weight.assign(np.asarray(weight) * 1e-4)
    model.save_pretrained(tmp_path / "model", small_tokenizer)
    path = export_model(
        tmp_path / "model", tmp_path / "m.tflite", quantization="float32"
    )
    source = source_model.load(tmp_path / "model")
    _, expected = source.answers(source.samples)
    tests = Bundle(path).manifest.self_tests
    stored = [np.float32(test.outputs["logits"]) for test in tests]
    np.testing.assert_array_equal(stored, [e["logits"] for e in expected])
    assert np.abs(stored).max() < 1e-3


@pytest.fixture
def single_text_model(tiny_config, small_tokenizer, tmp_path):
    """Returns the directory of a model that knows no second text."""

    def save(name):
        model = getattr(albert_tf, name)(tiny_config.replace(type_vocab_size=1))
        model.save_pretrained(tmp_path / name, small_tokenizer)
        return tmp_path / name

    return save


def test_model_of_single_texts_has_no_self_test_of_a_pair(
    single_text_model, tmp_path
):
    directory = single_text_model("AlbertForSequenceClassification")
    path = export_model(directory, tmp_path / "m.tflite")
    classifier = Classifier(path, self_test=True)
    tests = classifier.session.bundle.manifest.self_tests
    assert [test.pair for test in tests] == [None] * 4
    with pytest.raises(ValueError, match="takes no second text: leave it out"):
        classifier.classify("It works.", "Or does it?")


def test_model_of_single_texts_is_neither_scored_nor_calibrated_on_pairs(
    single_text_model, tmp_path
):
    directory = single_text_model("AlbertForSequenceClassification")
    source = source_model.load(directory)
    message = "takes single texts .*Received a pair"
    with pytest.raises(ValueError, match=message):
        source.run([Row([2, 7, 3, 8, 3], [0, 0, 0, 1, 1])])
    path = tmp_path / "pairs.tsv"
    path.write_text("a\tb\nWho is it?\tIt is the baker.\n")
    with pytest.raises(ValueError, match=message):
        read_rows(Calibration(str(path), "a", "b"), source)


@pytest.mark.parametrize("task", ["QuestionAnswering", "MultipleChoice"])
def test_model_of_single_texts_answers_no_question(single_text_model, task):
    directory = single_text_model(f"AlbertFor{task}")
    with pytest.raises(ValueError, match="reads two texts, and its type_voc"):
        source_model.load(directory)
