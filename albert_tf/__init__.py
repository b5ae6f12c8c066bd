"""ALBERT for phones and small boards: train in Keras, export to TFLite.

Public names load on first use, so importing the package alone loads neither
TensorFlow nor Keras: a device uses `albert_tf.edge` without them.
"""

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


def __getattr__(name):
    if name == "AlbertConfig":
        return importlib.import_module("albert_tf.config").AlbertConfig
    if name == "AlbertTokenizer":
        module = importlib.import_module("albert_tf.text.tokenizer")
        return module.AlbertTokenizer
    if name in _MODELS:
        importlib.import_module("albert_tf.checkpoints")
        # All at once, since Keras finds only imported classes in a file.
        for file_name in _MODELS.values():
            importlib.import_module(f"albert_tf.models.{file_name}")
        module = importlib.import_module(f"albert_tf.models.{_MODELS[name]}")
        return getattr(module, name)
    raise AttributeError(f"module 'albert_tf' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
