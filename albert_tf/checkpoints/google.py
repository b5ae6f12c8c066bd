"""Google's TF1 checkpoints: `albert_config.json` and `model.ckpt-*`."""

import json
import os
import re
from pathlib import Path

import numpy as np

from albert_tf.checkpoints.checkpoint import Checkpoint, infer_architecture
from albert_tf.checkpoints.names import (
    EMBEDDINGS,
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
# What a trainer stores beside the weights.
_SLOTS = re.compile(
    r"(/adam_[mv]|/lamb_[mv]|/Adam(_1)?|/AdamWeightDecay.*)$"
    r"|^(global_step|beta[12]_power|loss_scale|good_steps)$"
)
_NORM, _SECOND_NORM = "/LayerNorm/", "/LayerNorm_1/"


def is_google(directory):
    """Whether a directory holds a TF1 checkpoint."""
    return _prefix(Path(directory)) is not None


def read(directory):
    """Reads a checkpoint directory.

    Args:
        directory: with `albert_config.json` and `model.ckpt-*.index` and
            `.data-*`. A file `checkpoint` is not needed: it often carries
            another machine's path.

    Returns:
        Checkpoint.

    Raises:
        ValueError: a file is missing or broken, or holds a head that no
            model here has.
    """
    directory = Path(directory)
    config = AlbertConfig.from_json(_config_path(directory))
    prefix = _prefix(directory)
    arrays = _share_norm(_load(prefix))
    if any("start_logits/" in n or "answer_class/" in n for n in arrays):
        raise ValueError(
            f"{prefix} has SQuAD 2.0's conditional head (start_logits/, "
            "end_logits/, answer_class/), which has no place in "
            "AlbertForQuestionAnswering. Take a SQuAD 1.1 checkpoint, or "
            "fine-tune the pretrained one."
        )
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
    """
    import tensorflow.compat.v1 as tf

    directory = Path(directory)
    fields = model.albert_config.to_dict()
    # Subtle: Google's "gelu" is the tanh form, the only one it knows.
    if fields["hidden_act"] == "gelu":
        raise ValueError(
            "Google's code has the tanh form of GELU only; this model uses "
            "the erf form (hidden_act='gelu'). Train it with 'gelu_new'."
        )
    names = ("model_type", "classifier_dropout_prob", "layer_norm_eps")
    fields = {k: v for k, v in fields.items() if k not in names}
    fields["hidden_act"] = fields["hidden_act"].replace("gelu_new", "gelu")
    arrays = {
        named.google: named.to_array(named.is_transposed_at_google)
        for named in named_variables(model)
    }
    graph = tf.Graph()
    with graph.as_default(), tf.Session(graph=graph) as session:
        for name, array in arrays.items():
            tf.get_variable(name, initializer=array)
        session.run(tf.global_variables_initializer())
        directory.mkdir(parents=True, exist_ok=True)
        tf.train.Saver().save(
            session,
            os.fspath(directory / "model.ckpt-best"),
            write_meta_graph=False,
        )
    with written_aside(directory / CONFIG_FILE) as path:
        path.write_text(json.dumps(fields, indent=1) + "\n")


def _prefix(directory):
    """Returns the path that a checkpoint's files share, the newest's."""
    found = sorted(
        directory.glob("*.index"), key=lambda path: path.stat().st_mtime
    )
    return found[-1].with_suffix("") if found else None


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
    rest = (*EMBEDDINGS, *POOLER, *(r for rows in HEADS.values() for r in rows))
    table = {}
    for (kind, _, theirs, google), place in [*layers, *((r, {}) for r in rest)]:
        for _, name, transposed, ours, google_transposed in KINDS[kind]:
            key = join_google(google.format(**place), ours)
            table[key] = (
                f"{theirs.format(**place)}.{name}",
                transposed != google_transposed,
            )
    return table
