"""Several runs that differ in their seed, and what they say together."""

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
    if not options.resume:
        names = [f"seed-{seed}" for seed in seeds]
        check_runs(
            options.output,
            [*names, AVERAGE_FOLDER] if is_averaged else names,
            is_overwritten=options.overwrite,
            model=options.model,
        )
    scores = {seed: _run(options, seed) for seed in seeds}
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


def _run(options, seed):
    """Runs one seed, or goes on with it; returns its score."""
    output = _folder(options, f"seed-{seed}")
    is_resumed = options.resume and Path(output, SETTINGS_FILE).exists()
    print(f"seed {seed}:", flush=True)
    if options.resume and not is_resumed:
        RunFolder(output).check_writable(
            is_overwritten=options.overwrite,
            model=options.model,
            is_inner=True,
        )
    # Earlier runs of all seeds go once the first has begun.
    is_first = seed == options.seed and not options.resume
    root = options.output if is_first else output
    run = dataclasses.replace(
        options, output=output, seed=seed, resume=is_resumed
    )
    return finetune(run, root=root)


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
