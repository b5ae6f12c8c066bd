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

from benchmarks.runs import (
    FIGURES,
    ROOT,
    measure,
    medians,
    parser,
    ratio,
    run_command,
    run_json,
    write,
    write_json,
)

_PEERS = ROOT / "benchmarks" / "peers"


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
    files = {
        "albert_tf": _export_ours(folder, options),
        "KerasHub": _export_keras_hub(folder, options),
    }
    found = {
        name: lambda path=path: measure(path, options)
        for name, path in files.items()
    }
    if options.peers_python:
        config = _write_config(folder, options)
        files["ONNX Runtime"] = folder / "peer.onnx"
        run_command(
            [options.peers_python, _PEERS / "make_onnx.py", config]
            + [options.length, files["ONNX Runtime"]]
        )
        numbers = [options.length, options.threads, options.repeats]
        for name, script, path in (
            ("ONNX Runtime", "run_onnx.py", files["ONNX Runtime"]),
            ("PyTorch, float32", "run_torch.py", config),
        ):
            command = [options.peers_python, _PEERS / script, path, *numbers]
            found[name] = lambda command=command: run_json(command)
    sizes = {name: path.stat().st_size / 1e6 for name, path in files.items()}
    return found, sizes


def _write_config(folder, options):
    from albert_tf import AlbertConfig

    path = folder / "config.json"
    config = AlbertConfig.from_preset(options.preset)
    path.write_text(json.dumps(config.to_dict()))
    return path


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
