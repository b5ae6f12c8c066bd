"""The arguments of `albert finetune`, `evaluate` and `predict`."""

import dataclasses
import json

from albert_tf.train import apply
from albert_tf.train.finetune import finetune
from albert_tf.train.options import PRECISIONS, FineTuneOptions
from albert_tf.train.tasks.registry import TASKS, all_options

_NUMBERS = (
    ("--epochs", int, 3, "passes over the training rows"),
    ("--train-steps", int, None, "updates in all, instead of epochs"),
    ("--steps-per-evaluation", int, None, "updates; else an epoch's"),
    ("--batch-size", int, 32, "rows an update"),
    ("--learning-rate", float, None, "peak; 5e-4 from scratch, else 3e-5"),
    ("--warm-up-rate", float, 0.1, "share of the updates with rising rate"),
    ("--weight-decay", float, 0.01, "of matrices and embeddings"),
    ("--dropout", float, None, "of hidden states; else the preset's"),
    ("--max-length", int, 128, "longest input, in tokens"),
    ("--vocab-size", int, 4000, "pieces of a tokenizer trained here"),
    ("--patience", int, 3, "evaluations without progress before stopping"),
    ("--seed", int, 1, "of weights and order"),
)


def tasks_text():
    """Returns the list of tasks for the end of a help text."""
    width = max(map(len, TASKS))
    lines = [f"  {t.name:{width}}  {t.summary}" for t in TASKS.values()]
    return "\n".join(["tasks:", *lines])


def add_finetune(command):
    """Adds the arguments of `albert finetune` to a parser."""
    add = command.add_argument
    add("--task", default="classification", help="one of those below")
    add("--data", metavar="DIR", help="folder of a task that has one")
    add("--train", metavar="FILE", help="training rows, of other tasks")
    add("--dev", metavar="FILE", help="rows to evaluate on; else a tenth")
    _add_task_options(command)
    add("--labels", metavar="FILE", help="labels in their order, one a line")
    add("--metric", metavar="NAME", help="score that picks the best model")
    _add_skip(command)
    add("--model", metavar="DIR", help="weights to start from; else scratch")
    add("--preset", default="albert_edge_small", help="sizes from scratch")
    add("--tokenizer", metavar="FILE", help="spiece.model for scratch")
    for name, kind, default, text in _NUMBERS:
        add(name, type=kind, default=default, help=text, metavar="N")
    add(
        "--precision",
        default="float32",
        choices=PRECISIONS,
        help="number format of the computation",
    )
    add("--output", required=True, metavar="DIR", help="where the model goes")
    add("--resume", action="store_true", help="go on with a stopped run")
    add("--overwrite", action="store_true", help="replace an earlier run")
    command.epilog = tasks_text()


def run_finetune(options):
    """Runs `albert finetune`."""
    names = {field.name for field in dataclasses.fields(FineTuneOptions)}
    fields = {n: getattr(options, n) for n in names - {"settings"}}
    settings = {
        n: v for n, v in _task_options(options).items() if v is not None
    }
    finetune(FineTuneOptions(**fields, settings=settings))


def add_evaluate(command):
    """Adds the arguments of `albert evaluate` to a parser."""
    add = command.add_argument
    add("--model", required=True, metavar="DIR", help="trained model")
    add("--task", help="else what the model was trained for")
    add("--data", required=True, metavar="PATH", help="file, or task folder")
    add("--split", default="dev", help="part of a task folder")
    _add_task_options(command)
    _add_skip(command)
    add("--max-length", type=int, metavar="N", help="else that of training")
    add("--json", action="store_true", help="print JSON")


def run_evaluate(options):
    """Runs `albert evaluate`."""
    scores = apply.evaluate(
        options.model,
        options.data,
        task=options.task,
        split=options.split,
        settings=_task_options(options),
        max_length=options.max_length,
        skip_bad_rows=options.skip_bad_rows,
    )
    if options.json:
        print(json.dumps(scores, ensure_ascii=False))
        return
    numbers = {n: s for n, s in scores.items() if isinstance(s, (int, float))}
    width = max(map(len, numbers))
    for name, score in numbers.items():
        shown = str(score) if isinstance(score, int) else f"{score:.4f}"
        print(f"{name:{width}} {shown}")
    task = apply.trained_task(options.model, options.task)
    for line in task.report(scores):
        print(f"  {line}")


def add_predict(command):
    """Adds the arguments of `albert predict` to a parser."""
    add = command.add_argument
    add("--model", required=True, metavar="DIR", help="trained model")
    add("--task", help="else what the model was trained for")
    add("--input", required=True, metavar="PATH", help="or - for stdin")
    add("--split", default="test", help="part of a task folder")
    add("--output", default="-", metavar="FILE", help="- is stdout")
    add("--format", metavar="NAME", help="else as the output's name ends")
    add("--overwrite", action="store_true", help="replace the output")
    _add_task_options(command)
    _add_skip(command)
    add("--max-length", type=int, metavar="N", help="else that of training")


def run_predict(options):
    """Runs `albert predict`."""
    task = apply.trained_task(options.model, options.task)
    file_format = apply.check_output(
        options.output,
        options.format,
        task,
        is_overwritten=options.overwrite,
    )
    predictions = apply.predict(
        options.model,
        options.input,
        task=options.task,
        split=options.split,
        settings=_task_options(options),
        max_length=options.max_length,
        skip_bad_rows=options.skip_bad_rows,
    )
    apply.write_predictions(predictions, options.output, task, file_format)


def _add_skip(command):
    command.add_argument(
        "--skip-bad-rows",
        action="store_true",
        help="leave out rows that cannot be used, and count them",
    )


def _add_task_options(command):
    group = command.add_argument_group("of some tasks only")
    for option in all_options().values():
        text = option.help
        if option.default is not None and option.kind is not bool:
            text = f"{text} (default: {option.default})"
        extra = {"type": option.kind, "metavar": option.metavar}
        if option.kind is bool:
            extra = {"action": "store_true"}
        # Unset, not the default: what a model was trained with comes first.
        group.add_argument(option.flag, default=None, help=text, **extra)


def _task_options(options):
    return {name: getattr(options, name) for name in all_options()}
