"""File, load time, memory and latency of every quantization of one ALBERT.

    python -m benchmarks.quantizations

Exports one ALBERT of random weights in each number format of `cpu`, and in
integers alone as for `npu`, and runs them in turn, each in a fresh process, in
rounds. Quote the ratios of a round to its `dynamic_int8`: machines are shared,
and times drift.
"""

import os
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.runs import (
    measure,
    medians,
    parser,
    ratio,
    write,
    write_json,
)

BASE = "dynamic_int8"


def main():
    description = "Measures every number format of one ALBERT."
    options = parser("quantizations", description).parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryDirectory() as folder:
        files = _export(Path(folder), options)
        sizes = {name: path.stat().st_size for name, path in files.items()}
        runs = {name: [] for name in files}
        for _ in range(options.rounds):
            for name, path in files.items():
                runs[name].append(measure(path, options))
            # After each round: what is ended early has measured something.
            result = summary(runs, sizes)
            write_json(options.json, result)
    _print(result["rows"])


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
        flat = quantize.finish(flat, target, name, model, rows)
        files[name] = write(folder / f"{name}.tflite", flat)
    flat = _integers(model, rows, folder / "saved_npu", options.length)
    files["npu, int8"] = write(folder / "npu-int8.tflite", flat)
    return files


def _integers(model, rows, saved, length):
    from albert_tf.edge.tasks import CLASSIFICATION
    from albert_tf.text.packing import INPUT_NAMES, pad
    from export import quantize
    from export.unrolled import UnrolledGraph

    UnrolledGraph(
        model,
        CLASSIFICATION,
        length=length,
        names={name: name for name in INPUT_NAMES},
        is_integer=True,
        is_by_head=True,
    ).save(saved)
    feeds = [
        pad([(row.token_ids, row.segment_ids)], pad_id=0, length=length)
        for row in rows
    ]
    return quantize.convert_to_integers(saved, "int8", feeds)


def _rows(vocab_size):
    """Returns made-up texts to calibrate with: the weights are, too."""
    from export.samples import Row

    generator = np.random.default_rng(0)
    ids = generator.integers(5, vocab_size, (8, 48)).tolist()
    return [Row(row, [0] * len(row)) for row in ids]


def summary(runs, sizes):
    """Returns a row of figures of each format, with its time to the base's.

    Args:
        runs: dict of name to a dict of figures a round.
        sizes: dict of name to bytes of the file.
    """
    rows = {
        name: {
            "file_mb": sizes[name] / 1e6,
            **medians(each),
            "times": ratio(each, runs[BASE], "median_ms"),
        }
        for name, each in runs.items()
    }
    return {"rounds": len(runs[BASE]), "rows": rows}


def _print(rows):
    print(
        f"{'':12} {'file MB':>8} {'load ms':>8} {'median ms':>10} peak MB "
        f"time / {BASE}"
    )
    for name, row in rows.items():
        print(
            f"{name:12} {row['file_mb']:8.2f} {row['load_ms']:8.1f} "
            f"{row['median_ms']:10.1f} {row['peak_mb']:7.1f} "
            "{median:.3f} ({low:.3f} to {high:.3f})".format(**row["times"])
        )


if __name__ == "__main__":
    main()
