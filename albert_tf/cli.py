"""The `albert` command."""

import argparse
import sys

from albert_tf.cli_corpus import add_prepare, add_tokenizer
from albert_tf.command import HelpFormatter, run
from albert_tf.train import arguments as arguments_of
from albert_tf.train.pretrain_arguments import add_pretrain, run_pretrain

_TRAIN_COMMANDS = (
    (
        "pretrain",
        "Train a model on a prepared corpus, without labels.",
        add_pretrain,
        run_pretrain,
    ),
    (
        "finetune",
        "Train a model on a task.",
        arguments_of.add_finetune,
        arguments_of.run_finetune,
    ),
    (
        "evaluate",
        "Score a trained model on labelled data.",
        arguments_of.add_evaluate,
        arguments_of.run_evaluate,
    ),
    (
        "predict",
        "Apply a trained model.",
        arguments_of.add_predict,
        arguments_of.run_predict,
    ),
)


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
    add_tokenizer(commands)
    add_prepare(commands)
    for name, text, add, run_command in _TRAIN_COMMANDS:
        add(_command(commands, name, run_command, text))
    _add_fill(commands)
    _add_convert(commands)
    return parser


def _command(commands, name, function, text):
    command = commands.add_parser(
        name, help=text, description=text, formatter_class=HelpFormatter
    )
    command.set_defaults(run=function)
    return command


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
    add(
        "--weights-format",
        default="float32",
        choices=("float32", "float16"),
        help="float16 halves the file; of the first two formats",
    )
    add("--overwrite", action="store_true", help="replace a model in OUTPUT")


# TensorFlow takes seconds to load: each command imports what it needs only
# once its arguments are good.
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
        weights_format=options.weights_format,
        overwrite=options.overwrite,
    )


if __name__ == "__main__":
    sys.exit(main())
