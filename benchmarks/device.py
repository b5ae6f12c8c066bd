"""Load time, memory and latency on a device: ours against the peers.

    python -m benchmarks.device
    python -m benchmarks.device --peers-python OTHER_ENVIRONMENT/bin/python

Exports an ALBERT of random weights as `export/to_tflite.py` does, and the
same sizes as a KerasHub backbone through TensorFlow's converter with the same
quantization; in another environment transformers' ALBERT, to ONNX Runtime in
dynamic int8 and as it is in PyTorch. All run in turn, each in a fresh process.
Quote the ratios: machines are shared, and times drift.
"""

import json
import os
import tempfile
from pathlib import Path

from benchmarks.models import export_ours, keras_hub_backbone
from benchmarks.runs import (
    FIGURES,
    measure,
    medians,
    parser,
    ratio,
    run_command,
    run_json,
    write,
    write_json,
)


def main():
    options = _parser().parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryDirectory() as folder:
        contestants, sizes = _contestants(Path(folder), options)
        runs = {name: [] for name in contestants}
        for _ in range(options.rounds):
            for name, run in contestants.items():
                runs[name].append(run())
            # After each round: what is ended early has measured something.
            result = summary(runs, sizes)
            write_json(options.json, result)
    _print(result)


def _parser():
    result = parser("device", "Measures an exported ALBERT beside the peers.")
    result.add_argument(
        "--peers-python",
        metavar="FILE",
        help="Python with what requirements-peers.txt names",
    )
    return result


def _contestants(folder, options):
    """Returns what measures each one, and the MB of their files."""
    from albert_tf import AlbertConfig

    config = AlbertConfig.from_preset(options.preset)
    files = {
        "albert_tf": export_ours(folder, config),
        "KerasHub": _export_keras_hub(folder, options, config),
    }
    found = {
        name: lambda path=path: measure(path, options)
        for name, path in files.items()
    }
    if options.peers_python:
        files["ONNX Runtime"] = folder / "peer.onnx"
        found.update(_peers(folder, options, config, files["ONNX Runtime"]))
    sizes = {name: path.stat().st_size / 1e6 for name, path in files.items()}
    return found, sizes


def _peers(folder, options, config, onnx_file):
    """Returns what measures each peer of the other environment."""
    config_file = folder / "config.json"
    config_file.write_text(json.dumps(config.to_dict()))
    start = [options.peers_python, "-m"]
    run_command(
        [*start, "benchmarks.peers.make_onnx", config_file]
        + [options.length, onnx_file]
    )
    numbers = [options.length, options.threads, options.repeats]
    commands = {
        "ONNX Runtime": [*start, "benchmarks.peers.run_onnx", onnx_file],
        "PyTorch, float32": [*start, "benchmarks.peers.run_torch", config_file],
    }
    return {
        name: lambda command=command: run_json([*command, *numbers])
        for name, command in commands.items()
    }


def _export_keras_hub(folder, options, config):
    import tensorflow as tf

    backbone = keras_hub_backbone(config)
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


def summary(runs, sizes):
    """Returns rows of figures, and our ratios to each of the others.

    Args:
        runs: dict of name to a dict of `FIGURES` a round; ours first.
        sizes: dict of name to MB; what has no file is left out.
    """
    ours, *others = runs
    return {
        "rounds": len(runs[ours]),
        "rows": {
            name: {"file_mb": sizes.get(name), **medians(rounds)}
            for name, rounds in runs.items()
        },
        "ratios": {
            name: {f: ratio(runs[ours], runs[name], f) for f in FIGURES}
            for name in others
        },
    }


def _print(result):
    print(f"{'':16} {'file MB':>8} {'load ms':>8} {'median ms':>10} peak MB")
    for name, row in result["rows"].items():
        size = f"{row['file_mb']:8.2f}" if row["file_mb"] else f"{'':8}"
        print(
            f"{name:16} {size} {row['load_ms']:8.1f} "
            f"{row['median_ms']:10.1f} {row['peak_mb']:7.1f}"
        )
    for name, figures in result["ratios"].items():
        for figure, each in figures.items():
            print(
                f"{figure}: {each['median']:.3f} of {name}'s "
                f"({each['low']:.3f} to {each['high']:.3f})"
            )


if __name__ == "__main__":
    main()
