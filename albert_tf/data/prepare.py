"""Makes a corpus for pretraining from raw text: `albert prepare`."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from albert_tf.data.corpus import SPLITS, Corpus, Shard, Split
from albert_tf.data.corpus_counts import Counts, as_dict
from albert_tf.data.prepare_options import PrepareOptions, check_options
from albert_tf.data.prepare_progress import shown_progress
from albert_tf.data.prepare_steps import Job, Merge, Tokenize, shard_file
from albert_tf.data.raw_text import Part, cut, find_sources
from albert_tf.data.sentences import find_splitter
from albert_tf.files import written_aside
from albert_tf.processors import num_processors
from albert_tf.text.tokenizer import AlbertTokenizer

# One training shard for so much text, unless the user says how many.
_SHARD_BYTES = 1 << 25
_GZIP_RATIO = 3


def prepare(options: PrepareOptions) -> Corpus:
    """Tokenizes raw text into shards of documents, in a folder of its own.

    1. Checks options, tokenizer and files before anything slow starts.
    2. Tokenizes and shuffles with Beam in a folder beside the output.
    3. Describes the shards in `corpus.json` and renames the folder, so that
       an interrupted run leaves nothing that looks finished.

    Args:
        options: PrepareOptions.

    Returns:
        Corpus.

    Raises:
        ValueError: an option, a file or its content is wrong; no document
            holds any text; the disk is full.
    """
    check_options(options)
    find_splitter(options.splitter)
    tokenizer = AlbertTokenizer.from_pretrained(options.tokenizer)
    sources = find_sources(
        options.inputs, format=options.format, text_field=options.text_field
    )
    num_workers = options.num_workers or num_processors()
    parts = cut(sources, num_workers)
    with written_aside(options.output) as folder:
        folder.mkdir()
        tokenizer.save(folder)
        job = Job(
            folder=os.fspath(folder.resolve()),
            splitter=options.splitter,
            seed=options.seed,
            held_out=options.held_out,
            num_shards=_num_shards(options, parts),
        )
        _run(job, parts, num_workers, options.beam_options)
        for run in folder.glob("*.run"):
            run.unlink()
        corpus = _describe(job, tokenizer, folder)
        corpus.write()
    return Corpus.open(options.output)


def _num_shards(options: PrepareOptions, parts: list[Part]) -> dict[str, int]:
    sizes = {
        part.source.path: os.path.getsize(part.source.path)
        * (_GZIP_RATIO if part.source.is_gzipped else 1)
        for part in parts
    }
    train = options.num_shards or -(-sum(sizes.values()) // _SHARD_BYTES)
    heldout = -(-train * options.held_out // 1)
    return {"train": max(1, train), "heldout": max(1, int(heldout))}


def _run(
    job: Job, parts: list[Part], num_workers: int, beam_options: Sequence[str]
) -> None:
    # It warns of missing parts for Google's cloud.
    logging.disable(logging.WARNING)
    try:
        import apache_beam as beam
        from apache_beam.options.pipeline_options import PipelineOptions
    except ImportError as error:
        raise ValueError(
            f"Preparing a corpus needs Apache Beam ({error}). Run "
            "`pip install apache-beam google-crc32c`."
        ) from error
    finally:
        logging.disable(logging.NOTSET)
    mode = "in_memory" if num_workers == 1 else "multi_processing"
    local = [
        "--runner=FnApiRunner",
        f"--direct_running_mode={mode}",
        f"--direct_num_workers={num_workers}",
    ]
    pipeline = beam.Pipeline(options=PipelineOptions([*local, *beam_options]))
    (
        pipeline
        | "Parts" >> beam.Create(parts)
        | "Spread" >> beam.Reshuffle()
        | "Tokenize" >> beam.FlatMap(Tokenize(job))
        | "Gather" >> beam.GroupByKey()
        | "Merge" >> beam.Map(Merge(job))
    )
    with _quiet_workers(), shown_progress(Path(job.folder)):
        try:
            pipeline.run().wait_until_finish()
        except Exception as error:
            refusal = _refusal(error)
            if refusal is None:
                raise
            raise ValueError(refusal) from error


def _refusal(error: Exception) -> str | None:
    """Returns what a worker said to the user; None for a fault of ours.

    Beam adds where it was, and from other processes gives the whole stack as
    the text of a RuntimeError.
    """
    last = (str(error).strip().splitlines() or [""])[-1]
    text = last.partition(" [while running ")[0]
    _, is_refusal, sentence = text.rpartition("ValueError: ")
    if is_refusal:
        return sentence
    return text if isinstance(error, ValueError) else None


@contextlib.contextmanager
def _quiet_workers() -> Iterator[None]:
    """Keeps workers from telling each step, and errors with all the stack.

    Subtle: Beam's local processes take log levels from a file alone.
    """
    logger = logging.getLogger("apache_beam")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with _options_file():
            yield
    finally:
        logger.setLevel(level)


@contextlib.contextmanager
def _options_file() -> Iterator[None]:
    name = "PIPELINE_OPTIONS_FILE"
    if name in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "options.json"
        path.write_text('{"default_sdk_harness_log_level": "ERROR"}')
        os.environ[name] = os.fspath(path)
        try:
            yield
        finally:
            del os.environ[name]


def _describe(job: Job, tokenizer: AlbertTokenizer, folder: Path) -> Corpus:
    """Returns the corpus of the shards that lie in a folder."""
    counts = {split: _read_counts(job, split, folder) for split in SPLITS}
    total = sum(
        (c for each in counts.values() for c in each.values()), Counts()
    )
    if not total.num_documents:
        raise ValueError(
            "No document holds any text. Expected at least one; check the "
            "paths, --format and --text-field."
        )
    return Corpus(
        directory=folder,
        tokenizer_sha256=hashlib.sha256(tokenizer.model_proto).hexdigest(),
        do_lower_case=tokenizer.do_lower_case,
        keep_accents=tokenizer.keep_accents,
        vocab_size=tokenizer.vocab_size,
        seed=job.seed,
        held_out=float(job.held_out),
        splitter=job.splitter,
        splits={name: _split(each, folder) for name, each in counts.items()},
        document_lengths=as_dict(total.document_lengths),
        sentence_lengths=as_dict(total.sentence_lengths),
    )


def _read_counts(job: Job, split: str, folder: Path) -> dict[str, Counts]:
    """Returns the counts of each shard, by its file's name."""
    found = {}
    for index in range(job.num_shards[split]):
        name = shard_file(split, index, job.num_shards[split])
        path = folder / f"{name}.counts"
        if path.exists():
            found[name] = Counts.read(path)
            path.unlink()
    return found


def _split(counts: dict[str, Counts], folder: Path) -> Split:
    shards = tuple(
        Shard(
            file=name,
            num_documents=each.num_documents,
            num_tokens=each.num_tokens,
            num_bytes=(folder / name).stat().st_size,
        )
        for name, each in counts.items()
    )
    total = sum(counts.values(), Counts())
    return Split(
        shards=shards,
        num_documents=total.num_documents,
        num_sentences=total.num_sentences,
        num_tokens=total.num_tokens,
        num_unknown=total.num_unknown,
    )
