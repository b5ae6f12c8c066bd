"""`from_pretrained` and `save_pretrained`."""

import inspect
import logging
from pathlib import Path

from albert_tf.checkpoints import hugging_face, source
from albert_tf.checkpoints.assign import assign_tensors
from albert_tf.checkpoints.checkpoint import HEAD_PREFIXES, POOLER_PREFIX
from albert_tf.checkpoints.names import named_variables

_logger = logging.getLogger("albert_tf")


def save(model, directory, tokenizer=None):
    """Writes a model as a directory; see `PretrainedModel.save_pretrained`."""
    if tokenizer is not None:
        check_vocabulary(tokenizer, model.albert_config, directory)
    hugging_face.write(model, directory)
    if tokenizer is not None:
        tokenizer.save(Path(directory))


def load(model_class, origin, **kwargs):
    """Builds a model from any source; see `PretrainedModel.from_pretrained`."""
    checkpoint = source.read(origin)
    asked = {k: kwargs[k] for k in ("num_labels", "labels") if k in kwargs}
    arguments = {**_saved_labels(model_class, checkpoint), **kwargs}
    if asked:
        # What the caller says of labels replaces all that the file says.
        arguments = {**kwargs}
    model = model_class(checkpoint.config, **arguments)
    assign(
        model, checkpoint, is_new_head=_is_new_head(model, checkpoint, asked)
    )
    return model


def assign(model, checkpoint, *, is_new_head):
    """Copies a checkpoint into a model.

    Args:
        model: one of our models.
        checkpoint: Checkpoint.
        is_new_head: bool. Whether the model's head starts anew, so that the
            checkpoint's is left out.

    Raises:
        ValueError: something other than the head is missing or left over; a
            shape differs.
    """
    tensors = dict(checkpoint.tensors)
    dropped = checkpoint.head_names() if is_new_head else set()
    for name in dropped:
        del tensors[name]
    optional = (POOLER_PREFIX, *HEAD_PREFIXES) if is_new_head else ()
    missing, left_over = assign_tensors(
        named_variables(model),
        tensors,
        source=checkpoint.source,
        optional_prefixes=optional,
    )
    unused = sorted(dropped) + left_over
    if missing:
        _logger.warning("new, to be trained: %s", ", ".join(missing))
    if unused:
        _logger.warning(
            "left out of %s: %s", checkpoint.source, ", ".join(unused)
        )


def check_vocabulary(tokenizer, config, place):
    """Refuses a tokenizer of another model.

    Raises:
        ValueError: their numbers of pieces differ.
    """
    if tokenizer.vocab_size != config.vocab_size:
        raise ValueError(
            f"{place}: the tokenizer has {tokenizer.vocab_size} pieces, the "
            f"model {config.vocab_size}. Take the tokenizer that the model "
            "was trained with."
        )


def _saved_labels(model_class, checkpoint):
    """Returns the constructor's label arguments that a checkpoint implies."""
    if "labels" not in inspect.signature(model_class).parameters:
        return {}
    if checkpoint.labels is not None:
        return {"labels": checkpoint.labels}
    head = checkpoint.tensors.get("classifier.bias")
    return {} if head is None else {"num_labels": head.shape[0]}


def _is_new_head(model, checkpoint, asked):
    """Whether the caller asked for a head that the checkpoint cannot have.

    That is so where the checkpoint is of another task, or where the caller
    names other labels than it has.
    """
    ours = type(model).__name__
    heads = {
        named.hugging_face: named.shape
        for named in named_variables(model)
        if named.hugging_face.startswith(HEAD_PREFIXES)
    }
    if checkpoint.architecture is None:
        return not set(heads) <= set(checkpoint.tensors) or any(
            asked and checkpoint.tensors[name].shape != shape
            for name, shape in heads.items()
        )
    if checkpoint.architecture != ours:
        return True
    if not asked:
        return False
    named = asked.get("labels")
    if named is not None and checkpoint.labels is not None:
        return list(named) != checkpoint.labels
    return any(
        checkpoint.tensors.get(name) is not None
        and checkpoint.tensors[name].shape != shape
        for name, shape in heads.items()
    )
