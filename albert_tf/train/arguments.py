"""The arguments of `albert finetune`, `evaluate` and `predict`."""

import dataclasses
import json

from albert_tf.train import apply
from albert_tf.train.averaging import check_average
from albert_tf.train.finetune import finetune
from albert_tf.train.options import PRECISIONS, FineTuneOptions
from albert_tf.train.pictures import check_pictures, draw_run
from albert_tf.train.prediction_file import check_output, write_predictions
from albert_tf.train.recipes.published import find_recipe
from albert_tf.train.run_folder import RunFolder
from albert_tf.train.seeds import finetune_seeds
from albert_tf.train.tasks.registry import TASKS, all_options

_NUMBERS = (
    ("epochs", int, "passes over the training rows"),
    ("train_steps", int, "updates in all, instead of epochs"),
    ("steps_per_evaluation", int, "updates; else an epoch's"),
    ("batch_size", int, "rows an update"),
    ("accumulation_steps", int, "parts that a batch is computed in"),
    (
        "learning_rate",
        float,
        "peak; else 5e-4 from scratch, and with weights 3e-4 up to width "
        "256, 3e-5 up to 1024, 1e-5 above",
    ),
    ("warm_up_rate", float, "share of the updates with rising rate"),
    ("weight_decay", float, "of matrices and embeddings"),
    ("dropout", float, "in the layers, 0: none of any kind; else the model's"),
    ("label_smoothing", float, "share spread over all labels"),
    ("layer_decay", float, "of the rate, from the head down"),
    (
        "ema_share",
        float,
        "of the updates, whose moving average of weights is kept; 0: the last",
    ),
    ("max_length", int, "longest input, in tokens"),
    ("vocab_size", int, "pieces of a tokenizer trained here"),
    ("patience", int, "evaluations without progress before stopping"),
    ("seed", int, "of weights and order"),
)
_DEFAULTS = {f.name: f.default for f in dataclasses.fields(FineTuneOptions)}


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
    add(
        "--model",
        metavar="DIR",
        help="weights to start from, or hf://OWNER/NAME; else scratch",
    )
    add("--preset", default="albert_edge_small", help="sizes from scratch")
    add("--tokenizer", metavar="FILE", help="spiece.model for scratch")
    add("--recipe", action="store_true", help="published numbers for the task")
    _add_training(add)
    _add_runs(add)
    command.epilog = tasks_text()


def _add_training(add):
    for name, kind, text in _NUMBERS:
        if _DEFAULTS[name] is not None:
            text = f"{text} (default: {_DEFAULTS[name]})"
        flag = "--" + name.replace("_", "-")
        # Unset, not the default: a recipe comes between.
        add(flag, type=kind, default=None, help=text, metavar="N")
    add("--class-weights", metavar="W", help="balanced, or LABEL=2,OTHER=0.5")
    add("--freeze", metavar="PARTS", help="embeddings, encoder")
    add("--exit-heads", action="store_true", help="train every depth to answer")
    add(
        "--precision",
        default="float32",
        choices=PRECISIONS,
        help="number format of the computation",
    )
    add(
        "--gradient-checkpointing",
        action="store_true",
        help="compute activations twice instead of keeping them",
    )


def _add_runs(add):
    add("--output", required=True, metavar="DIR", help="where the model goes")
    add("--seeds", type=int, metavar="N", help="runs, each in its folder")
    add(
        "--average",
        action="store_true",
        help="with --seeds: also a model of the runs' mean weights",
    )
    add("--pictures", action="store_true", help="draw curve and confusion")
    add("--resume", action="store_true", help="go on with a stopped run")
    add(
        "--overwrite",
        action="store_true",
        help="replace all earlier runs in --output",
    )


def run_finetune(options):
    """Runs `albert finetune`."""
    if options.pictures:
        check_pictures()
    fields = find_recipe(options.task).options() if options.recipe else {}
    given = {n: getattr(options, n) for n in _DEFAULTS if n != "settings"}
    given = {n: v for n, v in given.items() if v is not None}
    if "epochs" in given:
        fields.pop("train_steps", None)
    fields.update(given)
    settings = {
        n: v for n, v in _task_options(options).items() if v is not None
    }
    run = FineTuneOptions(**fields, settings=settings)
    folders = [run.output]
    if options.seeds is None:
        if options.average:
            check_average(run, 1)
        finetune(run)
    else:
        scores = finetune_seeds(
            run, options.seeds, is_averaged=options.average
        )["scores"]
        folders = [f"{run.output}/seed-{seed}" for seed in scores]
    if options.pictures:
        for folder in folders:
            draw_run(folder, RunFolder(folder).result())


def add_evaluate(command):
    """Adds the arguments of `albert evaluate` to a parser."""
    add = command.add_argument
    add("--model", required=True, metavar="PATH", help="folder or .tflite file")
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
    add("--model", required=True, metavar="PATH", help="folder or .tflite file")
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
    file_format = check_output(
        options.output,
        options.format,
        task,
        is_overwritten=options.overwrite,
        labels=apply.named_labels(options.model),
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
    write_predictions(predictions, options.output, task, file_format)


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
        if option.choices is not None:
            extra = {"choices": option.choices}
        # Unset, not the default: what a model was trained with comes first.
        group.add_argument(option.flag, default=None, help=text, **extra)


def _task_options(options):
    return {name: getattr(options, name) for name in all_options()}
