"""Several runs that differ in their seed, and what they say together."""

import dataclasses
import json
import statistics
from pathlib import Path

from albert_tf.files import written_aside
from albert_tf.train.finetune import finetune
from albert_tf.train.run_folder import SETTINGS_FILE, RunFolder

SEEDS_FILE = "seeds.json"


def finetune_seeds(options, num_seeds):
    """Fine-tunes once for each of several seeds.

    One run of a small data set says little: seeds differ by points. The
    median says what the settings are worth, the spread how sure that is. The
    development data is the same in all runs if it is given, and else split
    off anew for each seed.

    Args:
        options: FineTuneOptions. Runs go to `seed-N` in its output; the
            first has its seed.
        num_seeds: int >= 1.

    Returns:
        dict: `scores` by seed, `median`, `lowest`, `highest` and `best`, the
        directory of the best model.

    Raises:
        ValueError: as `finetune`; fewer than one seed.
    """
    if num_seeds < 1:
        raise ValueError(f"--seeds must be 1 or more. Received: {num_seeds}.")
    folder = RunFolder(options.output)
    if not options.resume:
        folder.check_writable(is_overwritten=options.overwrite)
    scores = {}
    for seed in range(options.seed, options.seed + num_seeds):
        output = Path(options.output) / f"seed-{seed}"
        is_resumed = options.resume and (output / SETTINGS_FILE).exists()
        print(f"seed {seed}:", flush=True)
        scores[seed] = finetune(
            dataclasses.replace(
                options, output=str(output), seed=seed, resume=is_resumed
            )
        )
    result = _summary(scores, options.output)
    with written_aside(Path(options.output) / SEEDS_FILE) as path:
        path.write_text(json.dumps(result, indent=1) + "\n")
    print(
        f"median {result['median']:.4f} of {num_seeds} seeds "
        f"({result['lowest']:.4f} to {result['highest']:.4f}), best model in "
        f"{result['best']}"
    )
    return result


def _summary(scores, output):
    best = max(scores, key=scores.get)
    return {
        "scores": {str(seed): score for seed, score in scores.items()},
        "median": statistics.median(scores.values()),
        "lowest": min(scores.values()),
        "highest": max(scores.values()),
        "best": str(Path(output) / f"seed-{best}"),
    }
