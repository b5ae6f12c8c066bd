"""Brings weights from one format to another: `albert convert`."""

from pathlib import Path

import albert_tf
from albert_tf import AlbertTokenizer
from albert_tf.checkpoints import google, hugging_face, keras_hub, source
from albert_tf.checkpoints.pretrained import assign, check_vocabulary

FORMATS = ("albert_tf", "hugging_face", "google", "keras_hub")
# Names under which releases carry the SentencePiece model.
_TOKENIZERS = (
    "spiece.model",
    "30k-clean.model",
    "assets/tokenizer/vocabulary.spm",
)


def convert(origin, output, *, to="albert_tf", overwrite=False):
    """Reads weights of any format and writes them in another.

    The task's head and the tokenizer come along where both formats hold them.

    Args:
        origin: as `albert_tf.checkpoints.source.read` takes it.
        output: directory to write.
        to: one of `FORMATS`.
        overwrite: bool. Replaces files in a directory that is not empty.

    Returns:
        the model that was converted.

    Raises:
        ValueError: the source is missing or broken, its tokenizer belongs
            to another model, or the format cannot hold it.
    """
    output = Path(output)
    _check_output(output, overwrite)
    checkpoint = source.read(origin)
    model = _model(checkpoint)
    tokenizer = _tokenizer(origin)
    if tokenizer is not None:
        check_vocabulary(tokenizer, checkpoint.config, checkpoint.source)
    if to == "keras_hub":
        _write_keras_hub(model, output)
    elif to == "google":
        google.write(model, output)
    else:
        hugging_face.write(model, output)
    if tokenizer is not None and to != "keras_hub":
        tokenizer.save(output)
    print(
        f"{type(model).__name__}, {model.count_params():,} parameters, "
        f"{'with' if tokenizer else 'without'} tokenizer: {output}"
    )
    return model


def _check_output(output, overwrite):
    if output.exists() and not output.is_dir():
        raise ValueError(
            f"{output} is a file. Expected a directory to write to; choose "
            "another name."
        )
    if output.is_dir() and any(output.iterdir()) and not overwrite:
        raise ValueError(
            f"{output} is not empty. Pass --overwrite to replace files in "
            "it, or choose another directory."
        )


def _model(checkpoint):
    """Returns a model of the checkpoint's own class, with its weights."""
    name = checkpoint.architecture
    arguments = {}
    head = checkpoint.tensors.get("classifier.weight")
    if name is None:
        # A bare matrix of one row is Google's for multiple choice.
        name = (
            "AlbertForMultipleChoice"
            if head.shape[0] == 1
            else "AlbertForSequenceClassification"
        )
    if name not in albert_tf.__all__:
        raise ValueError(
            f"{checkpoint.source} is a {name}, which has no counterpart "
            "here. Expected one of: "
            f"{', '.join(n for n in albert_tf.__all__ if 'For' in n)}."
        )
    if name.endswith(("SequenceClassification", "TokenClassification")):
        arguments = {"num_labels": head.shape[0], "labels": checkpoint.labels}
    model = getattr(albert_tf, name)(checkpoint.config, **arguments)
    assign(model, checkpoint, is_new_head=False)
    return model


def _tokenizer(origin):
    if not isinstance(origin, (str, Path)):
        return None
    if str(origin).startswith("keras_hub://"):
        return None
    directory = source.local_directory(origin)
    for name in _TOKENIZERS:
        if (directory / name).exists():
            if name == "spiece.model":
                return AlbertTokenizer.from_pretrained(directory)
            return AlbertTokenizer(directory / name)
    return None


def _write_keras_hub(model, output):
    backbone = keras_hub.to_backbone(model)
    output.mkdir(parents=True, exist_ok=True)
    backbone.save_to_preset(str(output))
