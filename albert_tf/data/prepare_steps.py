"""What workers do to prepare a corpus: text to sorted shards of records.

Two steps, the results of the first grouped by shard for the second. Only
descriptions pass between them; the records lie in files, so that a runner
that keeps what passes in memory, as Beam's local one does, needs little of
it however large the text is.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import numpy as np

from albert_tf.data.corpus_counts import Counts, histogram
from albert_tf.data.prepare_progress import tell_progress
from albert_tf.data.raw_text import Part
from albert_tf.data.records import document_examples, framed
from albert_tf.data.sentences import find_splitter
from albert_tf.text.flat_ids import FlatEncoder
from albert_tf.text.tokenizer import AlbertTokenizer

_KEY_BYTES = 16
_SPILL_BYTES = 1 << 26
ShardName = tuple[str, int]


@dataclasses.dataclass(frozen=True)
class Job:
    """What every worker must know.

    Attributes:
        folder: str. Where the corpus grows; holds the tokenizer's files. All
            workers reach it under this path.
        splitter: str. As `find_splitter` takes it.
        seed: int.
        held_out: float in [0, 1).
        num_shards: dict of split to int.
    """

    folder: str
    splitter: str
    seed: int
    held_out: float
    num_shards: dict[str, int]

    def key(self, document: str) -> bytes:
        """Returns what fixes a document's place, whoever works on it."""
        text = document.encode("utf-8", "surrogatepass")
        seed = self.seed.to_bytes(8, "little", signed=True)
        return hashlib.blake2b(text, digest_size=_KEY_BYTES, key=seed).digest()

    def shard(self, key: bytes) -> ShardName:
        """Returns the shard of a document.

        The first half of the key is a number drawn from [0, 1); those below
        `held_out` are held out. Equal documents go the same way, and a
        document stays held out when the corpus grows.
        """
        draw = int.from_bytes(key[:8], "big") / 2**64
        split = "heldout" if draw < self.held_out else "train"
        return split, int.from_bytes(key[8:], "big") % self.num_shards[split]


@dataclasses.dataclass(frozen=True)
class Document:
    """One document on its way into a shard.

    Attributes:
        key: bytes. Of `Job.key`.
        record: bytes. Serialized example.
        sentence_lengths: int[N].
        num_unknown: int.
    """

    key: bytes
    record: bytes
    sentence_lengths: np.ndarray
    num_unknown: int


@dataclasses.dataclass(frozen=True)
class Run:
    """Documents of one shard that one worker left in a file.

    Attributes:
        file: str. Name in the job's folder; holds runs of several shards.
        offset: int. First byte.
        sizes: list of int. Bytes of each record, the key before it left out.
        counts: Counts of the documents.
    """

    file: str
    offset: int
    sizes: list[int]
    counts: Counts

    def read(self, folder: Path) -> Iterator[tuple[bytes, bytes]]:
        """Yields (key, record) of each document."""
        with open(folder / self.file, "rb") as file:
            file.seek(self.offset)
            for size in self.sizes:
                yield file.read(_KEY_BYTES), file.read(size)


@dataclasses.dataclass(frozen=True)
class Tokenize:
    """First step: reads a part, writes its records, says where they are."""

    job: Job

    def __call__(self, part: Part) -> Iterator[tuple[ShardName, Run]]:
        pending: list[Document] = []
        num_bytes = 0
        for texts in part.documents():
            tell_progress(self.job.folder, texts)
            documents = self.documents(texts)
            num_bytes += sum(len(each.record) for each in documents)
            pending += documents
            if num_bytes > _SPILL_BYTES:
                yield from self._spill(pending)
                pending, num_bytes = [], 0
        yield from self._spill(pending)

    def documents(self, texts: list[str]) -> list[Document]:
        """Turns texts into documents; those without any piece vanish."""
        split = find_splitter(self.job.splitter)
        sentences: list[str] = []
        ends = [0]
        for text in texts:
            for paragraph in text.split("\n"):
                sentences += split(paragraph)
            ends.append(len(sentences))
        ids, lengths = _encoder(self.job.folder).encode(sentences)
        return self._documents(texts, np.array(ends), ids, lengths)

    def _documents(self, texts, ends, ids, lengths) -> list[Document]:
        """Cuts arrays of all sentences into documents.

        Args:
            texts: D strings.
            ends: int[D + 1]. Where each document's sentences end.
            ids: int[T].
            lengths: int[N]. Of sentences, also such without a piece.
        """
        is_kept = np.concatenate([[0], np.cumsum(lengths > 0)])
        num_sentences = np.diff(is_kept[ends])
        lengths = lengths[lengths > 0]
        texts = [text for text, n in zip(texts, num_sentences) if n]
        num_sentences = num_sentences[num_sentences > 0]
        cuts = np.cumsum(num_sentences)[:-1]
        sentence_lengths = np.split(lengths, cuts) if texts else []
        tokens = np.concatenate([[0], np.cumsum(lengths)])
        unknown = np.concatenate([[0], np.cumsum(ids == self._unk_id)])
        bounds = tokens[np.concatenate([[0], np.cumsum(num_sentences)])]
        num_unknown = np.diff(unknown[bounds]).tolist()
        records = document_examples(ids, lengths, num_sentences)
        keys = map(self.job.key, texts)
        return [
            Document(*each)
            for each in zip(keys, records, sentence_lengths, num_unknown)
        ]

    @property
    def _unk_id(self) -> int:
        return _tokenizer(self.job.folder).unk_id

    def _spill(self, documents: list[Document]) -> list[tuple[ShardName, Run]]:
        """Writes documents to one file, those of a shard together."""
        by_shard: dict[ShardName, list[Document]] = {}
        for document in documents:
            name = self.job.shard(document.key)
            by_shard.setdefault(name, []).append(document)
        path = Path(self.job.folder) / f"{uuid.uuid4().hex}.run"
        runs = []
        with _written(path) as file:
            for name, its_documents in by_shard.items():
                sizes = [len(each.record) for each in its_documents]
                counts = _counts(its_documents)
                run = Run(path.name, file.tell(), sizes, counts)
                runs.append((name, run))
                for each in its_documents:
                    file.write(each.key + each.record)
        return runs


@dataclasses.dataclass(frozen=True)
class Merge:
    """Second step: sorts the records of one shard into its file."""

    job: Job

    def __call__(self, element: tuple[ShardName, Iterable[Run]]) -> str:
        (split, index), runs = element
        runs = list(runs)
        folder = Path(self.job.folder)
        records = [each for run in runs for each in run.read(folder)]
        # By the key: neither the order of the input nor the number of
        # workers shows. Equal keys mean equal records.
        records.sort()
        name = shard_file(split, index, self.job.num_shards[split])
        counts = sum((run.counts for run in runs), Counts())
        with _written(folder / name) as file:
            for _, record in records:
                file.write(framed(record))
            counts.write(folder / f"{name}.counts")
        return name


@contextlib.contextmanager
def _written(path: Path) -> Iterator[IO[bytes]]:
    """Opens a file; that the disk is full is the user's to mend."""
    try:
        with open(path, "wb") as file:
            yield file
    except OSError as error:
        raise ValueError(
            f"Cannot write the corpus: {error.strerror}. Free some space, or "
            "choose another --output."
        ) from error


def shard_file(split: str, index: int, num_shards: int) -> str:
    """Returns the name of a shard."""
    return f"{split}-{index:05d}-of-{num_shards:05d}.tfrecord"


def _counts(documents: list[Document]) -> Counts:
    lengths = np.concatenate([each.sentence_lengths for each in documents])
    num_tokens = [int(each.sentence_lengths.sum()) for each in documents]
    return Counts(
        num_documents=len(documents),
        num_sentences=len(lengths),
        num_tokens=sum(num_tokens),
        num_unknown=sum(each.num_unknown for each in documents),
        document_lengths=histogram(np.array(num_tokens)),
        sentence_lengths=histogram(lengths),
    )


@functools.lru_cache(maxsize=1)
def _encoder(folder: str) -> FlatEncoder:
    return FlatEncoder(_tokenizer(folder))


@functools.lru_cache(maxsize=1)
def _tokenizer(folder: str) -> AlbertTokenizer:
    return AlbertTokenizer.from_pretrained(folder)
