"""A prepared corpus: the folder that `albert prepare` writes.

    train-00000-of-00004.tfrecord ...    heldout-00000-of-00001.tfrecord
    spiece.model, tokenizer_config.json  the tokenizer of the ids
    corpus.json                          written last: without it, no corpus

One record is one document, a serialized `tf.train.Example` of two int64
features: `token_ids`, the pieces of all sentences without special tokens,
and `sentence_lengths`, the number of pieces of each sentence.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from albert_tf.files import written_aside
from albert_tf.text.tokenizer import AlbertTokenizer

CORPUS_FILE = "corpus.json"
FORMAT_VERSION = 1
SPLITS = ("train", "heldout")
_AGAIN = "Make the corpus again with `albert prepare`."


@dataclasses.dataclass(frozen=True)
class Shard:
    """One TFRecord file of a corpus.

    Attributes:
        file: str. Name within the corpus's folder.
        num_documents: int.
        num_tokens: int.
        num_bytes: int. Size of the file.
    """

    file: str
    num_documents: int
    num_tokens: int
    num_bytes: int


@dataclasses.dataclass(frozen=True)
class Split:
    """The training or the held-out documents.

    Attributes:
        shards: tuple of Shard, none where no document was held out.
        num_documents: int.
        num_sentences: int.
        num_tokens: int.
        num_unknown: int. Tokens that are `<unk>`.
    """

    shards: tuple[Shard, ...]
    num_documents: int
    num_sentences: int
    num_tokens: int
    num_unknown: int


@dataclasses.dataclass(frozen=True)
class Corpus:
    """What `corpus.json` says of a folder of shards.

    Attributes:
        directory: Path.
        tokenizer_sha256: str. Of the bytes of `spiece.model`.
        do_lower_case: bool. As the tokenizer's.
        keep_accents: bool. As the tokenizer's.
        vocab_size: int. Pieces of the tokenizer.
        seed: int. Of the order of the documents and of the held-out draw.
        held_out: float in [0, 1). Share of documents drawn to be held out.
        splitter: str. What cut the text into sentences.
        splits: dict of `"train"` and `"heldout"` to Split.
        document_lengths: dict of int to int. How many documents have from
            this many tokens to twice as many, the upper bound left out.
        sentence_lengths: the same of sentences.

    Example:
        corpus = Corpus.open(directory)
        corpus.check_tokenizer(AlbertTokenizer.from_pretrained(directory))
        assert len(corpus.files("train")) == len(corpus.splits["train"].shards)
    """

    directory: Path
    tokenizer_sha256: str
    do_lower_case: bool
    keep_accents: bool
    vocab_size: int
    seed: int
    held_out: float
    splitter: str
    splits: dict[str, Split]
    document_lengths: dict[int, int]
    sentence_lengths: dict[int, int]

    @classmethod
    def open(cls, directory: str | os.PathLike[str]) -> Corpus:
        """Reads `corpus.json` and checks that every shard is there, whole.

        Args:
            directory: path, as `albert prepare` wrote it.

        Returns:
            Corpus.

        Raises:
            ValueError: the folder holds no finished corpus, its format is
                newer, a key is unknown, missing or of the wrong type, or a
                shard is missing or of another size.
        """
        directory = Path(directory)
        path = directory / CORPUS_FILE
        fields = _read(path)
        _check_version(path, fields)
        try:
            corpus = _from_fields(cls, directory, fields)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ValueError(
                f"{path} is no description of a corpus: {error}. {_AGAIN}"
            ) from error
        corpus._check_shards()
        return corpus

    def write(self) -> None:
        """Writes `corpus.json`, which makes the folder a corpus."""
        fields = {"format_version": FORMAT_VERSION, **dataclasses.asdict(self)}
        del fields["directory"]
        with written_aside(self.directory / CORPUS_FILE) as aside:
            aside.write_text(json.dumps(fields, indent=1) + "\n")

    def files(self, split: str) -> list[str]:
        """Returns the paths of a split's shards, in order."""
        return [
            os.fspath(self.directory / shard.file)
            for shard in self.splits[split].shards
        ]

    def num_documents(self, split: str) -> int:
        """Returns how many documents a split has."""
        return self.splits[split].num_documents

    def check_tokenizer(self, tokenizer: AlbertTokenizer) -> None:
        """Checks that a tokenizer made the ids of this corpus.

        Raises:
            ValueError: its model or its settings are others.
        """
        theirs = hashlib.sha256(tokenizer.model_proto).hexdigest()
        if theirs != self.tokenizer_sha256:
            raise ValueError(
                "The tokenizer does not match the corpus. Expected the "
                f"spiece.model that {self.directory} was prepared with, "
                f"sha256 {self.tokenizer_sha256}. Received: sha256 {theirs}. "
                "Use the one in that folder, or prepare the text again."
            )
        for name in ("do_lower_case", "keep_accents"):
            ours, other = getattr(self, name), getattr(tokenizer, name)
            if ours != other:
                raise ValueError(
                    f"The tokenizer does not match the corpus: "
                    f"{self.directory} was prepared with {name}={ours}. "
                    f"Received: {name}={other}. Use the tokenizer in that "
                    "folder, or prepare the text again."
                )

    def _check_shards(self) -> None:
        problems = []
        for split in self.splits.values():
            for shard in split.shards:
                path = self.directory / shard.file
                if not path.is_file():
                    problems.append(f"{shard.file} is missing")
                elif path.stat().st_size != shard.num_bytes:
                    problems.append(
                        f"{shard.file} has {path.stat().st_size} bytes, "
                        f"expected {shard.num_bytes}"
                    )
        if problems:
            raise ValueError(
                f"The corpus in {self.directory} is damaged: "
                f"{'; '.join(problems)}. Copy it again from where it came "
                f"from. Or: {_AGAIN}"
            )


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise ValueError(
            f"{path.parent} holds no finished corpus: {path.name} is missing. "
            "Expected a folder that `albert prepare` wrote to its end. "
            f"{_AGAIN}"
        )
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(fields, dict):
            raise ValueError("it holds no object")
    except (OSError, ValueError) as error:
        raise ValueError(f"Cannot read {path}: {error}. {_AGAIN}") from error
    return fields


def _check_version(path: Path, fields: dict[str, Any]) -> None:
    version = fields.get("format_version")
    if type(version) is int and version > FORMAT_VERSION:
        raise ValueError(
            f"{path} has format {version}; this albert_tf reads up to "
            f"{FORMAT_VERSION}. Update albert_tf, or prepare the text again."
        )
    if version != FORMAT_VERSION:
        raise ValueError(
            f"{path} must have `format_version` {FORMAT_VERSION}. Received: "
            f"{version!r}. {_AGAIN}"
        )


def _from_fields(
    cls: type[Corpus], directory: Path, fields: dict[str, Any]
) -> Corpus:
    fields = {k: v for k, v in fields.items() if k != "format_version"}
    _check_keys(cls, {**fields, "directory": directory}, "it")
    if set(fields["splits"]) != set(SPLITS):
        raise ValueError(f"`splits` must hold {' and '.join(SPLITS)}")
    fields["splits"] = {name: _split(fields["splits"][name]) for name in SPLITS}
    for name in ("document_lengths", "sentence_lengths"):
        histogram = fields[name].items()
        fields[name] = {int(key): _count(n, name) for key, n in histogram}
    for name, kind in (
        ("tokenizer_sha256", str),
        ("do_lower_case", bool),
        ("keep_accents", bool),
        ("vocab_size", int),
        ("seed", int),
        ("held_out", float),
        ("splitter", str),
    ):
        if type(fields[name]) is not kind:
            raise ValueError(
                f"`{name}` must be {kind.__name__}, not {fields[name]!r}"
            )
    return cls(directory=directory, **fields)


def _split(fields: dict[str, Any]) -> Split:
    _check_keys(Split, fields, "a split")
    counts = {k: _count(n, k) for k, n in fields.items() if k != "shards"}
    return Split(tuple(_shard(each) for each in fields["shards"]), **counts)


def _shard(fields: dict[str, Any]) -> Shard:
    _check_keys(Shard, fields, "a shard")
    counts = {k: _count(n, k) for k, n in fields.items() if k != "file"}
    if Path(fields["file"]).name != fields["file"]:
        raise ValueError(f"`file` must be a name, not {fields['file']!r}")
    return Shard(fields["file"], **counts)


def _check_keys(cls: type, fields: dict[str, Any], what: str) -> None:
    names = {field.name for field in dataclasses.fields(cls)}
    unknown, missing = set(fields) - names, names - set(fields)
    if unknown:
        raise ValueError(
            f"{what} has unknown keys {', '.join(sorted(unknown))}"
        )
    if missing:
        raise ValueError(f"{what} lacks {', '.join(sorted(missing))}")


def _count(value: Any, name: str) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"`{name}` must be a count, not {value!r}")
    return value
