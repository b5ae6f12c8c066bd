"""int8 of fixed scales and int4: right, shared, and as small as they say."""

import numpy as np
import pytest

from albert_tf import AlbertForTokenClassification
from albert_tf.edge import Bundle, Session
from export import flatbuffer, rewrite, source_model
from export.calibration_texts import Calibration
from export.layer_errors import errors_by_depth
from export.pipeline import export_model
from export.samples import Row
from export.sizes import bytes_by_part
from export.targets import TARGETS, find_quantization, find_target, gentler
from tests.conftest import GOLDEN

pytestmark = pytest.mark.device

PAIRS = [("cpu", "int8"), ("cpu", "int4"), ("tflite-runtime", "int8")]
TEXTS = [
    "a b c",
    "The weather in London, 21 degrees (so far) - fine.",
    " ".join(["longer"] * 80),
]


def parse(path):
    size = Bundle(path).part_bytes["model"]
    return rewrite.parse(path.read_bytes()[:size])


@pytest.mark.parametrize("target, quantization", PAIRS)
def test_outputs_are_close_to_keras(
    bundle, classifier_directory, target, quantization
):
    path = bundle(target, quantization)
    session = Session(path, runtime=find_target(target).runtime)
    rows = session.bundle.tokenizer.pack(TEXTS, max_length=64)
    source = source_model.load(classifier_directory)
    expected = source.run([Row(*row) for row in rows])
    expected = np.stack([row["logits"] for row in expected])
    limit = {"int8": 0.1, "int4": 0.4}[quantization] * np.abs(expected).max()
    alone = [session.run([row])["logits"][0] for row in rows]
    assert np.abs(np.stack(alone) - expected).max() < limit
    # Padding changes what dynamic scales see in no row: they are a row's own.
    batch = session.run(rows)["logits"]
    assert np.abs(batch - expected).max() < limit


@pytest.mark.parametrize("target, quantization", PAIRS)
def test_weights_take_the_bytes_that_the_sizes_imply(
    bundle, classifier_directory, target, quantization
):
    model = source_model.load(classifier_directory).model
    sizes = {v.path: int(np.prod(v.shape)) for v in model.variables}
    matrices = {name: n for name, n in sizes.items() if n >= 1024}
    small = sum(sizes.values()) - sum(matrices.values())
    expected = sum(matrices.values())
    if quantization == "int4":
        (layer,) = model.encoder.transformer_layers
        paths = {variable.path for variable in layer.variables}
        halved = [
            n
            for name, n in matrices.items()
            if name in paths or "word_embeddings" in name
        ]
        assert len(halved) == 7
        expected -= sum(halved) // 2
        small += model.albert_config.vocab_size  # A scale a row.
    found = flatbuffer.inspect(bundle(target, quantization).read_bytes())
    # A second copy of the smallest matrix would be 1,024 bytes, or 512.
    slack = 1024 if quantization == "int8" else 512
    assert expected <= found.weight_bytes <= expected + 4 * small + slack


def test_dense_layers_alone_are_of_integers(bundle):
    parsed = parse(bundle("cpu", "int8"))
    (layer,) = rewrite.loops(parsed)
    graph = parsed.subgraphs[layer]
    dense = rewrite.dense_operators(parsed, layer)
    assert len(dense) == 6
    kinds = rewrite.schema.TensorType
    for operator in dense:
        source, _, bias = (graph.tensors[i] for i in operator.inputs)
        target = graph.tensors[operator.outputs[0]]
        assert source.type == target.type == kinds.INT8
        assert bias.type == kinds.INT32
    names = flatbuffer.operator_names(parsed, layer)
    # Queries, keys and values read one quantized tensor.
    assert names.count("QUANTIZE") == 4
    assert names.count("DEQUANTIZE") == 6


def test_int4_weights_are_nibbles(bundle):
    parsed = parse(bundle("cpu", "int4"))
    (layer,) = rewrite.loops(parsed)
    graph = parsed.subgraphs[layer]
    kinds = [graph.tensors[i].type for o in graph.operators for i in o.inputs]
    assert kinds.count(rewrite.schema.TensorType.INT4) == 6


@pytest.mark.parametrize("depth", [1, 2])
def test_layers_that_run_once_have_no_loop(
    tiny_config, small_tokenizer, tmp_path, depth
):
    """The loop over a batch's rows is not taken for one."""
    config = tiny_config.replace(
        num_hidden_layers=depth, num_hidden_groups=depth
    )
    model = AlbertForTokenClassification(config, num_labels=3)
    model.save_pretrained(tmp_path / "model", small_tokenizer)
    path = export_model(tmp_path / "model", tmp_path / "m.tflite")
    assert rewrite.loops(parse(path)) == []
    parts = bytes_by_part(path)
    # Pieces and positions in bytes, segments in floats.
    assert parts["embeddings"] == 1000 * 16 + 64 * 16 + 4 * 2 * 16
    assert "layers" not in parts and parts["layers and other weights"] > 0
    source = source_model.load(tmp_path / "model")
    flat = path.read_bytes()[: Bundle(path).part_bytes["model"]]
    assert errors_by_depth(flat, source) == []
    for name in ("int8", "int4"):
        message = f"{name} needs a layer that is applied more than once"
        with pytest.raises(ValueError, match=message):
            export_model(
                tmp_path / "model",
                tmp_path / f"{name}.tflite",
                quantization=name,
                calibration=Calibration(str(GOLDEN / "small_corpus.txt")),
            )


def test_int4_scales_are_the_best_of_many():
    weights = np.random.default_rng(0).standard_normal((4, 64))
    weights[0, 3] = 9.0
    values, scales = rewrite.to_int4(weights)
    assert np.abs(values).max() <= 7
    error = np.square(values * scales[:, None] - weights).sum()
    largest = np.abs(weights).max(1, keepdims=True) / 7
    plain = np.square(np.round(weights / largest) * largest - weights).sum()
    assert error < plain


@pytest.mark.parametrize(
    "target, quantization, reason",
    [
        ("cpu", "int16x8", "not optimized.* Take int8"),
        ("tflite-runtime", "int16x8", "does not look into the loop.* Take"),
        ("tflite-runtime", "int4", "no dense kernel for 4-bit.* target cpu"),
    ],
)
def test_impossible_pair_says_why(target, quantization, reason):
    with pytest.raises(ValueError, match=f"{reason}.* Expected one of"):
        find_quantization(find_target(target), quantization)


def test_gentler_ones_end_with_float32():
    for target in TARGETS.values():
        for name in target.quantizations:
            rest = gentler(target, name)
            last = "int16x8" if target.is_integer else "float32"
            assert (rest or [name])[-1] == last
            assert name not in rest


def test_table_of_the_shape_of_a_dense_layer(
    tiny_config, small_tokenizer, tmp_path
):
    """Positions [64, 32] are not the projection [64, 32]; export compares."""
    import keras

    from albert_tf import AlbertForSequenceClassification

    keras.utils.set_random_seed(2)
    config = tiny_config.replace(
        embedding_size=32, hidden_size=64, max_position_embeddings=64
    )
    model = AlbertForSequenceClassification(config, num_labels=2)
    model.save_pretrained(tmp_path / "model", small_tokenizer)
    output = tmp_path / "model.tflite"
    assert export_model(tmp_path / "model", output).exists()
