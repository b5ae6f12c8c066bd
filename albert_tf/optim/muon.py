"""Muon, for pretraining in fewer steps."""

import keras

from albert_tf.optim.exclusion import (
    BIASES_AND_NORMS,
    check_patterns,
    names_for_keras,
)
from albert_tf.optim.updates import WholeBatchUpdates

# Older ones have none, or one whose rates are of another size.
if tuple(map(int, keras.__version__.split(".")[:2])) < (3, 13):
    raise ImportError(
        f"Muon needs Keras 3.13 or later. Received: {keras.__version__}. "
        "Upgrade by `pip install -U keras`, or pass --optimizer adamw."
    )


@keras.saving.register_keras_serializable(package="albert_tf")
class AlbertMuon(WholeBatchUpdates, keras.optimizers.Muon):
    """`keras.optimizers.Muon`, set up for ALBERT's variables.

    Matrices of the transformer layer and of the masked LM head are moved by
    their orthogonalized momentum. Embeddings, vectors, the pooler and the
    classifiers, for which Muon is not made, are moved by Adam.

    Args:
        learning_rate: float or LearningRateSchedule. Of the matrices.
        weight_decay: float >= 0, of all that is decayed.
        exclude: list of str, regular expressions searched in the last part
            of a variable's path: what is not decayed.
        global_clipnorm: float or None. None does not clip.
        adam_lr_ratio: float. Adam's rate, as a share of the matrices'.
        adam_beta_2: float.
        exclude_layers: list of str, regular expressions searched in a
            variable's path: what Adam moves beside embeddings and vectors.
        **kwargs: of `keras.optimizers.Muon`.

    Raises:
        ImportError: on import; Keras is older than 3.13.

    Source: Keller Jordan et al., "Muon: An optimizer for hidden layers in
    neural networks" (2024); scaled as in arXiv:2502.16982 section 2.2, so
    that rates are of Adam's size.
    """

    def __init__(
        self,
        learning_rate=2e-3,
        weight_decay=0.01,
        exclude=BIASES_AND_NORMS,
        global_clipnorm=1.0,
        adam_lr_ratio=0.5,
        adam_beta_2=0.98,
        exclude_layers=("pooler", "sentence_order", "classifier"),
        **kwargs,
    ):
        kwargs["adam_weight_decay"] = weight_decay
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            global_clipnorm=global_clipnorm,
            adam_lr_ratio=adam_lr_ratio,
            adam_beta_2=adam_beta_2,
            exclude_layers=check_patterns(exclude_layers, "exclude_layers"),
            **kwargs,
        )
        self.exclude = check_patterns(exclude, "exclude")
        self.exclude_from_weight_decay(var_names=names_for_keras(self.exclude))

    # Muon's own is not made for TensorFlow's strategies, and knows two rates.
    _apply_weight_decay = keras.optimizers.Optimizer._apply_weight_decay

    def update_step(self, gradient, variable, learning_rate):
        # An embedding's gradient may come as rows to be summed; adding 0
        # sums them.
        gradient = keras.ops.add(gradient, 0.0)
        super().update_step(gradient, variable, learning_rate)

    def get_config(self):
        config = super().get_config()
        del config["adam_weight_decay"]
        return {**config, "exclude": list(self.exclude)}
