"""How fast text becomes a corpus, beside SentencePiece alone.

    python -m benchmarks.prepare
    python -m benchmarks.prepare --tokenizer spiece.model wiki.jsonl.gz

Runs `albert prepare` with one worker, two, four and so on to one per core,
each in a process of its own, and compares the shards byte for byte. The floor
is SentencePiece on the sentences, in the same round: no step before or after
it. What a run on one document takes, the start of Python and Beam, is told and
taken off. With `--megabytes` the text is taken several times over, in files of
its own: so much that not the start is measured.
"""

import argparse
import hashlib
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from albert_tf import AlbertTokenizer
from albert_tf.data.raw_text import cut, find_sources
from albert_tf.data.sentences import split_english
from albert_tf.text.model_files import load_processor
from benchmarks.runs import over, write_json
from benchmarks.text import default_model, default_text


def main():
    options = _parser().parse_args()
    options.inputs = options.inputs or [default_text()]
    options.tokenizer = options.tokenizer or default_model()
    sources = find_sources(options.inputs)
    parts = cut(sources, 1)
    texts = [t for p in parts for block in p.documents() for t in block]
    floor = _Floor(options.tokenizer, texts, options.floor_mb)
    megabytes = sum(len(t.encode()) for t in texts) / 1e6
    copies = max(1, math.ceil((options.megabytes or 0) / megabytes))
    rounds = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            inputs = _several_times(sources, copies, Path(folder))
            rounds.append(_round(options, inputs, Path(folder), texts[0]))
            rounds[-1]["floor"] = floor.megabytes_per_second()
        # After each round: what is ended early has measured something.
        found = summary(rounds, copies * megabytes)
        write_json(options.json, {"copies": copies, **found})
    print(json.dumps(found, indent=1))


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.prepare",
        description="Measures how fast text becomes a corpus.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add(
        "inputs",
        nargs="*",
        help="text, as of albert prepare; else documentation of packages",
    )
    add(
        "--tokenizer",
        metavar="FILE",
        help="spiece.model; else one is trained",
    )
    add("--megabytes", type=float, help="of text, several times over")
    add("--floor-mb", type=float, default=10, help="text for the floor")
    add("--rounds", type=int, default=3)
    add("--json", metavar="FILE", help="write the figures there")
    return parser


def counts_of_workers(cores):
    """Returns 1, 2, 4 and so on below the number of cores, and that."""
    doubled = [2**n for n in range(cores.bit_length()) if 2**n < cores]
    return [*doubled, cores]


def _several_times(sources, copies, folder):
    """Returns paths that hold the text several times."""
    paths = []
    for copy in range(copies):
        for number, source in enumerate(sources):
            name = f"{copy:03}-{number:05}-{Path(source.path).name}"
            paths.append(folder / name)
            paths[-1].symlink_to(Path(source.path).resolve())
    return paths


def _round(options, inputs, folder, text):
    """Returns figures of each count of workers: of a start, and of a run."""
    short = folder / "short.jsonl"
    short.write_text(json.dumps({"text": text}) + "\n", encoding="utf-8")
    workers = counts_of_workers(len(os.sched_getaffinity(0)))
    return {
        "start": {
            str(n): _run(options, [short], folder / f"start{n}", n)
            for n in workers
        },
        "runs": {
            str(n): _run(options, inputs, folder / str(n), n) for n in workers
        },
    }


def _run(options, inputs, output, num_workers):
    """Returns seconds, CPU seconds and a digest of the shards."""
    command = [sys.executable, "-m", "albert_tf.cli", "prepare"]
    command += [*map(str, inputs), "--tokenizer", options.tokenizer]
    command += ["--output", str(output), "--num-workers", str(num_workers)]
    begin, cpu = time.perf_counter(), _cpu_seconds()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds, cpu = time.perf_counter() - begin, _cpu_seconds() - cpu
    digest = hashlib.sha256()
    for shard in sorted(output.glob("*.tfrecord")):
        digest.update(shard.name.encode() + shard.read_bytes())
    return {"wall_s": seconds, "cpu_s": cpu, "digest": digest.hexdigest()}


def summary(rounds, megabytes):
    """Returns medians, and ratios to SentencePiece alone of the same round.

    Args:
        rounds: list of dict with `floor`, in MB a CPU second, and by the
            number of workers `start` and `runs`, as `_run` returns them.
        megabytes: float. Of text.
    """
    digests = {run["digest"] for r in rounds for run in r["runs"].values()}
    return {
        "text_mb": megabytes,
        "rounds": len(rounds),
        "floor_mb_per_s": statistics.median(each["floor"] for each in rounds),
        "rows": {
            count: _row(rounds, count, megabytes) for count in rounds[0]["runs"]
        },
        "same_bytes": len(digests) == 1,
    }


def _row(rounds, count, megabytes):
    """Returns the figures of one count of workers."""
    net = [_net(each, count, "wall_s") for each in rounds]
    speeds = [megabytes / _net(each, count, "cpu_s") for each in rounds]
    alone = [_net(each, "1", "wall_s") for each in rounds]

    def median(kind, figure):
        return statistics.median(each[kind][count][figure] for each in rounds)

    return {
        "wall_s": median("runs", "wall_s"),
        "cpu_s": median("runs", "cpu_s"),
        "start_wall_s": median("start", "wall_s"),
        "start_cpu_s": median("start", "cpu_s"),
        "mb_per_s": over(megabytes / each for each in net),
        "times_one": over(one / each for one, each in zip(alone, net)),
        "mb_per_cpu_s": statistics.median(speeds),
        "share": over(
            speed / each["floor"] for speed, each in zip(speeds, rounds)
        ),
    }


def _net(each, count, figure):
    """Returns a figure of a round's run without that of the start."""
    return each["runs"][count][figure] - each["start"][count][figure]


def _cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class _Floor:
    """SentencePiece alone, on normalized sentences."""

    def __init__(self, model, texts, limit_mb):
        tokenizer = AlbertTokenizer(model)
        self._processor = load_processor(tokenizer.model_proto, model)
        self._sentences, self._num_bytes = [], 0
        for text in texts:
            for paragraph in text.split("\n"):
                sentences = split_english(paragraph)
                self._sentences += map(tokenizer.normalize, sentences)
            self._num_bytes += len(text.encode())
            if self._num_bytes > limit_mb * 1e6:
                break

    def megabytes_per_second(self):
        """Returns MB a second of CPU."""
        begin = time.process_time()
        self._processor.encode(self._sentences, return_type=int)
        return self._num_bytes / 1e6 / (time.process_time() - begin)


if __name__ == "__main__":
    main()
