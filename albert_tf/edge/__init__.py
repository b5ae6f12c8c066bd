"""Runs exported models with numpy, sentencepiece and one TFLite runtime.

from albert_tf.edge import Classifier

classifier = Classifier("intents.tflite")
print(classifier.classify("turn the lamp off").label)
"""

from albert_tf.edge.bundle import Bundle
from albert_tf.edge.classifier import Classification, Classifier
from albert_tf.edge.runtime import find_runtime
from albert_tf.edge.session import Session

__all__ = [
    "Bundle",
    "Classification",
    "Classifier",
    "Session",
    "find_runtime",
]
