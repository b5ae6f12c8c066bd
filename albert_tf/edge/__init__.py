"""Runs exported models with numpy, sentencepiece and one TFLite runtime.

from albert_tf.edge import Classifier

classifier = Classifier("intents.tflite")
print(classifier.classify("turn the lamp off").label)
"""

from albert_tf.edge.answerer import Answerer, Reply
from albert_tf.edge.bundle import Bundle
from albert_tf.edge.chooser import Choice, Chooser
from albert_tf.edge.classifier import Classification, Classifier
from albert_tf.edge.mask_filler import Guess, MaskFiller
from albert_tf.edge.regressor import Regressor, Score
from albert_tf.edge.runtime import find_runtime
from albert_tf.edge.session import Session
from albert_tf.edge.tagger import Tag, Tagger, Tagging

__all__ = [
    "Answerer",
    "Bundle",
    "Choice",
    "Chooser",
    "Classification",
    "Classifier",
    "Guess",
    "MaskFiller",
    "Regressor",
    "Reply",
    "Score",
    "Session",
    "Tag",
    "Tagger",
    "Tagging",
    "find_runtime",
]
