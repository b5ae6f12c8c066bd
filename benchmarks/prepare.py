"""How fast text becomes a corpus, beside SentencePiece alone.

    python -m benchmarks.prepare
    python -m benchmarks.prepare --tokenizer spiece.model wiki.jsonl.gz

Runs `albert prepare` with one worker and with one per core, each in a process
of its own, and compares the shards byte for byte. The floor is SentencePiece
on the sentences, in the same run: no step before or after it.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from albert_tf import AlbertTokenizer
from albert_tf.data.raw_text import cut, find_sources
from albert_tf.data.sentences import split_english
from albert_tf.text.model_files import load_processor
from benchmarks.runs import write_json
from benchmarks.text import default_model, default_text


def main():
    options = _parser().parse_args()
    options.inputs = options.inputs or [default_text()]
    options.tokenizer = options.tokenizer or default_model()
    sources = find_sources(options.inputs)
    parts = cut(sources, 1)
    texts = [t for p in parts for block in p.documents() for t in block]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    workers = sorted({1, len(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        runs = [_run(options, Path(folder) / str(n), n) for n in workers]
    found = {
        "text_mb": round(megabytes, 1),
        "sentencepiece_mb_per_s": round(
            _sentencepiece(options.tokenizer, texts, options.floor_mb), 2
        ),
        "prepare": [
            {
                "workers": n,
                "seconds": round(wall, 1),
                "cpu_seconds": round(cpu, 1),
                "mb_per_s": round(megabytes / wall, 2),
                "mb_per_cpu_second": round(megabytes / cpu, 2),
            }
            for n, (wall, cpu, _) in zip(workers, runs)
        ],
        "same_bytes": len({digest for *_, digest in runs}) == 1,
    }
    print(json.dumps(found, indent=1))
    write_json(options.json, found)


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.prepare",
        description="Measures how fast text becomes a corpus.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    help = "text, as of albert prepare; else documentation of packages"
    add("inputs", nargs="*", help=help)
    help = "spiece.model; else one is trained"
    add("--tokenizer", metavar="FILE", help=help)
    add("--floor-mb", type=float, default=10, help="text for the floor")
    add("--json", metavar="FILE", help="write the figures there")
    return parser


def _run(options, output, num_workers):
    """Returns seconds, CPU seconds and a digest of the shards."""
    command = [sys.executable, "-m", "albert_tf.cli", "prepare"]
    command += [*options.inputs, "--tokenizer", options.tokenizer]
    command += ["--output", str(output), "--num-workers", str(num_workers)]
    begin, cpu = time.perf_counter(), _cpu_seconds()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begin, _cpu_seconds() - cpu
    digest = hashlib.sha256()
    for shard in sorted(output.glob("*.tfrecord")):
        digest.update(shard.name.encode() + shard.read_bytes())
    return (*seconds, digest.hexdigest())


def _cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _sentencepiece(model, texts, limit_mb):
    """Returns MB a CPU second of SentencePiece on normalized sentences."""
    tokenizer = AlbertTokenizer(model)
    processor = load_processor(tokenizer.model_proto, model)
    sentences, num_bytes = [], 0
    for text in texts:
        for paragraph in text.split("\n"):
            sentences += map(tokenizer.normalize, split_english(paragraph))
        num_bytes += len(text.encode())
        if num_bytes > limit_mb * 1e6:
            break
    begin = time.process_time()
    processor.encode(sentences, return_type=int)
    return num_bytes / 1e6 / (time.process_time() - begin)


if __name__ == "__main__":
    main()
