"""Text to ids, one core: ours against bare SentencePiece.

    python -m benchmarks.tokenizer --in-graph
    python -m benchmarks.tokenizer --model spiece.model --text FILE

Every tokenizer runs over the same lines in turn, several rounds, and is
divided by bare SentencePiece of the same round: quote the ratios, machines
drift. Bare SentencePiece leaves out ALBERT's normalization and gives other
ids. Hugging Face's fast tokenizer joins in where transformers is installed,
and text inside a TensorFlow graph with `--in-graph`.
"""

import argparse
import os
import statistics
import time

from benchmarks.runs import write_json
from benchmarks.text import default_model, default_text, read_lines

_BASE = "sentencepiece"


def main():
    options = _parser().parse_args()
    _keep_to_one_core()
    options.model = options.model or default_model()
    texts = options.text or [default_text()]
    lines = read_lines(texts, options.megabytes)
    num_bytes = sum(len(line.encode("utf-8")) for line in lines)
    tokenizers = _tokenizers(options)
    speeds = {name: [] for name in tokenizers}
    for _ in range(options.rounds):
        for name, encode in tokenizers.items():
            speeds[name].append(num_bytes / _seconds(encode, lines) / 1e6)
        # After each round: what is ended early has measured something.
        rows = summary(speeds)
        write_json(options.json, {"text_mb": num_bytes / 1e6, "rows": rows})
    print(f"{len(lines)} lines, {num_bytes / 1e6:.1f} MB, one core")
    _print(rows)


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


def _seconds(encode, lines):
    start = time.perf_counter()
    encode(lines)
    return time.perf_counter() - start


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


def _print(result):
    print(f"{'':24} {'MB/s':>7} {'ratio':>7} {'lowest':>7} {'highest':>7}")
    for name, row in result.items():
        figures = " ".join(f"{value:7.2f}" for value in row.values())
        print(f"{name:24} {figures}")


if __name__ == "__main__":
    main()
