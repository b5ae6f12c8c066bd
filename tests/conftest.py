"""Models and bundles that several rooms' tests use."""

import os
import pathlib

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

GOLDEN = pathlib.Path(__file__).parent / "golden"
LABELS = ["calm", "glad", "sad"]


@pytest.fixture(scope="session")
def tiny_config():
    """Sizes small enough to train in seconds, unequal enough to tell apart."""
    from albert_tf import AlbertConfig

    return AlbertConfig(
        vocab_size=1000,
        embedding_size=16,
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.2,
    )


@pytest.fixture(scope="session")
def small_tokenizer():
    from albert_tf import AlbertTokenizer

    return AlbertTokenizer(GOLDEN / "small.spiece.model")


@pytest.fixture(scope="session")
def classifier_directory(tiny_config, small_tokenizer, tmp_path_factory):
    """A saved classifier of random weights, large enough to tell apart."""
    import keras

    from albert_tf import AlbertForSequenceClassification

    keras.utils.set_random_seed(3)
    model = AlbertForSequenceClassification(tiny_config, labels=LABELS)
    directory = tmp_path_factory.mktemp("models") / "classifier"
    model.save_pretrained(directory, small_tokenizer)
    return directory


@pytest.fixture(scope="session")
def task_directory(
    tiny_config, small_tokenizer, classifier_directory, tmp_path_factory
):
    """Returns the directory of a task's model, of random weights."""
    saved = {"classification": classifier_directory}

    def save(task):
        if task not in saved:
            saved[task] = tmp_path_factory.mktemp("models") / task
            model = _task_model(task, tiny_config)
            model.save_pretrained(saved[task], small_tokenizer)
        return saved[task]

    return save


def _task_model(task, config):
    import keras

    import albert_tf

    keras.utils.set_random_seed(4)
    kind, arguments = {
        "regression": ("SequenceClassification", {"num_labels": 1}),
        "token_classification": (
            "TokenClassification",
            {"labels": ["O", "B-place", "I-place", "B-name", "I-name"]},
        ),
        "question_answering": ("QuestionAnswering", {}),
        "multiple_choice": ("MultipleChoice", {}),
        "masked_lm": ("MaskedLM", {}),
    }[task]
    return getattr(albert_tf, f"AlbertFor{kind}")(config, **arguments)


@pytest.fixture(scope="session")
def bundle(task_directory, tmp_path_factory):
    """Returns the bundle of a target and quantization, exported once."""
    from export.calibration_texts import Calibration
    from export.pipeline import export_model

    exported = {}
    texts = Calibration(str(GOLDEN / "small_corpus.txt"))

    def export(
        target="cpu", quantization="dynamic_int8", task="classification"
    ):
        key = target, quantization, task
        if key not in exported:
            if target == "tflite-runtime":
                pytest.importorskip("tflite_runtime")
            exported[key] = export_model(
                task_directory(task),
                tmp_path_factory.mktemp("bundles") / "model.tflite",
                target=target,
                quantization=quantization,
                calibration=texts
                if quantization in ("int8", "int16x8")
                else None,
            )
        return exported[key]

    return export


@pytest.fixture(scope="session")
def config():
    """Two groups of two layers: every index of the layout counts."""
    from albert_tf import AlbertConfig

    return AlbertConfig(
        vocab_size=99,
        embedding_size=8,
        hidden_size=16,
        num_hidden_layers=4,
        num_hidden_groups=2,
        inner_group_num=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=20,
        initializer_range=0.3,
    )


@pytest.fixture(scope="session")
def batch():
    import numpy as np

    generator = np.random.default_rng(0)
    mask = np.ones((3, 11), np.int32)
    mask[1, 7:] = 0
    return {
        "token_ids": generator.integers(5, 99, (3, 11)).astype(np.int32),
        "segment_ids": np.tile((np.arange(11) > 5).astype(np.int32), (3, 1)),
        "padding_mask": mask,
    }
