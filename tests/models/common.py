"""What tests of models and of their checkpoints share."""

import numpy as np

CLASSES = (
    "AlbertEncoder",
    "AlbertForMaskedLM",
    "AlbertForMultipleChoice",
    "AlbertForPreTraining",
    "AlbertForQuestionAnswering",
    "AlbertForSequenceClassification",
    "AlbertForTokenClassification",
)


def inputs_of(name, batch):
    """Returns the batch in the shape that a model of this name takes."""
    if name == "AlbertForMultipleChoice":
        return {
            k: np.stack([v, np.roll(v, 1, axis=0)], axis=1)
            for k, v in batch.items()
        }
    return dict(batch)


def perturb(model, seed=1):
    """Moves every weight, so that a wrong name or orientation shows."""
    generator = np.random.default_rng(seed)
    for variable in model.weights:
        if "seed" not in variable.path:
            noise = generator.normal(0, 0.1, variable.shape)
            variable.assign(np.asarray(variable) + noise)
    return model


def outputs_of(result):
    """Returns a model's outputs as a list of arrays."""
    values = result.values() if isinstance(result, dict) else [result]
    return [np.asarray(value) for value in values]


def same_weights(one, other):
    """Whether two models hold the same bits, dropout's seeds aside."""
    pairs = zip(one.weights, other.weights)
    kept = [(a, b) for a, b in pairs if "seed" not in a.path]
    return all((np.asarray(a) == np.asarray(b)).all() for a, b in kept)
