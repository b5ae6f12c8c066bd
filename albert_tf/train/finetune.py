"""Fine-tunes a model on a task: `albert finetune`."""

import dataclasses

from albert_tf.text.tokenizer import AlbertTokenizer
from albert_tf.text.training import train_sentencepiece
from albert_tf.train.earlier_runs import check_runs
from albert_tf.train.inputs import read_inputs
from albert_tf.train.run_folder import RunFolder, run_settings


def finetune(options, *, root=None, is_checked=False):
    """Trains a model and leaves the best one in `options.output`.

    1. Reads, checks and tokenizes all data before anything slow starts.
    2. Loads TensorFlow and trains; see `albert_tf.train.fitting`.

    Args:
        options: FineTuneOptions.
        root: path or None. Folder whose other runs this one replaces, of
            what the caller has checked.
        is_checked: bool. Whether the caller has checked the output and
            `root`. If not, the output is checked, and is the root.

    Returns:
        float: the best development score.

    Raises:
        ValueError: a file, an option or a label is wrong, or the loss became
            NaN.
    """
    folder = RunFolder(options.output)
    if not options.resume and not is_checked:
        root = options.output
        check_runs(root, is_overwritten=options.overwrite, model=options.model)
    inputs = read_inputs(options)
    settings = run_settings(
        options,
        {"training": inputs.train, "development": inputs.dev},
        inputs.labels,
    )
    if options.resume:
        folder.check_same(settings)
        if folder.result() is not None:
            return _finished(folder.result())
    inputs = _with_tokenizer(inputs, options)
    best = _fit(inputs, folder, settings, options, root)
    if options.exit_heads:
        from albert_tf.train.early_exit import measure_run

        measure_run(inputs, inputs.tokenizer, options)
    folder.finish(best)
    print(
        f"best development {best['metric']} {best['score']:.4f}, model in "
        f"{options.output}"
    )
    return best["score"]


def _finished(best):
    """Says that a run is over; returns its score."""
    print(
        "nothing to resume: the run ended with "
        f"{best['metric']} {best['score']:.4f}"
    )
    return best["score"]


def _fit(inputs, folder, settings, options, root):
    """Encodes the training data and trains; returns as `fitting.fit`."""
    rows = inputs.task.encode(
        inputs.train,
        inputs.tokenizer,
        labels=inputs.labels,
        max_length=options.max_length,
        settings=inputs.settings,
        is_training=True,
    )
    # TensorFlow takes seconds to load: only now that all else is good.
    from albert_tf.train.fitting import fit

    try:
        return fit(
            inputs,
            rows,
            folder=folder,
            settings=settings,
            options=options,
            root=root,
        )
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(folder.what_is_kept(settings)) from error


def _with_tokenizer(inputs, options):
    """Returns the inputs with the tokenizer that they lack, if they do."""
    if inputs.tokenizer is not None:
        return inputs
    if options.model is not None:
        from albert_tf.train.tokenizer_source import pretrained_tokenizer

        tokenizer = pretrained_tokenizer(options.model)
        return dataclasses.replace(inputs, tokenizer=tokenizer)
    print(f"training a tokenizer of {options.vocab_size} pieces", flush=True)
    texts = inputs.task.texts(inputs.train)
    tokenizer = AlbertTokenizer(train_sentencepiece(texts, options.vocab_size))
    return dataclasses.replace(inputs, tokenizer=tokenizer)
