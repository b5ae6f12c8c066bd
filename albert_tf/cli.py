"""The `albert` command."""

import argparse
import dataclasses
import json
import sys

from albert_tf.cli_corpus import add_prepare
from albert_tf.command import HelpFormatter, run


def main(arguments=None):
    """Runs the command; returns its exit status."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    beam_options = []
    if arguments[:1] == ["prepare"] and "--" in arguments:
        cut = arguments.index("--")
        arguments, beam_options = arguments[:cut], arguments[cut + 1 :]
    parser = _parser()
    parser.set_defaults(beam_options=beam_options)
    return run(lambda options: options.run(options), parser, arguments)


def _parser():
    parser = argparse.ArgumentParser(
        prog="albert",
        description="Trains and applies ALBERT models.",
        formatter_class=HelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_prepare(commands)
    _add_finetune(commands)
    _add_evaluate(commands)
    _add_predict(commands)
    _add_fill(commands)
    _add_convert(commands)
    return parser


def _command(commands, name, function, text):
    command = commands.add_parser(
        name, help=text, description=text, formatter_class=HelpFormatter
    )
    command.set_defaults(run=function)
    return command


def _add_columns(command):
    command.add_argument("--text-column", default="text", metavar="NAME")
    command.add_argument("--pair-column", metavar="NAME", help="second text")
    command.add_argument("--label-column", default="label", metavar="NAME")


_NUMBERS = (
    ("--epochs", int, 3, "passes over the training rows"),
    ("--batch-size", int, 32, "rows an update"),
    ("--learning-rate", float, None, "peak; 5e-4 from scratch, else 3e-5"),
    ("--warm-up-rate", float, 0.1, "share of the updates with rising rate"),
    ("--weight-decay", float, 0.01, "of matrices and embeddings"),
    ("--dropout", float, None, "of hidden states; else the preset's"),
    ("--max-length", int, 128, "longest input, in tokens"),
    ("--vocab-size", int, 4000, "pieces of a tokenizer trained here"),
    ("--patience", int, 3, "epochs without progress before stopping"),
    ("--seed", int, 1, "of weights and order"),
)


def _add_finetune(commands):
    command = _command(
        commands, "finetune", _finetune, "Train a classifier on labelled text."
    )
    add = command.add_argument
    add("--task", default="classification", help="or sst2")
    add("--data", metavar="DIR", help="folder of a named task")
    add("--train", metavar="FILE", help="training rows: .csv, .tsv, .jsonl")
    add("--dev", metavar="FILE", help="rows to evaluate on; else a tenth")
    _add_columns(command)
    add("--model", metavar="DIR", help="weights to start from; else scratch")
    add("--preset", default="albert_edge_small", help="sizes from scratch")
    add("--tokenizer", metavar="FILE", help="spiece.model for scratch")
    for name, kind, default, text in _NUMBERS:
        add(name, type=kind, default=default, help=text, metavar="N")
    add(
        "--precision",
        default="float32",
        choices=("float32", "mixed_bfloat16", "mixed_float16"),
        help="number format of the computation",
    )
    add("--output", required=True, metavar="DIR", help="where the model goes")
    add("--resume", action="store_true", help="go on with a stopped run")
    add("--overwrite", action="store_true", help="replace an earlier run")


def _add_evaluate(commands):
    command = _command(
        commands, "evaluate", _evaluate, "Score a classifier on labelled text."
    )
    add = command.add_argument
    add("--model", required=True, metavar="DIR", help="trained classifier")
    add("--task", default="classification", help="or sst2")
    add("--data", required=True, metavar="PATH", help="file, or task folder")
    _add_columns(command)
    add("--max-length", type=int, metavar="N", help="else the model's most")
    add("--json", action="store_true", help="print JSON")


def _add_predict(commands):
    command = _command(commands, "predict", _predict, "Label texts.")
    add = command.add_argument
    add("--model", required=True, metavar="DIR", help="trained classifier")
    add("--input", required=True, metavar="FILE", help="or - for stdin")
    add("--output", default="-", metavar="FILE", help="JSON lines")
    add("--text-column", default="text", metavar="NAME")
    add("--pair-column", metavar="NAME", help="second text")
    add("--max-length", type=int, metavar="N", help="else the model's most")


def _add_fill(commands):
    command = _command(
        commands, "fill", _fill, "Guess the pieces behind [MASK]."
    )
    add = command.add_argument
    add("text", metavar="TEXT", help="with [MASK] where pieces are missing")
    add("--model", required=True, metavar="DIR", help="pretrained model")
    add("--top", type=int, default=5, metavar="N", help="guesses a mask")


def _add_convert(commands):
    command = _command(
        commands,
        "convert",
        _convert,
        "Bring weights from one format to another.",
    )
    add = command.add_argument
    add(
        "source", metavar="SOURCE", help="directory of any format, or hf://NAME"
    )
    add("output", metavar="OUTPUT", help="directory to write")
    add(
        "--to",
        default="albert_tf",
        choices=("albert_tf", "hugging_face", "google", "keras_hub"),
        help="format; the first two are one",
    )
    add(
        "--as",
        dest="model_class",
        metavar="CLASS",
        help="such as AlbertForMultipleChoice, where SOURCE does not tell",
    )
    add("--overwrite", action="store_true", help="replace files in OUTPUT")


# TensorFlow takes seconds to load: each command imports what it needs only
# once its arguments are good.
def _finetune(options):
    from albert_tf.train.finetune import finetune
    from albert_tf.train.options import FineTuneOptions

    names = [field.name for field in dataclasses.fields(FineTuneOptions)]
    finetune(FineTuneOptions(**{n: getattr(options, n) for n in names}))


def _evaluate(options):
    from albert_tf.data.examples import Columns
    from albert_tf.data.tasks import read_data
    from albert_tf.train.evaluate import evaluate

    columns = Columns(
        options.text_column, options.pair_column, options.label_column
    )
    examples = read_data(options.data, task=options.task, columns=columns)
    scores = evaluate(options.model, examples, max_length=options.max_length)
    if options.json:
        print(json.dumps(scores, ensure_ascii=False))
        return
    for name in ("num_examples", "accuracy", "macro_f1"):
        print(f"{name:13} {scores[name]:.4g}")
    width = max(map(len, scores["f1"]))
    for label, score in scores["f1"].items():
        taken = ", ".join(
            f"{other} {count}"
            for other, count in scores["confusion"][label].items()
            if count
        )
        print(f"  {label:{width}}  F1 {score:.4f}  taken for {taken}")


def _predict(options):
    from albert_tf.data.examples import Columns, read_examples
    from albert_tf.files import written_aside
    from albert_tf.train.predict import as_lines, predict, read_lines

    if options.input == "-":
        examples = read_lines()
    else:
        columns = Columns(options.text_column, options.pair_column, None)
        examples = read_examples(options.input, columns)
    predictions = predict(
        options.model, examples, max_length=options.max_length
    )
    if options.output == "-":
        for line in as_lines(predictions):
            print(line)
        return
    with written_aside(options.output) as path:
        text = "\n".join(as_lines(predictions)) + "\n"
        path.write_text(text, encoding="utf-8")


def _fill(options):
    from albert_tf.train.fill import fill

    for number, guesses in enumerate(
        fill(options.model, options.text, top=options.top), 1
    ):
        for guess in guesses:
            print(f"{number}\t{guess.piece}\t{guess.probability:.4f}")


def _convert(options):
    from albert_tf.train.convert import convert

    convert(
        options.source,
        options.output,
        to=options.to,
        model_class=options.model_class,
        overwrite=options.overwrite,
    )


if __name__ == "__main__":
    sys.exit(main())
