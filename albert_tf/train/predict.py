"""Labels texts with a trained classifier: `albert predict`."""

import json
import sys

import numpy as np

from albert_tf.data.examples import Example
from albert_tf.train.evaluate import load_classifier, predict_logits


def predict(directory, examples, *, max_length=None):
    """Returns the label and the probabilities of every example.

    Args:
        directory: of the model.
        examples: list of Example; labels are not looked at.
        max_length: int or None for all positions that the model has.

    Returns:
        list of dict: `text`, `label`, `probabilities` by label.
    """
    model, tokenizer, labels = load_classifier(directory)
    length = max_length or model.albert_config.max_position_embeddings
    logits = predict_logits(model, tokenizer, examples, max_length=length)
    exponentials = np.exp(logits - logits.max(-1, keepdims=True))
    probabilities = exponentials / exponentials.sum(-1, keepdims=True)
    return [
        {
            "text": example.text,
            "label": labels[int(row.argmax())],
            "probabilities": dict(zip(labels, row.tolist())),
        }
        for example, row in zip(examples, probabilities)
    ]


def read_lines():
    """Returns the lines of standard input as examples.

    Raises:
        ValueError: there is none, or a line is empty or not UTF-8.
    """
    examples = []
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            text = line.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise ValueError(
                f"stdin, line {number}: not UTF-8. Convert it first, for "
                "example with iconv."
            ) from error
        if not text.strip():
            raise ValueError(f"stdin, line {number}: the text is empty.")
        examples.append(Example(text, None, None, f"stdin, line {number}"))
    if not examples:
        raise ValueError("Standard input is empty. Expected a text a line.")
    return examples


def as_lines(predictions):
    """Yields each prediction as a line of JSON."""
    for prediction in predictions:
        yield json.dumps(prediction, ensure_ascii=False)
