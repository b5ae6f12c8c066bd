"""The TFAlbert* classes of transformers, the last release that has them."""

import functools

import numpy as np
import pytest

from tests.models.common import inputs_of

SEED = 2


@functools.cache
def tf_albert(config, name):
    """Returns the removed TensorFlow class with perturbed weights.

    Args:
        config: AlbertConfig of ours.
        name: str, of our class.
    """
    transformers = pytest.importorskip("transformers")
    tf_keras = pytest.importorskip("tf_keras")
    # Some draws amplify float32's rounding beyond what is compared here.
    tf_keras.utils.set_random_seed(SEED)
    fields = config.to_dict()
    fields["num_labels"] = 3 if "Classification" in name else 2
    theirs = getattr(transformers, "TF" + name.replace("Encoder", "Model"))
    model = theirs(transformers.AlbertConfig(**fields))
    model.build_in_name_scope()
    generator = np.random.default_rng(SEED)
    for weight in model.weights:
        weight.assign(weight + generator.normal(0, 0.1, weight.shape))
    return model


def tf_outputs(model, name, batch):
    """Returns the outputs of such a model as a list of arrays."""
    inputs = inputs_of(name, batch)
    result = model(
        {
            "input_ids": inputs["token_ids"],
            "token_type_ids": inputs["segment_ids"],
            "attention_mask": inputs["padding_mask"],
        }
    )
    return [np.asarray(value) for value in result.values()]
