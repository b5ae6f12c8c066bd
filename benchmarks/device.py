"""Load time, memory and latency on a device: ours against KerasHub.

    python -m benchmarks.device

Exports an ALBERT of random weights as `export/to_tflite.py` does, and the
same sizes as a KerasHub backbone through TensorFlow's converter with the same
quantization, and runs both in turn, each in a fresh process. Quote the
ratios: machines are shared, and times drift.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ("load_ms", "median_ms", "peak_mb")


def main():
    options = _parser().parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "ours": _export_ours(Path(folder), options),
            "keras_hub": _export_keras_hub(Path(folder), options),
        }
        runs = {name: [] for name in files}
        for _ in range(options.rounds):
            for name, path in files.items():
                runs[name].append(measure(path, options))
        sizes = {name: path.stat().st_size for name, path in files.items()}
    result = _summary(runs, sizes)
    _print(result)
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=1) + "\n")


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.device",
        description="Measures an exported ALBERT beside a KerasHub one.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--preset", default="albert_base_v2")
    parser.add_argument("--length", type=int, default=128, help="tokens")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5, help="pairs of runs")
    parser.add_argument("--repeats", type=int, default=15, help="runs a round")
    parser.add_argument("--json", metavar="FILE", help="also write JSON")
    return parser


def _export_ours(folder, options):
    from albert_tf import AlbertConfig, AlbertForSequenceClassification
    from export import graph, quantize
    from export.targets import find_target

    config = AlbertConfig.from_preset(options.preset)
    model = AlbertForSequenceClassification(config, num_labels=2)
    graph.ExportGraph(model).save(folder / "ours")
    flat = quantize.convert(folder / "ours", find_target("cpu"), "dynamic_int8")
    return write(folder / "ours.tflite", flat)


def _export_keras_hub(folder, options):
    import keras_hub
    import tensorflow as tf

    from albert_tf import AlbertConfig

    config = AlbertConfig.from_preset(options.preset)
    backbone = keras_hub.models.AlbertBackbone(
        vocabulary_size=config.vocab_size,
        num_layers=config.num_hidden_layers,
        num_heads=config.num_attention_heads,
        embedding_dim=config.embedding_size,
        hidden_dim=config.hidden_size,
        intermediate_dim=config.intermediate_size,
        max_sequence_length=config.max_position_embeddings,
    )
    module = tf.Module()
    module.tracked = [variable.value for variable in backbone.variables]
    names = ("token_ids", "segment_ids", "padding_mask")

    @tf.function(
        input_signature=[
            tf.TensorSpec([1, options.length], tf.int32, name=name)
            for name in names
        ]
    )
    def predict(token_ids, segment_ids, padding_mask):
        inputs = dict(zip(names, (token_ids, segment_ids, padding_mask)))
        return {"pooled_output": backbone(inputs)["pooled_output"]}

    module.predict = predict
    directory = str(folder / "keras_hub")
    tf.saved_model.save(module, directory, signatures={"predict": predict})
    converter = tf.lite.TFLiteConverter.from_saved_model(directory)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return write(folder / "keras_hub.tflite", converter.convert())


def write(path, data):
    """Writes a file as a bundle is written; returns its path."""
    from export.bundle import write_in_pieces

    write_in_pieces(path, data)
    return path


def measure(path, options):
    """Runs one file in a process of its own; returns its figures."""
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.run_tflite",
            str(path),
            str(options.length),
            str(options.threads),
            str(options.repeats),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(result.stdout.splitlines()[-1])


def _summary(runs, sizes):
    result = {"rows": {}, "ratios": {}}
    for name, rounds in runs.items():
        row = {
            figure: statistics.median(r[figure] for r in rounds)
            for figure in FIGURES
        }
        result["rows"][name] = {"file_mb": sizes[name] / 1e6, **row}
    for figure in FIGURES:
        pairs = [
            ours[figure] / theirs[figure]
            for ours, theirs in zip(runs["ours"], runs["keras_hub"])
        ]
        result["ratios"][figure] = {
            "median": statistics.median(pairs),
            "low": min(pairs),
            "high": max(pairs),
        }
    return result


def _print(result):
    print(f"{'':10} {'file MB':>8} {'load ms':>8} {'median ms':>10} peak MB")
    for name, row in result["rows"].items():
        print(
            f"{name:10} {row['file_mb']:8.2f} {row['load_ms']:8.1f} "
            f"{row['median_ms']:10.1f} {row['peak_mb']:7.1f}"
        )
    for figure, ratio in result["ratios"].items():
        print(
            f"{figure}: {ratio['median']:.3f} of KerasHub's "
            f"({ratio['low']:.3f} to {ratio['high']:.3f})"
        )


if __name__ == "__main__":
    main()
