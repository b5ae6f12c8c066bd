"""File, load time, memory and latency of every quantization of `cpu`.

    python -m benchmarks.quantizations

Exports one ALBERT of random weights in each number format and runs them in
turn, each in a fresh process, in rounds. Quote the ratios of a round to its
`dynamic_int8`: machines are shared, and times drift.
"""

import argparse
import json
import os
import statistics
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.device import FIGURES, measure, write

_BASE = "dynamic_int8"


def main():
    options = _parser().parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryDirectory() as folder:
        files = _export(Path(folder), options)
        runs = {name: [] for name in files}
        for _ in range(options.rounds):
            for name, path in files.items():
                runs[name].append(measure(path, options))
        sizes = {name: path.stat().st_size for name, path in files.items()}
    table = {name: _row(runs, name, sizes[name]) for name in runs}
    _print(table)
    if options.json:
        Path(options.json).write_text(json.dumps(table, indent=1) + "\n")


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quantizations",
        description="Measures every number format of one ALBERT.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--preset", default="albert_base_v2")
    parser.add_argument("--length", type=int, default=128, help="tokens")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each")
    parser.add_argument("--repeats", type=int, default=15, help="runs a round")
    parser.add_argument("--json", metavar="FILE", help="also write JSON")
    return parser


def _export(folder, options):
    from albert_tf import AlbertConfig, AlbertForSequenceClassification
    from export import graph, quantize
    from export.targets import find_target

    target = find_target("cpu")
    config = AlbertConfig.from_preset(options.preset)
    model = AlbertForSequenceClassification(config, num_labels=2)
    rows = _rows(config.vocab_size)
    files = {}
    for name in target.quantizations:
        saved = folder / f"saved_{name}"
        bits = 4 if name == "int4" else 8
        graph.ExportGraph(model, table_bits=bits).save(saved)
        flat = quantize.convert(saved, target, name)
        flat = quantize.finish(flat, name, model, rows)
        files[name] = write(folder / f"{name}.tflite", flat)
    return files


def _rows(vocab_size):
    """Returns made-up texts to calibrate with: the weights are, too."""
    from export.samples import Row

    generator = np.random.default_rng(0)
    ids = generator.integers(5, vocab_size, (8, 48)).tolist()
    return [Row(row, [0] * len(row)) for row in ids]


def _row(runs, name, size):
    ratios = [
        mine["median_ms"] / base["median_ms"]
        for mine, base in zip(runs[name], runs[_BASE])
    ]
    return {
        "file_mb": size / 1e6,
        **{
            figure: statistics.median(run[figure] for run in runs[name])
            for figure in FIGURES
        },
        "time_ratio": statistics.median(ratios),
        "low": min(ratios),
        "high": max(ratios),
    }


def _print(table):
    print(
        f"{'':12} {'file MB':>8} {'load ms':>8} {'median ms':>10} peak MB "
        f"time / {_BASE}"
    )
    for name, row in table.items():
        print(
            f"{name:12} {row['file_mb']:8.2f} {row['load_ms']:8.1f} "
            f"{row['median_ms']:10.1f} {row['peak_mb']:7.1f} "
            f"{row['time_ratio']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
        )


if __name__ == "__main__":
    main()
