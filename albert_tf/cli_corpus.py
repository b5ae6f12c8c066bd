"""The commands from text to a corpus: `albert tokenizer`, `albert prepare`."""

import dataclasses

from albert_tf.command import HelpFormatter, hidden_notes

_PREPARE = """Tokenize text into shards for pretraining.

Runs on all cores. What stands after a lone -- goes to Apache Beam, such as
  albert prepare "wiki/*.jsonl.gz" --tokenizer DIR --output DIR -- \\
    --runner=FlinkRunner --flink_master=HOST:8081
"""


def add_tokenizer(commands):
    """Adds `tokenizer` to the parser's commands."""
    text = "Train a SentencePiece vocabulary on text, with ALBERT's settings."
    command = commands.add_parser(
        "tokenizer", help=text, description=text, formatter_class=HelpFormatter
    )
    command.set_defaults(run=_tokenizer)
    add = command.add_argument
    add("inputs", nargs="+", metavar="INPUT", help="files or globs; also .gz")
    add("--output", required=True, metavar="DIR", help="folder to write")
    add("--vocab-size", type=int, default=30000, metavar="N", help="pieces")
    add("--keep-case", action="store_true", help="tell A from a")
    add("--keep-accents", action="store_true", help="tell \u00e9 from e")
    add(
        "--user-symbols",
        default='()"-.\u2013\u00a3\u20ac',
        metavar="TEXT",
        help="characters that are pieces of their own",
    )
    add(
        "--character-coverage",
        type=float,
        default=0.99995,
        metavar="N",
        help="share of characters that get a piece",
    )
    add(
        "--sampled-lines",
        type=int,
        default=10_000_000,
        metavar="N",
        help="most lines to train on",
    )
    add(
        "--num-threads",
        type=int,
        default=1,
        metavar="N",
        help="with more than one the model may differ by a little",
    )
    add("--format", choices=("text", "jsonl", "book"), help="as of prepare")
    add("--text-field", default="text", metavar="NAME", help="in JSON lines")
    add("--overwrite", action="store_true", help="replace a tokenizer")


def add_prepare(commands):
    """Adds `prepare` to the parser's commands."""
    command = commands.add_parser(
        "prepare",
        help="Tokenize text into shards for pretraining.",
        description=_PREPARE,
        formatter_class=HelpFormatter,
    )
    command.set_defaults(run=_prepare)
    add = command.add_argument
    add("inputs", nargs="+", metavar="INPUT", help="files or globs; also .gz")
    add(
        "--tokenizer",
        required=True,
        metavar="PATH",
        help="spiece.model, or folder",
    )
    add("--output", required=True, metavar="DIR", help="folder of the corpus")
    add(
        "--format",
        choices=("text", "jsonl", "book"),
        help="else by the name: text has a blank line between documents; "
        "a book is hard-wrapped and one document a file",
    )
    add("--text-field", default="text", metavar="NAME", help="in JSON lines")
    add(
        "--splitter",
        default="english",
        metavar="NAME",
        help="of sentences: english, lines, or module:function",
    )
    add("--held-out", type=float, default=0.01, metavar="N", help="share")
    add("--num-shards", type=int, metavar="N", help="else one per 32 MB")
    add("--num-workers", type=int, metavar="N", help="else one per core")
    add("--seed", type=int, default=1, metavar="N", help="of order and draw")
    add("--overwrite", action="store_true", help="replace a corpus")


def _prepare(options):
    from albert_tf.data.corpus_summary import summary
    from albert_tf.data.prepare import PrepareOptions, prepare

    names = [field.name for field in dataclasses.fields(PrepareOptions)]
    # Each local worker of Beam tells that it has begun.
    with hidden_notes():
        corpus = prepare(
            PrepareOptions(**{n: getattr(options, n) for n in names})
        )
    print(summary(corpus))


def _tokenizer(options):
    from albert_tf.data.vocabulary import VocabularyOptions, train_vocabulary

    names = [field.name for field in dataclasses.fields(VocabularyOptions)]
    train_vocabulary(
        VocabularyOptions(**{n: getattr(options, n) for n in names})
    )
