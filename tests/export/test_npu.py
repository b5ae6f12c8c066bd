"""Files for integer-only accelerators hold integers, and answer right."""

import dataclasses

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from albert_tf.edge import Bundle, Session
from export import arguments, device_layers, flatbuffer, rewrite, source_model
from export.calibration_texts import Calibration
from export.evaluate import Evaluation, Evaluator, Score
from export.fixed_length import at_fixed_length
from export.pipeline import export_model
from export.samples import Row, with_padding
from export.targets import find_quantization, find_target
from tests.conftest import GOLDEN

pytestmark = pytest.mark.device
TEXTS = ["The library opens at nine.", "Nobody ever comes, she said."]


def _error(path, directory):
    """Returns the largest difference from Keras, as a share of the largest."""
    session = Session(path)
    rows = session.bundle.tokenizer.pack(TEXTS, max_length=64)
    outputs = source_model.load(directory).run([Row(*row) for row in rows])
    expected = np.stack([row["logits"] for row in outputs])
    got = session.run(rows)["logits"]
    return np.abs(got - expected).max() / np.abs(expected).max()


@pytest.mark.parametrize(
    "quantization, limit", [("int8", 0.3), ("int16x8", 0.05)]
)
def test_integers_answer_as_keras(
    bundle, classifier_directory, quantization, limit
):
    path = bundle("npu", quantization)
    assert _error(path, classifier_directory) < limit
    flat = _flat(path)
    # The output alone, which becomes a float last.
    assert flatbuffer.float_operators(flat) == ["DEQUANTIZE"]


@pytest.mark.parametrize(
    "quantization, limit", [("int8", 0.15), ("int16x8", 0.08)]
)
def test_padding_is_hidden_where_no_calibration_text_is_padded(
    classifier_directory, tmp_path, quantization, limit
):
    """Unhidden, it took 12 % of the largest output, and int8 failed."""
    texts = tmp_path / "long.txt"
    words = (GOLDEN / "small_corpus.txt").read_text().split()
    starts = range(0, len(words) - 80, 40)
    lines = [" ".join(words[start : start + 80]) for start in starts]
    texts.write_text("\n".join(lines) + "\n")
    path = export_model(
        classifier_directory,
        tmp_path / "m.tflite",
        target="npu",
        quantization=quantization,
        calibration=Calibration(str(texts)),
    )
    assert _error(path, classifier_directory) < limit


def test_rows_to_calibrate_with_are_padded_somewhere():
    full, short = Row([1] * 8, [0] * 8), Row([1] * 5, [0] * 5)
    assert with_padding([full, short], 8) == [full, short]
    assert with_padding([full], 8) == [full, Row([1] * 4, [0] * 4)]


@pytest.mark.parametrize(
    "quantization, output_type", [("int8", "int8"), ("int16x8", "int16")]
)
def test_integer_outputs_stand_for_the_same(
    bundle, classifier_directory, tmp_path, quantization, output_type
):
    path = export_model(
        classifier_directory,
        tmp_path / "m.tflite",
        target="npu",
        quantization=quantization,
        calibration=Calibration(str(GOLDEN / "small_corpus.txt")),
        output_type=output_type,
    )
    session, floats = Session(path), Session(bundle("npu", quantization))
    rows = session.bundle.tokenizer.pack(TEXTS, max_length=64)
    wanted = floats.run(rows)["logits"]
    got = session.run(rows)["logits"]
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, wanted)
    flat = _flat(path)
    assert flatbuffer.float_operators(flat) == []
    (detail,) = Interpreter(str(path)).get_output_details()
    assert detail["dtype"] == np.dtype(output_type)


def test_fallback_gives_integers_of_its_own(
    classifier_directory, tmp_path, monkeypatch
):
    data = tmp_path / "d.tsv"
    data.write_text("text\tlabel\nIt works.\tglad\nNo way\tsad\n")

    def on_device(self, path, runtime):
        is_coarse = Bundle(path).manifest.quantization == "int8"
        return Score("accuracy", 0.5, 0.05 if is_coarse else 0.0, 1.0, 2)

    monkeypatch.setattr(Evaluator, "on_device", on_device)
    path = export_model(
        classifier_directory,
        tmp_path / "m.tflite",
        target="npu",
        calibration=Calibration(str(GOLDEN / "small_corpus.txt")),
        evaluation=Evaluation(str(data), max_drop=0.01, fallback=True),
        output_type="int8",
    )
    assert Bundle(path).manifest.quantization == "int16x8"
    (detail,) = Interpreter(str(path)).get_output_details()
    assert detail["dtype"] == np.int16


@pytest.mark.parametrize("num_rows", [1, 9])
def test_attention_by_head_is_attention(classifier_directory, num_rows):
    (layer,) = source_model.load(
        classifier_directory
    ).model.encoder.transformer_layers
    generator = np.random.default_rng(0)
    hidden = generator.normal(size=(1, 9, 32)).astype(np.float32)
    bias = np.where(np.arange(9) < 7, 0, -16.0).astype(np.float32)
    bias = bias.reshape(1, 1, 1, 9)
    inputs = layer.attention, hidden, bias, hidden[:, :num_rows]
    got = device_layers.attend_by_head(*inputs)
    assert got.shape == (1, num_rows, 32)
    np.testing.assert_allclose(got, device_layers.attend(*inputs), atol=1e-5)
    every = layer.attention(hidden, bias)
    np.testing.assert_allclose(got, every[:, :num_rows], atol=1e-5)


@pytest.mark.parametrize(
    "target, quantization",
    [("mediapipe", "dynamic_int8"), ("npu", "int8"), ("npu", "int16x8")],
)
def test_the_last_layer_computes_the_first_token_alone(
    bundle, target, quantization
):
    model = rewrite.parse(_flat(bundle(target, quantization)))
    graph = model.subgraphs[0]
    shapes = [
        list(graph.tensors[operator.outputs[0]].shape)
        for operator in graph.operators
        if rewrite.kind_of(model, operator)
        == rewrite.schema.BuiltinOperator.SOFTMAX
    ]
    rows = [shape[-2] for shape in shapes if shape[-1] == 64]
    every = len(rows) // 3
    assert every > 0
    assert rows == [64] * 2 * every + [1] * every


def test_heads_are_taken_at_once_where_asked_or_needed(
    bundle, classifier_directory, tmp_path
):
    path = tmp_path / "m.tflite"
    given = f"--model {classifier_directory} --output {path} --target npu"
    options = arguments.parser().parse_args([*given.split(), "--batch-matmul"])
    export_model(
        classifier_directory,
        path,
        target=arguments.target_of(options),
        calibration=Calibration(str(GOLDEN / "small_corpus.txt")),
    )
    assert _num_batch_matmuls(path) == 6
    assert _num_batch_matmuls(bundle("npu", "int16x8")) == 6
    assert _num_batch_matmuls(bundle("npu", "int8")) == 0


def test_targets_of_one_attention_refuse_another():
    given = "--model m --output m.tflite --batch-matmul".split()
    options = arguments.parser().parse_args(given)
    with pytest.raises(ValueError, match="target cpu always takes all heads"):
        arguments.target_of(options)


@pytest.mark.parametrize(
    "task, length",
    [
        ("question_answering", 8),
        ("classification", 5),
        ("token_classification", 3),
    ],
)
def test_lengths_too_short_for_the_task(task_directory, task, length):
    directory = task_directory(task)
    source = source_model.load(directory)
    target = dataclasses.replace(
        find_target("npu"), length=length, is_length_chosen=True
    )
    assert at_fixed_length(source, target, directory).max_length == length
    target = dataclasses.replace(target, length=length - 1)
    with pytest.raises(ValueError, match=f"--length must be {length} or more"):
        at_fixed_length(source, target, directory)


def test_lengths_beyond_the_positions_are_refused(task_directory):
    directory = task_directory("classification")
    source = source_model.load(directory)
    target = find_target("npu")
    assert target.length == 128
    assert at_fixed_length(source, target, directory).max_length == 64
    chosen = dataclasses.replace(target, length=65, is_length_chosen=True)
    with pytest.raises(ValueError, match="must be 64 or less, the positions"):
        at_fixed_length(source, chosen, directory)


def test_length_is_what_training_took_unless_chosen(trained_directory):
    directory = trained_directory(
        "classification", task="classification", max_length=32, settings={}
    )
    source = source_model.load(directory)
    target = find_target("npu")
    assert source.max_length == 32
    assert at_fixed_length(source, target, directory).max_length == 32
    chosen = dataclasses.replace(target, length=48, is_length_chosen=True)
    assert at_fixed_length(source, chosen, directory).max_length == 48


def _flat(path):
    return path.read_bytes()[: Bundle(path).part_bytes["model"]]


def _num_batch_matmuls(path):
    names = flatbuffer.operator_names(rewrite.parse(_flat(path)), 0)
    return names.count("BATCH_MATMUL")


def test_outputs_that_the_file_cannot_have_are_refused(tmp_path):
    for target, quantization, output_type, cure in (
        ("npu", "int8", "int16", "float32 or int8"),
        ("cpu", "dynamic_int8", "int8", "or --target npu"),
    ):
        with pytest.raises(ValueError, match=cure):
            export_model(
                "m",
                tmp_path / "m.tflite",
                target=target,
                quantization=quantization,
                output_type=output_type,
            )


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
