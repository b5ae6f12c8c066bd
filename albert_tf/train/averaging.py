"""One model of several runs: the mean of their weights."""

import numpy as np

from albert_tf.train.inputs import read_inputs
from albert_tf.train.run_folder import RunFolder, run_settings


def check_average(options, num_runs):
    """Refuses runs whose weights have no mean that is worth anything.

    Args:
        options: FineTuneOptions of the runs.
        num_runs: int.

    Raises:
        ValueError: there is one run; they begin at random weights, each at
            others; or each keeps other rows to evaluate on, so that all have
            been trained on by one of the runs.
    """
    if num_runs < 2:
        raise ValueError(
            "--average is of several runs. Pass --seeds 2 or more. Received: "
            f"{num_runs}."
        )
    if options.model is None:
        raise ValueError(
            "--average needs runs that start at the same weights. Pass "
            "--model, or leave --average out."
        )
    if options.train is not None and options.dev is None:
        raise ValueError(
            "--average needs rows to evaluate on that no run is trained on. "
            "Pass --dev, or leave --average out."
        )


def average_runs(options, directories):
    """Averages the best models of several runs, and scores the result.

    The model is as large and as fast as one of them.

    Args:
        options: FineTuneOptions of the runs, whose `output` is where the
            average goes.
        directories: of the runs.

    Returns:
        float: the development score.

    Raises:
        ValueError: the data cannot be read.

    Source: arXiv:2203.05482, uniform soup.
    """
    inputs = read_inputs(options)
    data = {"training": inputs.train, "development": inputs.dev}
    folder = RunFolder(options.output)
    folder.start(run_settings(options, data, inputs.labels))
    best = _average(inputs, options, directories)
    folder.finish(best)
    print(
        f"average of {len(directories)} runs: development {best['metric']} "
        f"{best['score']:.4f}, model in {options.output}"
    )
    return best["score"]


def _average(inputs, options, directories):
    from albert_tf.train.fitting import scoring
    from albert_tf.train.predictor import Predictor

    runs = [
        Predictor(path, inputs.task, inputs.settings) for path in directories
    ]
    model, tokenizer = runs[0].model, runs[0].tokenizer
    together = zip(*(run.model.get_weights() for run in runs))
    model.set_weights([np.mean(arrays, axis=0) for arrays in together])
    score_task, keep_best = scoring(inputs, tokenizer, options)
    logs = {}
    for callback in (score_task, keep_best):
        callback.set_model(model)
        callback.on_epoch_end(0, logs)
    if options.exit_heads:
        from albert_tf.train.early_exit import measure_run

        measure_run(inputs, tokenizer, options)
    return keep_best.best
