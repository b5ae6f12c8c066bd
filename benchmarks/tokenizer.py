"""Text to ids, one core: ours against bare SentencePiece.

    python -m benchmarks.tokenizer --in-graph
    python -m benchmarks.tokenizer --model spiece.model --text FILE

Every tokenizer runs over the same lines in turn, several rounds, and is
divided by bare SentencePiece of the same round: quote the ratios, machines
drift. Bare SentencePiece leaves out ALBERT's normalization and gives other
ids. Hugging Face's fast tokenizer joins in where transformers is installed,
text inside a TensorFlow graph with `--in-graph`, and the Kotlin tokenizer of
android_demo with `--kotlin`, where JDK 17 and Maven are there.
"""

import argparse
import contextlib
import gc
import os
import statistics
import time

from benchmarks import kotlin
from benchmarks.runs import write_json
from benchmarks.text import default_model, default_text, read_lines

_BASE = "sentencepiece"
# Fast ones go over the lines until this has passed: a short time is a chance.
_LEAST_S = 0.5
_MAVEN_LIMIT_S = 150


def main():
    options = _parser().parse_args()
    missing = {}
    # Maven may have all cores, who is measured has one.
    if options.kotlin and (why := kotlin.why_missing(_MAVEN_LIMIT_S)):
        missing[kotlin.NAME] = why
    _keep_to_one_core()
    options.model = options.model or default_model()
    texts = options.text or [default_text()]
    lines = read_lines(texts, options.megabytes)
    text_mb = sum(len(line.encode("utf-8")) for line in lines) / 1e6
    with contextlib.ExitStack() as stack:
        passes = {
            name: lambda encode=encode: _timed(encode, lines)
            for name, encode in _tokenizers(options).items()
        }
        if options.kotlin and not missing:
            try:
                program = kotlin.passes(options.model, lines)
                passes |= stack.enter_context(program)
            except SystemExit:
                missing[kotlin.NAME] = "`java` ended early"
        speeds = {name: [] for name in passes}
        for _ in range(options.rounds):
            for name, one_pass in passes.items():
                speeds[name].append(text_mb / _seconds(one_pass))
            # After each round: what is ended early has measured something.
            figures = {"text_mb": text_mb, "rounds": len(speeds[_BASE])}
            figures |= {"rows": summary(speeds), "missing": missing}
            write_json(options.json, figures)
    print(f"{len(lines)} lines, {text_mb:.1f} MB, one core")
    _print(figures)


def _keep_to_one_core():
    """SentencePiece encodes lists in as many threads as there are cores."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    # Read by the libraries when they are imported.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.tokenizer",
        description="Measures text to ids beside bare SentencePiece.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--model", help="spiece.model; else one is trained")
    parser.add_argument(
        "--text",
        nargs="+",
        help="text, or JSON lines with a `text`, .gz is unpacked; else "
        "documentation of packages",
    )
    parser.add_argument("--megabytes", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--in-graph", action="store_true")
    parser.add_argument("--kotlin", action="store_true")
    parser.add_argument("--json", metavar="FILE", help="also write JSON")
    return parser


def _tokenizers(options):
    """Returns what encodes a list of lines, by name."""
    import sentencepiece

    from albert_tf import AlbertTokenizer

    processor = sentencepiece.SentencePieceProcessor(model_file=options.model)
    ours = AlbertTokenizer(options.model)
    tokenizers = {
        _BASE: processor.encode,
        "albert_tf": ours.encode_ids,
        "albert_tf with offsets": lambda lines: [*map(ours.encode, lines)],
    }
    if options.in_graph:
        tokenizers["albert_tf in graph"] = _in_graph(ours)
    if fast := _hugging_face(options.model):
        tokenizers["transformers, fast"] = fast
    return tokenizers


def _in_graph(tokenizer):
    import tensorflow as tf

    from albert_tf.data.in_graph_text import AlbertTextPreprocessor

    layer = AlbertTextPreprocessor(tokenizer)

    def encode(lines):
        texts = tf.data.Dataset.from_tensor_slices(lines).batch(64)
        for _ in texts.map(layer.encode_ids):
            pass

    return encode


def _hugging_face(model):
    try:
        from transformers import AlbertTokenizerFast, convert_slow_tokenizer
        from transformers.models.albert.tokenization_albert import (
            AlbertTokenizer,
        )
        from transformers.utils import sentencepiece_model_pb2_new
    except ImportError:
        return None
    # SentencePiece's own module of this wants a newer protobuf than Beam's.
    convert_slow_tokenizer.import_protobuf = lambda _="": (
        sentencepiece_model_pb2_new
    )
    converter = convert_slow_tokenizer.AlbertConverter(AlbertTokenizer(model))
    fast = AlbertTokenizerFast(tokenizer_object=converter.converted())
    return lambda lines: fast(lines, add_special_tokens=False)["input_ids"]


def _timed(encode, lines):
    start = time.perf_counter()
    encode(lines)
    return time.perf_counter() - start


def _seconds(one_pass):
    """Returns the median of passes that take `_LEAST_S` together."""
    times = []
    gc.collect()
    # As in timeit: else every tenth pass walks over all that was imported.
    gc.disable()
    while sum(times) < _LEAST_S:
        times.append(one_pass())
    gc.enable()
    return statistics.median(times)


def summary(speeds):
    """Returns the medians, and the spread of the ratios to the base.

    Args:
        speeds: dict of name to one MB/s a round.
    """
    result = {}
    for name, each in speeds.items():
        ratios = [ours / base for ours, base in zip(each, speeds[_BASE])]
        result[name] = {
            "mb_per_s": statistics.median(each),
            "ratio": statistics.median(ratios),
            "ratio_lowest": min(ratios),
            "ratio_highest": max(ratios),
        }
    return result


def _print(figures):
    print(f"{'':24} {'MB/s':>7} {'ratio':>7} {'lowest':>7} {'highest':>7}")
    for name, row in figures["rows"].items():
        numbers = " ".join(f"{value:7.2f}" for value in row.values())
        print(f"{name:24} {numbers}")
    for name, why in figures["missing"].items():
        print(f"{name} is left out: {why}.")


if __name__ == "__main__":
    main()
