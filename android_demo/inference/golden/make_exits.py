"""Writes a model with early exit, and what Python's runner answers with it.

    python -m android_demo.inference.golden.make_exits

`exits.tflite`, and `exits.json`: rows as of `classes.json`, see `make_golden`,
with `patience`, null for the bundle's own, and `layers_used`.
"""

from albert_tf.edge import Classifier
from android_demo.inference.golden import make_bundles
from android_demo.inference.golden.make_golden import (
    HERE,
    ODD_TEXTS,
    classification,
    intent_texts,
    write,
)

PATIENCES = (None, 0, 1, 6)


def rows(path):
    """Returns the answers to every text with each patience."""
    texts = [*intent_texts()[:40], *ODD_TEXTS]
    made = []
    for patience in PATIENCES:
        classifier = Classifier(path, patience=patience, self_test=True)
        for text in texts:
            row = classification(classifier, text)
            layers_used = classifier.classify(text).layers_used
            made.append(
                {**row, "patience": patience, "layers_used": layers_used}
            )
    return made


if __name__ == "__main__":
    make_bundles.write("exits")
    write(HERE / "exits.json", rows(HERE / "exits.tflite"))
