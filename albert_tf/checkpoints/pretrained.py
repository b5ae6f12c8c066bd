"""`from_pretrained` and `save_pretrained`."""

import inspect
import logging
from pathlib import Path

from albert_tf.checkpoints import hugging_face, source
from albert_tf.checkpoints.assign import assign_tensors
from albert_tf.checkpoints.checkpoint import (
    CLASSIFIER_PREFIX,
    EXITS_PREFIX,
    PARTS,
    POOLER_PREFIX,
)
from albert_tf.checkpoints.names import architecture_of, named_variables

# What a change of labels makes anew.
_OF_LABELS = (CLASSIFIER_PREFIX, EXITS_PREFIX)
# What a configuration says of training alone, so that a caller may differ.
_RATES = (
    "hidden_dropout_prob",
    "attention_probs_dropout_prob",
    "classifier_dropout_prob",
)
# What a text classifier here answers, by Hugging Face's names.
_ONE_LABEL, _SCORE = "single_label_classification", "regression"
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
    return _load(model_class, origin, kwargs)


def load_trained(model_class, origin):
    """Builds a model that is to answer: no weight of it starts anew.

    Args:
        model_class: one of our models' classes.
        origin: as `PretrainedModel.from_pretrained` takes it.

    Raises:
        ValueError: as `PretrainedModel.from_pretrained`; the source has no
            head of this class.
    """
    return _load(model_class, origin, {}, is_trained=True)


def _load(model_class, origin, kwargs, *, is_trained=False):
    checkpoint = source.read(origin)
    given = {k: v for k, v in kwargs.items() if v is not None}
    rates = {k: given.pop(k) for k in _RATES if k in given}
    config = checkpoint.config.replace(**rates)
    asked = {k: given[k] for k in ("num_labels", "labels") if k in given}
    implied = _implied_arguments(model_class, checkpoint, asked)
    model = model_class(config, **{**implied, **given})
    is_other = _is_other_classifier(model, checkpoint, asked)
    assign(
        model,
        checkpoint,
        is_new_classifier=is_other,
        is_trained=is_trained,
    )
    return model


def assign(model, checkpoint, *, is_new_classifier=False, is_trained=False):
    """Copies a checkpoint into a model.

    Every part that both have (the encoder, the pooler, a head) must match
    whole. A part that one of them lacks is a new head, or the head of another
    task: a line of the log names it.

    Args:
        model: one of our models.
        checkpoint: Checkpoint.
        is_new_classifier: bool. Whether the checkpoint's classifier is for
            other classes than the model's, and left out.
        is_trained: bool. Whether the model is to have no new head.

    Raises:
        ValueError: something other than a head is missing or left over; a
            shape differs; a head is missing that shall be there; a text
            classifier was trained for several labels a text, or several
            scores.
    """
    named = named_variables(model)
    kept = {
        name: array
        for name, array in checkpoint.tensors.items()
        if not (is_new_classifier and name.startswith(_OF_LABELS))
    }
    if any(name.startswith(CLASSIFIER_PREFIX) for name in kept):
        _check_problem(model, checkpoint)
    optional = _optional_parts(
        [variable.hugging_face for variable in named],
        kept,
        is_other_task=checkpoint.architecture != architecture_of(model),
        is_new_classifier=is_new_classifier,
    )
    missing, left_over = assign_tensors(
        named, kept, source=checkpoint.source, optional_prefixes=optional
    )
    left_over += sorted(set(checkpoint.tensors) - set(kept))
    if missing and is_trained:
        raise ValueError(
            f"{checkpoint.source} is of another task: it lacks "
            f"{', '.join(missing)}, which an {architecture_of(model)} "
            "answers with. Fine-tune it first, or name the task that it was "
            "trained for."
        )
    if missing:
        _logger.warning("new, to be trained: %s", ", ".join(missing))
    if left_over:
        _logger.warning(
            "left out of %s: %s", checkpoint.source, ", ".join(left_over)
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


def _check_problem(model, checkpoint):
    """Refuses a text classifier whose logits mean something else than here.

    Hugging Face has one class for three problems, and only `config.json`
    tells which. Its other classes do not look at it.
    """
    if architecture_of(model) != "AlbertForSequenceClassification":
        return
    problem = checkpoint.problem_type
    is_score = problem == _SCORE and model.num_labels == 1
    if problem not in (None, _ONE_LABEL) and not is_score:
        raise ValueError(
            f"{checkpoint.source}: `problem_type` must be {_ONE_LABEL!r}, or "
            f"{_SCORE!r} with one label: a text gets one label or one score "
            f"here. Received: problem_type={problem!r}, "
            f"num_labels={model.num_labels}. Take its AlbertEncoder and train "
            "a new head; correct config.json if a text has but one label."
        )


def _optional_parts(wanted, present, *, is_other_task, is_new_classifier):
    """Returns the prefixes of parts that one side alone may have.

    Args:
        wanted: the model's names.
        present: the file's names.
        is_other_task: bool. Whether the file is, or may be, of another task.
        is_new_classifier: bool. As for `assign`.

    Returns:
        tuple of str.
    """
    optional = []
    for part in PARTS:
        in_model = any(name.startswith(part) for name in wanted)
        in_file = any(name.startswith(part) for name in present)
        if in_model and not in_file:
            # Exit heads are there only where the caller asked for them.
            is_new = part == CLASSIFIER_PREFIX and is_new_classifier
            may_differ = is_other_task or is_new or part == EXITS_PREFIX
        else:
            # Google and early Hugging Face store a pooler with every task.
            may_differ = is_other_task or part in (POOLER_PREFIX, EXITS_PREFIX)
        if in_model != in_file and may_differ:
            optional.append(part)
    return tuple(optional)


def _implied_arguments(model_class, checkpoint, asked):
    """Returns the constructor's arguments that a checkpoint implies."""
    takes = _argument_names(model_class)
    implied = {}
    if "has_pooler" in takes and checkpoint.architecture == "AlbertEncoder":
        names = checkpoint.tensors
        implied["has_pooler"] = any(n.startswith(POOLER_PREFIX) for n in names)
    if "labels" not in takes or not _may_be(model_class, checkpoint):
        return implied
    if "exit_heads" in takes:
        names = checkpoint.tensors
        implied["exit_heads"] = any(n.startswith(EXITS_PREFIX) for n in names)
    labels, head = checkpoint.labels, checkpoint.tensors.get("classifier.bias")
    if labels is not None and asked in ({}, {"num_labels": len(labels)}):
        implied["labels"] = labels
    elif head is not None and not asked:
        implied["num_labels"] = head.shape[0]
    return implied


def _argument_names(model_class):
    """Returns what a constructor takes, also what it hands on by `**kwargs`."""
    names = set()
    for ancestor in model_class.__mro__:
        if "__init__" not in vars(ancestor):
            continue
        parameters = inspect.signature(ancestor.__init__).parameters
        names.update(parameters)
        kinds = {parameter.kind for parameter in parameters.values()}
        if inspect.Parameter.VAR_KEYWORD not in kinds:
            break
    return names


def _may_be(model_class, checkpoint):
    """Whether a checkpoint is of this class, as far as it tells."""
    names = [ancestor.__name__ for ancestor in model_class.__mro__]
    return checkpoint.architecture in (None, *names)


def _is_other_classifier(model, checkpoint, asked):
    """Whether a checkpoint's classifier is for other classes than a model's.

    That is so where the checkpoint is of another task, or where the caller
    names other labels than it has.
    """
    if not _may_be(type(model), checkpoint):
        return True
    if "labels" in asked and checkpoint.labels is not None:
        return [str(label) for label in asked["labels"]] != checkpoint.labels
    head = checkpoint.tensors.get("classifier.bias")
    return bool(asked) and head is not None and len(head) != model.num_labels
