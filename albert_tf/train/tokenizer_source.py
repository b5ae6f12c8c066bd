"""The tokenizer that lies beside weights."""

from albert_tf.checkpoints.source import directory_of
from albert_tf.text.model_files import find_model
from albert_tf.text.tokenizer import AlbertTokenizer


def tokenizer_file(source):
    """Returns the path of the SentencePiece model beside weights, or None.

    Args:
        source: as `from_pretrained` takes it. A live model has none.

    Raises:
        ValueError: there is no such directory.
    """
    directory = directory_of(source)
    return None if directory is None else find_model(directory)


def pretrained_tokenizer(source):
    """Returns the tokenizer beside weights, downloaded first if need be.

    Args:
        source: as of `tokenizer_file`.

    Raises:
        ValueError: there is none, or it is broken.
    """
    path = tokenizer_file(source)
    if path is None:
        raise ValueError(
            f"No SentencePiece model lies beside {source}. Copy it there as "
            "spiece.model."
        )
    return AlbertTokenizer.from_pretrained(path)
