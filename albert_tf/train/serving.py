"""Writes a classifier for TensorFlow Serving, tokenizer included."""

import os
from pathlib import Path

import keras
import tensorflow as tf

from albert_tf.data.in_graph_text import AlbertTextPreprocessor
from albert_tf.files import written_aside
from albert_tf.models.sequence_classification import (
    AlbertForSequenceClassification,
)

_SAVED_MODEL_FILE = "saved_model.pb"


def export_saved_model(model, tokenizer, directory, *, max_length=None):
    """Writes a SavedModel that takes raw strings.

    It answers alike in TensorFlow Serving and, after `import
    tensorflow_text`, in `tf.saved_model.load`; nothing of this project or of
    Keras is needed there. Batches are as long as their longest text.

    Signatures: `serving_default` takes `text`, `pair` takes `text` and
    `pair`, each string[B], UTF-8. Both return `label` string[B] and
    `probabilities` float[B, num_labels]; a model with one label returns
    `score` float[B] instead.

    Args:
        model: AlbertForSequenceClassification.
        tokenizer: AlbertTokenizer that the model was trained with.
        directory: path. An earlier SavedModel in it is replaced. TensorFlow
            Serving wants a version number as its last part.
        max_length: int or None. Longer texts are cut; None takes as many
            tokens as the model has positions.

    Raises:
        ValueError: the model is of another kind, the tokenizer of another
            vocabulary, tensorflow-text is missing, the backend is not
            TensorFlow, or the directory holds something else.

    Example:
        export_saved_model(model, tokenizer, "served/1")
        served = tf.saved_model.load("served/1").signatures
        answer = served["serving_default"](text=tf.constant(["A film."]))
        assert answer["probabilities"].shape == (1, model.num_labels)
    """
    directory = Path(directory)
    _check_model(model, tokenizer)
    _check_directory(directory)
    preprocess = AlbertTextPreprocessor(
        tokenizer,
        max_length or model.albert_config.max_position_embeddings,
    )
    served = TextClassifier(model, preprocess)
    with written_aside(directory) as path:
        tf.saved_model.save(
            served,
            os.fspath(path),
            signatures={
                "serving_default": served.classify,
                "pair": served.classify_pair,
            },
        )


_TEXTS = tf.TensorSpec([None], tf.string, "text")
_PAIRS = tf.TensorSpec([None], tf.string, "pair")


class TextClassifier(tf.Module):
    """A model and its tokenizer as two functions of strings.

    Subtle: the model and the preprocessor themselves are kept out of reach
    of TensorFlow, which would save a graph for every layer of theirs. Their
    variables it must find, or it saves none of them.
    """

    def __init__(self, model, preprocess):
        super().__init__()
        self._weights = [variable.value for variable in model.variables]
        self._tables = preprocess.tables
        names = model.labels or [f"LABEL_{i}" for i in range(model.num_labels)]

        def answer(inputs):
            logits = tf.cast(model(inputs, training=False), tf.float32)
            if model.num_labels == 1:
                return {"score": logits[:, 0]}
            return {
                "label": tf.gather(names, tf.argmax(logits, axis=-1)),
                "probabilities": tf.nn.softmax(logits),
            }

        self.classify = tf.function(
            lambda text: answer(preprocess(text)), input_signature=[_TEXTS]
        )
        self.classify_pair = tf.function(
            lambda text, pair: answer(preprocess(text, pair)),
            input_signature=[_TEXTS, _PAIRS],
        )


def _check_model(model, tokenizer):
    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            "A SavedModel is written from Keras on TensorFlow. Received: "
            f"backend {keras.backend.backend()!r}. Save the model, set "
            "KERAS_BACKEND=tensorflow and load it there."
        )
    if not isinstance(model, AlbertForSequenceClassification):
        raise ValueError(
            "`model` must be an AlbertForSequenceClassification. "
            f"Received: {type(model).__name__}."
        )
    vocab_size = model.albert_config.vocab_size
    if tokenizer.vocab_size != vocab_size:
        raise ValueError(
            f"The model has {vocab_size} pieces, the tokenizer "
            f"{tokenizer.vocab_size}. Use the tokenizer it was trained with."
        )


def _check_directory(directory):
    is_replaceable = (
        not directory.exists()
        or (directory / _SAVED_MODEL_FILE).exists()
        or (directory.is_dir() and not any(directory.iterdir()))
    )
    if not is_replaceable:
        raise ValueError(
            f"{directory} exists and holds no SavedModel. Choose another "
            "directory, such as served/1."
        )
