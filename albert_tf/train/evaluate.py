"""Scores a classifier on labelled data: `albert evaluate`."""

from albert_tf import AlbertForSequenceClassification, AlbertTokenizer
from albert_tf.data.batches import BucketedBatches
from albert_tf.data.tasks import label_indices
from albert_tf.metrics import classification


def load_classifier(directory):
    """Returns (model, tokenizer, labels) of a saved classifier.

    Raises:
        ValueError: the directory holds none.
    """
    model = AlbertForSequenceClassification.from_pretrained(directory)
    tokenizer = AlbertTokenizer.from_pretrained(directory)
    labels = model.labels or [f"LABEL_{i}" for i in range(model.num_labels)]
    return model, tokenizer, labels


def predict_logits(model, tokenizer, examples, *, max_length, batch_size=32):
    """Returns the logits of every example, in their order.

    Args:
        model: AlbertForSequenceClassification.
        tokenizer: AlbertTokenizer.
        examples: list of Example.
        max_length: int. Longest input, in tokens.
        batch_size: int.

    Returns:
        float[examples, labels].
    """
    has_pairs = examples[0].pair is not None
    rows = tokenizer.pack(
        [example.text for example in examples],
        [example.pair for example in examples] if has_pairs else None,
        max_length=max_length,
    )
    batches = BucketedBatches(
        rows, batch_size=batch_size, pad_id=tokenizer.pad_id
    )
    dataset, order = batches.in_order()
    predicted = model.predict(dataset, verbose=0)
    logits = predicted.copy()
    logits[order] = predicted
    return logits


def evaluate(directory, examples, *, max_length=None):
    """Scores a saved classifier.

    Args:
        directory: of the model.
        examples: list of Example with labels.
        max_length: int or None for all positions that the model has.

    Returns:
        dict: `accuracy`, `macro_f1` and `matthews_correlation`; `f1`, a dict
        of label to score; `confusion`, counts by expected and predicted
        label; `num_examples`.

    Raises:
        ValueError: an example's label is not one that the model knows.
    """
    model, tokenizer, labels = load_classifier(directory)
    expected = label_indices(examples, labels)
    length = max_length or model.albert_config.max_position_embeddings
    logits = predict_logits(model, tokenizer, examples, max_length=length)
    confusion = classification.confusion_matrix(
        expected, logits.argmax(-1), len(labels)
    )
    f1 = classification.f1_scores(confusion)
    return {
        "num_examples": len(examples),
        "accuracy": classification.accuracy(confusion),
        "macro_f1": float(f1.mean()),
        "matthews_correlation": classification.matthews_correlation(confusion),
        "f1": dict(zip(labels, f1.tolist())),
        "confusion": {
            label: dict(zip(labels, row.tolist()))
            for label, row in zip(labels, confusion)
        },
    }
