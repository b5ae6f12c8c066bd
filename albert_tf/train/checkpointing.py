"""Less memory for activations: they are computed again when needed."""


def checkpoint_gradients(model):
    """Lets a model keep no more of each layer than its input.

    Args:
        model: one of our task or pretraining models.

    Raises:
        ValueError: it has dropout in its layers.
    """
    rates = model.albert_config
    if rates.hidden_dropout_prob or rates.attention_probs_dropout_prob:
        raise ValueError(
            "Gradient checkpointing runs each layer twice, and dropout would "
            "differ between the two. Pass --dropout 0, as the v2 models were "
            "trained."
        )
    model.encoder.gradient_checkpointing = True
