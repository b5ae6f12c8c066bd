"""How the time of an exported ALBERT grows, and the floor under it.

    python -m benchmarks.growth

One model over lengths and threads, then with more layers, then with more rows
at once. The floor is its multiply-adds at the rate of a lone int8 product of
the feed-forward's shape, from the same runtime in the same run: no attention
scores, normalization or activation beside it.
"""

import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.models import export_ours
from benchmarks.runs import measure, parser, write, write_json

_LENGTHS = (16, 32, 64, 128, 256, 512)
_LAYERS = (3, 6, 12, 24)
_ROWS = (1, 2, 4, 8)


def main():
    options = _parser().parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryDirectory() as folder:
        result = _measure(Path(folder), options)
    _print(result)
    write_json(options.json, result)


def _parser():
    result = parser("growth", "Measures what the time grows with.", rounds=2)
    result.set_defaults(repeats=7)
    return result


def _measure(folder, options):
    config = _config(options.preset)
    threads = sorted({1, options.threads})
    path = export_ours(folder, config)
    product = _product(folder, config)
    lengths = {
        str(length): {
            str(count): _times(path, options, length=length, threads=count)
            for count in threads
        }
        for length in _LENGTHS
    }
    rates = {
        str(count): 1e-6
        * _product_multiply_adds(config)
        / _lowest(product, options, length=config.hidden_size, threads=count)
        for count in threads
    }
    return {
        "lengths": lengths,
        "floor": {
            "multiply_adds": {
                str(n): multiply_adds(config, n) for n in _LENGTHS
            },
            "multiply_adds_per_s": {n: r * 1e9 for n, r in rates.items()},
        },
        "layers": {
            str(count): _times(
                export_ours(folder, _config(options.preset, count)), options
            )
            for count in _LAYERS
        },
        "rows": {str(n): _times(path, options, rows=n) for n in _ROWS},
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


def _times(path, options, **changes):
    """Returns the median milliseconds of a file over the rounds."""
    return statistics.median(
        measure(path, options, **changes)["median_ms"]
        for _ in range(options.rounds)
    )


def _lowest(path, options, **changes):
    """Returns the milliseconds of the fastest run: a floor is no median."""
    return min(
        measure(path, options, **changes)["lowest_ms"]
        for _ in range(options.rounds + 2)
    )


def _print(result):
    for length, times in result["lengths"].items():
        text = ", ".join(f"{t:.1f} ms ({n})" for n, t in times.items())
        print(f"{length} tokens (threads): {text}")
    rates = result["floor"]["multiply_adds_per_s"]
    for count, rate in rates.items():
        print(
            f"{count} threads: {rate / 1e9:.0f} · 10^9 multiply-adds a second"
        )
    for what in ("layers", "rows"):
        for count, time in result[what].items():
            print(f"{count} {what}: {time:.1f} ms")


if __name__ == "__main__":
    main()
