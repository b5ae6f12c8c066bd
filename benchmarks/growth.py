"""How the time of an exported ALBERT grows, and the floor under it.

    python -m benchmarks.growth

One model over lengths and threads, then with more layers, then with more rows
at once. The floor is its multiply-adds at the rate of a lone int8 product of
the feed-forward's shape, from the same runtime in the same run: no attention
scores, normalization or activation beside it. All is measured once a round.
"""

import os
import tempfile
from pathlib import Path

from benchmarks.models import export_ours
from benchmarks.runs import measure, over, parser, write, write_json

_LENGTHS = (16, 32, 64, 128, 256, 512)
_LAYERS = (3, 6, 12, 24)
_ROWS = (1, 2, 4, 8)


def main():
    options = _parser().parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryDirectory() as folder:
        files = _Files(Path(folder), options)
        rounds = []
        for _ in range(options.rounds):
            rounds.append(_round(files, options))
            # After each round: what is ended early has measured something.
            result = summary(rounds, files.config)
            write_json(options.json, result)
    _print(result)


def _parser():
    result = parser("growth", "Measures what the time grows with.", rounds=3)
    result.set_defaults(repeats=7)
    return result


class _Files:
    """What is measured: the model, others of more layers, lone products."""

    def __init__(self, folder, options):
        self.config = _config(options.preset)
        self.layers = {
            count: export_ours(folder, _config(options.preset, count))
            for count in _LAYERS
        }
        same = self.layers.get(self.config.num_hidden_layers)
        self.model = same or export_ours(folder, self.config)
        self.product = _product(folder, self.config)


def _round(files, options):
    """Returns milliseconds of all that is measured, each once."""
    threads = sorted({1, options.threads})

    def run(path, figure="median_ms", **changes):
        return measure(path, options, **changes)[figure]

    return {
        "lengths": {
            str(length): {
                str(count): run(files.model, length=length, threads=count)
                for count in threads
            }
            for length in _LENGTHS
        },
        # A floor is no median: the fastest run counts.
        "product": {
            str(count): run(
                files.product,
                "lowest_ms",
                length=files.config.hidden_size,
                threads=count,
            )
            for count in threads
        },
        "layers": {str(n): run(path) for n, path in files.layers.items()},
        "rows": {str(n): run(files.model, rows=n) for n in _ROWS},
    }


def summary(rounds, config):
    """Returns medians, lowest and highest of all rounds, and the floor.

    Args:
        rounds: list of what `_round` returns.
        config: AlbertConfig of the model.
    """
    first = rounds[0]
    product = _product_multiply_adds(config)
    return {
        "rounds": len(rounds),
        "lengths": {
            length: {
                threads: over(r["lengths"][length][threads] for r in rounds)
                for threads in times
            }
            for length, times in first["lengths"].items()
        },
        "floor": {
            "multiply_adds": {
                n: multiply_adds(config, int(n)) for n in first["lengths"]
            },
            "multiply_adds_per_s": {
                n: product / min(r["product"][n] for r in rounds) * 1e3
                for n in first["product"]
            },
        },
        **{
            what: {n: over(r[what][n] for r in rounds) for n in first[what]}
            for what in ("layers", "rows")
        },
    }


def _config(preset, num_layers=None):
    from albert_tf import AlbertConfig

    config = AlbertConfig.from_preset(preset).to_dict()
    if num_layers:
        config["num_hidden_layers"] = num_layers
    return AlbertConfig.from_dict(config)


def multiply_adds(config, length):
    """Returns the multiply-adds of the layers on one row of tokens.

    Each layer has four products of H by H and two of H by F a token, and the
    scores and the scored values of each pair of tokens.
    """
    hidden, inner = config.hidden_size, config.intermediate_size
    weights = 4 * hidden * hidden + 2 * hidden * inner
    pairs = 2 * length * hidden
    return config.num_hidden_layers * length * (weights + pairs)


def _product(folder, config):
    """Exports products of the feed-forward's shape, one after the other."""
    import tensorflow as tf

    hidden, inner = config.hidden_size, config.intermediate_size
    module = tf.Module()
    shapes = [(hidden, inner), (inner, hidden)] * 2
    module.tables = [
        tf.Variable(tf.random.normal(shape, stddev=0.02)) for shape in shapes
    ]

    @tf.function(input_signature=[tf.TensorSpec([1, hidden], tf.int32)])
    def predict(ids):
        # Rows of numbers from the one input that the runner gives.
        rows = tf.cast(ids, tf.float32) * tf.ones([_PRODUCT_ROWS, 1])
        for table in module.tables:
            rows = tf.matmul(rows, table)
        return rows

    module.predict = predict
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [predict.get_concrete_function()], module
    )
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return write(folder / "product.tflite", converter.convert())


_PRODUCT_ROWS = 128


def _product_multiply_adds(config):
    return 4 * _PRODUCT_ROWS * config.hidden_size * config.intermediate_size


def _print(result):
    for length, times in result["lengths"].items():
        text = ", ".join(
            f"{t['median']:.1f} ms ({n})" for n, t in times.items()
        )
        print(f"{length} tokens (threads): {text}")
    rates = result["floor"]["multiply_adds_per_s"]
    for count, rate in rates.items():
        print(
            f"{count} threads: {rate / 1e9:.0f} · 10^9 multiply-adds a second"
        )
    for what in ("layers", "rows"):
        for count, time in result[what].items():
            print(f"{count} {what}: {time['median']:.1f} ms")


if __name__ == "__main__":
    main()
