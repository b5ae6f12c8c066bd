"""Google's TF1 checkpoints: `albert_config.json` and `model.ckpt-*`."""

import json
import os
import re
from pathlib import Path

import numpy as np

from albert_tf.checkpoints.checkpoint import Checkpoint, infer_architecture
from albert_tf.checkpoints.names import (
    EMBEDDINGS,
    EXITS,
    HEADS,
    KINDS,
    LAYER,
    POOLER,
    join_google,
    named_variables,
)
from albert_tf.config import AlbertConfig
from albert_tf.files import written_aside

CONFIG_FILE = "albert_config.json"
_NAME = "model.ckpt-best"
# What a trainer stores beside the weights.
_SLOTS = re.compile(
    r"(/adam_[mv]|/lamb_[mv]|/Adam(_1)?|/AdamWeightDecay.*)$"
    r"|^(global_step|beta[12]_power|loss_scale|good_steps)$"
)
_NORM, _SECOND_NORM = "/LayerNorm/", "/LayerNorm_1/"


def is_google(place):
    """Whether a directory holds a TF1 checkpoint, or a path is one's prefix."""
    return _prefix(Path(place)) is not None


def read(place):
    """Reads a checkpoint.

    Args:
        place: directory with `albert_config.json` and `model.ckpt-*.index`
            and `.data-*`, or the path that these two share, such as
            `DIR/model.ckpt-best`. A directory that has several gives the one
            that its file `checkpoint` names, else the last. The folder
            written there, often another machine's, is ignored.

    Returns:
        Checkpoint.

    Raises:
        ValueError: a file is missing or broken, or holds a head that no
            model here has.
    """
    prefix = _prefix(Path(place))
    arrays = _share_norm(_load(prefix))
    _check_layout(arrays, prefix)
    config = AlbertConfig.from_json(_config_path(prefix.parent))
    table = _translations(config)
    tensors = {}
    for name, array in arrays.items():
        theirs, is_transposed = table.get(name, (name, False))
        tensors[theirs] = array.T if is_transposed else array
    return Checkpoint(
        source=os.fspath(prefix),
        config=config,
        tensors=tensors,
        architecture=infer_architecture(tensors),
    )


def write(model, directory):
    """Writes a TF1 checkpoint and `albert_config.json`.

    Args:
        model: one of our models.
        directory: path; made if missing.

    Raises:
        ValueError: the model uses what Google's code lacks; the directory
            cannot be written to.
    """
    directory = Path(directory)
    fields = _config_fields(model.albert_config)
    arrays = {
        named.google: named.to_array(named.is_transposed_at_google)
        for named in named_variables(model)
    }
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"Cannot write to {directory}: {error.strerror}. Choose a folder "
            "that you may write to."
        ) from error
    _save(arrays, directory / _NAME)
    with written_aside(directory / "checkpoint") as path:
        path.write_text(f'model_checkpoint_path: "{_NAME}"\n')
    with written_aside(directory / CONFIG_FILE) as path:
        path.write_text(json.dumps(fields, indent=1) + "\n")


def _save(arrays, prefix):
    """Writes the files that share a path.

    Raises:
        ValueError: they cannot be written.
    """
    import tensorflow as tf

    try:
        # What tf.compat.v1.train.Saver runs, without its graph and session.
        tf.raw_ops.SaveV2(
            prefix=os.fspath(prefix),
            tensor_names=list(arrays),
            shape_and_slices=[""] * len(arrays),
            tensors=list(arrays.values()),
        )
    except tf.errors.OpError as error:
        for half_written in prefix.parent.glob(f"{prefix.name}.*.tempstate*"):
            half_written.unlink(missing_ok=True)
        # It reads "{{node}} PATH; REASON [Op:SaveV2]".
        reason = error.message.rpartition("; ")[2].removesuffix(" [Op:SaveV2]")
        raise ValueError(
            f"Cannot write to {prefix.parent}: {reason}. Choose a folder that "
            "you may write to, with room for the weights."
        ) from error


def _config_fields(config):
    """Returns the keys of `albert_config.json`.

    Raises:
        ValueError: Google's code would compute something else.
    """
    if config.hidden_act == "gelu" or config.layer_norm_eps != 1e-12:
        raise ValueError(
            "Google's code has the tanh form of GELU and a layer-norm epsilon "
            f"of 1e-12. Received: hidden_act={config.hidden_act!r}, "
            f"layer_norm_eps={config.layer_norm_eps}. It would compute other "
            "numbers; convert to another format."
        )
    fields = config.to_dict()
    for name in ("model_type", "classifier_dropout_prob", "layer_norm_eps"):
        del fields[name]
    # Subtle: what Google calls "gelu" is the tanh form.
    fields["hidden_act"] = fields["hidden_act"].replace("gelu_new", "gelu")
    return fields


def _prefix(place):
    """Returns the path that a checkpoint's files share, or None."""
    if Path(f"{place}.index").is_file():
        return place
    found = sorted(path.with_suffix("") for path in place.glob("*.index"))
    named = _named_latest(place / "checkpoint")
    if named in found:
        return named
    return max(found, key=_step, default=None)


def _named_latest(path):
    """Returns the prefix that a file `checkpoint` names, in its own folder."""
    if not path.is_file():
        return None
    line = path.read_text(encoding="utf-8", errors="replace")
    match = re.search(r'^model_checkpoint_path: *"([^"]+)"', line, re.M)
    return path.parent / Path(match[1]).name if match else None


def _step(prefix):
    """Returns the number of steps in a name; `model.ckpt-best` is the last."""
    number = re.search(r"-(\d+)$", prefix.name)
    return int(number[1]) if number else float("inf")


def _config_path(directory):
    path = directory / CONFIG_FILE
    return path if path.exists() else directory / "config.json"


def _load(prefix):
    import tensorflow as tf

    try:
        reader = tf.train.load_checkpoint(os.fspath(prefix))
        return {
            name: np.asarray(reader.get_tensor(name))
            for name in reader.get_variable_to_shape_map()
            if not _SLOTS.search(name)
        }
    except (
        tf.errors.OpError,
        IndexError,
        RuntimeError,
        ValueError,
    ) as error:
        raise ValueError(
            f"{prefix} is broken or incomplete: {str(error).splitlines()[0]}."
            " Copy its .index and .data files again."
        ) from error


def _check_layout(names, prefix):
    """Refuses what is stored likewise but is another model.

    Raises:
        ValueError: the names are SQuAD 2.0's or albert_zh's.
    """
    if any("start_logits/" in n or "answer_class/" in n for n in names):
        raise ValueError(
            f"{prefix} has SQuAD 2.0's conditional head (start_logits/, "
            "end_logits/, answer_class/), which has no place in "
            "AlbertForQuestionAnswering. Take a SQuAD 1.1 checkpoint, or "
            "fine-tune the pretrained one."
        )
    if any("/layer_shared/" in name for name in names):
        raise ValueError(
            f"{prefix} is of brightmart/albert_zh (layer_shared), which is "
            "another architecture: its positions and segments are of the "
            "hidden width. Take Google's checkpoint of the same language."
        )


def _share_norm(arrays):
    """Gives both norms of a layer the one that a checkpoint has.

    Under a TensorFlow whose layer norm reuses variables, Google's code
    trains one norm a layer and applies it twice.
    """
    layer = "bert/encoder/transformer/"
    if any(n.startswith(layer) and _SECOND_NORM in n for n in arrays):
        return arrays
    second = {
        name.replace(_NORM, _SECOND_NORM): array
        for name, array in arrays.items()
        if name.startswith(layer) and _NORM in name
    }
    return {**arrays, **second}


def _translations(config):
    """Returns Google's name to (Hugging Face's, whether to transpose)."""
    layers = [
        (row, {"g": group, "i": inner})
        for row in LAYER
        for group in range(config.num_hidden_groups)
        for inner in range(config.inner_group_num)
    ]
    heads = (*HEADS.values(), EXITS)
    rest = (*EMBEDDINGS, *POOLER, *(row for rows in heads for row in rows))
    table = {}
    for (kind, _, theirs, google), place in [*layers, *((r, {}) for r in rest)]:
        for _, name, transposed, ours, google_transposed in KINDS[kind]:
            key = join_google(google.format(**place), ours)
            table[key] = (
                f"{theirs.format(**place)}.{name}",
                transposed != google_transposed,
            )
    return table
