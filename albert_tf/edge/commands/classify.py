"""`classify`: a label, or a score, for a text or a pair."""

from __future__ import annotations

import argparse
from typing import Any

from albert_tf.edge import tasks
from albert_tf.edge.bundle import Bundle
from albert_tf.edge.classifier import Classifier
from albert_tf.edge.commands import common
from albert_tf.edge.regressor import Regressor


def add(commands: Any) -> None:
    """Adds the command."""
    command = common.add_command(
        commands, "classify", _run, "Give a text its label or its score."
    )
    command.add_argument(
        "text", metavar="TEXT", help="the text, or - for lines of stdin"
    )
    command.add_argument("--pair", metavar="TEXT", help="a second text")
    command.add_argument(
        "--patience",
        type=int,
        metavar="N",
        help="of a model with early exit: depths in a row that must agree; "
        "by default the bundle's own",
    )


def _run(options: argparse.Namespace) -> None:
    common.check_utf8(options.text, options.pair)
    options.file = Bundle(options.file)
    if options.file.manifest.task == tasks.REGRESSION:
        regressor = common.open_runner(
            Regressor, options, patience=options.patience
        )
        common.answer_texts(
            options,
            lambda text: regressor.score(text, options.pair),
            lambda answer, text: common.with_tail(f"{answer.score:.4f}", text),
        )
        return
    classifier = common.open_runner(
        Classifier, options, patience=options.patience
    )
    common.answer_texts(
        options,
        lambda text: classifier.classify(text, options.pair),
        lambda answer, text: common.with_tail(
            f"{answer.label}\t{answer.probability:.3f}", text
        ),
    )
