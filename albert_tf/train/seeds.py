"""Several runs that differ in their seed, and what they say together."""

import contextlib
import dataclasses
import json
import statistics
from pathlib import Path

from albert_tf.files import written_aside
from albert_tf.train.averaging import average_runs, check_average
from albert_tf.train.earlier_runs import (
    AVERAGE_FOLDER,
    SEEDS_FILE,
    check_runs,
)
from albert_tf.train.finetune import finetune
from albert_tf.train.run_folder import SETTINGS_FILE, RunFolder


def finetune_seeds(options, num_seeds, *, is_averaged=False):
    """Fine-tunes once for each of several seeds.

    One run of a small data set says little: seeds differ by points. The
    median says what the settings are worth, the spread how sure that is. The
    development data is the same in all runs if it is given, and else split
    off anew for each seed.

    Args:
        options: FineTuneOptions. Runs go to `seed-N` in its output; the
            first has its seed.
        num_seeds: int >= 1.
        is_averaged: bool. Adds a model of the runs' mean weights, in
            `average`.

    Returns:
        dict: `scores` by seed, `median`, `lowest`, `highest`, `average` or
        None, and `best`, the directory of the best model.

    Raises:
        ValueError: as `finetune`; fewer than one seed; the runs have no
            average.
    """
    if num_seeds < 1:
        raise ValueError(f"--seeds must be 1 or more. Received: {num_seeds}.")
    if is_averaged:
        check_average(options, num_seeds)
    seeds = range(options.seed, options.seed + num_seeds)
    _check_folders(options, seeds, is_averaged)
    scores = {}
    with _naming_finished(scores):
        for seed in seeds:
            scores[seed] = _run(options, seed)
        average = _average(options, scores) if is_averaged else None
    result = _summary(scores, average, options.output)
    with written_aside(Path(options.output) / SEEDS_FILE) as path:
        path.write_text(json.dumps(result, indent=1) + "\n")
    print(
        f"median {result['median']:.4f} of {num_seeds} seeds "
        f"({result['lowest']:.4f} to {result['highest']:.4f}), best model in "
        f"{result['best']}"
    )
    return result


@contextlib.contextmanager
def _naming_finished(scores):
    """Lets Ctrl-C say which seeds need not run again.

    Args:
        scores: dict by seed, filled as they finish.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        if not scores:
            raise
        names = ", ".join(map(str, scores))
        done = f"seed {names} is" if len(scores) == 1 else f"seeds {names} are"
        raise KeyboardInterrupt(
            f"{done} done, and what was trained up to the last evaluation is "
            "kept. Give the same command with --resume to go on from there."
        ) from error


def _check_folders(options, seeds, is_averaged):
    """Refuses folders that may not be written to, before any run begins."""
    names = [f"seed-{seed}" for seed in seeds]
    allowed = {"is_overwritten": options.overwrite, "model": options.model}
    if not options.resume:
        names += [AVERAGE_FOLDER] if is_averaged else []
        check_runs(options.output, names, **allowed)
        return
    for name in names:
        if not _has_begun(options, name):
            folder = RunFolder(_folder(options, name))
            folder.check_writable(**allowed, is_inner=True)
    if is_averaged:
        # The average is made anew, even if an earlier try came that far.
        RunFolder(_folder(options, AVERAGE_FOLDER)).check_writable(
            is_overwritten=True, model=options.model, is_inner=True
        )


def _run(options, seed):
    """Runs one seed, or goes on with it; returns its score."""
    name = f"seed-{seed}"
    print(f"seed {seed}:", flush=True)
    # Earlier runs of all seeds go once the first has begun.
    is_first = seed == options.seed and not options.resume
    run = dataclasses.replace(
        options,
        output=_folder(options, name),
        seed=seed,
        resume=options.resume and _has_begun(options, name),
    )
    root = options.output if is_first else None
    return finetune(run, root=root, is_checked=True)


def _has_begun(options, name):
    return Path(_folder(options, name), SETTINGS_FILE).exists()


def _folder(options, name):
    return str(Path(options.output) / name)


def _average(options, scores):
    directories = [_folder(options, f"seed-{seed}") for seed in scores]
    output = _folder(options, AVERAGE_FOLDER)
    return average_runs(
        dataclasses.replace(options, output=output, resume=False), directories
    )


def _summary(scores, average, output):
    by_folder = {f"seed-{seed}": score for seed, score in scores.items()}
    if average is not None:
        by_folder[AVERAGE_FOLDER] = average
    return {
        "scores": {str(seed): score for seed, score in scores.items()},
        "median": statistics.median(scores.values()),
        "lowest": min(scores.values()),
        "highest": max(scores.values()),
        "average": average,
        "best": str(Path(output) / max(by_folder, key=by_folder.get)),
    }
