"""ALBERT for phones and small boards: train in Keras, export to TFLite.

Public names load on first use, so importing the package alone loads neither
TensorFlow nor Keras: a device uses `albert_tf.edge` without them.
"""

import contextlib
import importlib

__version__ = "0.1.0"

_MODELS = {
    "AlbertEncoder": "encoder",
    "AlbertForMaskedLM": "masked_lm",
    "AlbertForMultipleChoice": "multiple_choice",
    "AlbertForPreTraining": "pretraining",
    "AlbertForQuestionAnswering": "question_answering",
    "AlbertForSequenceClassification": "sequence_classification",
    "AlbertForTokenClassification": "token_classification",
}
__all__ = ["AlbertConfig", "AlbertTokenizer", *_MODELS]
# What a model is compiled with.
_TRAINING = ("optim", "train.losses", "train.position_loss")


def __getattr__(name):
    if name == "AlbertConfig":
        return importlib.import_module("albert_tf.config").AlbertConfig
    if name == "AlbertTokenizer":
        module = importlib.import_module("albert_tf.text.tokenizer")
        return module.AlbertTokenizer
    if name in _MODELS:
        _import_what_files_hold()
        module = importlib.import_module(f"albert_tf.models.{_MODELS[name]}")
        return getattr(module, name)
    raise AttributeError(f"module 'albert_tf' has no attribute {name!r}")


def _import_what_files_hold():
    """Imports it all at once: Keras finds only imported classes in a file."""
    importlib.import_module("albert_tf.checkpoints")
    models = [f"models.{file_name}" for file_name in _MODELS.values()]
    for module_name in (*models, *_TRAINING):
        importlib.import_module(f"albert_tf.{module_name}")
    # Keras before 3.13 has no Muon, and then no file has one.
    with contextlib.suppress(ImportError):
        importlib.import_module("albert_tf.optim.muon")


def __dir__():
    return sorted([*globals(), *__all__])
