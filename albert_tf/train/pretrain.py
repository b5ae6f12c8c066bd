"""Pretrains a model on a prepared corpus: `albert pretrain`."""

import dataclasses
import sys
from pathlib import Path

from albert_tf import AlbertConfig, AlbertTokenizer
from albert_tf.data.corpus import Corpus
from albert_tf.train.pretrain_options import PretrainOptions
from albert_tf.train.run_folder import RunFolder

SETTINGS_FILE = "pretrain.json"
# Options that may change between an interrupted run and its continuation.
_FREE = {
    "corpus",
    "output",
    "resume",
    "overwrite",
    "strategy",
    "steps_per_execution",
    "jit",
    "keep_checkpoints",
}
_FILES = (
    "model.safetensors",
    "config.json",
    "history.csv",
    "curve.png",
    "result.json",
)


def pretrain(options: PretrainOptions) -> dict:
    """Trains masked LM and sentence order, and leaves the model on disk.

    1. Checks corpus, tokenizer and sizes before anything slow starts.
    2. Trains on batches that are drawn afresh in every epoch; after each
       `steps_per_evaluation` evaluates on held-out text, writes a
       checkpoint, the model, a row of the table and the picture.
    3. Writes the last evaluation with a baseline beside it.

    Args:
        options: PretrainOptions.

    Returns:
        dict: the last evaluation, as `result.json` has it.

    Raises:
        ValueError: the corpus, an option or an earlier run does not fit; the
            loss diverged.
    """
    folder = RunFolder(
        options.output,
        settings_file=SETTINGS_FILE,
        files=_FILES,
        state_folder="checkpoints",
        free=_FREE,
    )
    if not options.resume:
        folder.check_writable(
            is_overwritten=options.overwrite, model=options.model
        )
    corpus = Corpus.open(options.corpus)
    tokenizer = AlbertTokenizer.from_pretrained(options.corpus)
    corpus.check_tokenizer(tokenizer)
    _check_vocabulary(options, tokenizer)
    config = None if options.model else _config(options, tokenizer)
    settings = _settings(options, corpus)
    if options.resume:
        folder.check_same(settings)
        if folder.result() is not None:
            print("the run is over; nothing to resume")
            return folder.result()
    if options.warning():
        print(options.warning(), file=sys.stderr)
    # TensorFlow takes seconds to load: not before all else is good.
    from albert_tf.train.pretrain_run import run

    try:
        return run(options, corpus, tokenizer, config, folder, settings)
    except KeyboardInterrupt as error:
        last = _last_evaluation(folder)
        raise KeyboardInterrupt(folder.what_is_kept(settings, last)) from error


def _last_evaluation(folder):
    from albert_tf.train.pretrain_state import latest

    path = latest(folder.path)
    step = int(path.name.rpartition("-")[2]) if path else 0
    return f"the last evaluation, step {step},"


def _check_vocabulary(options, tokenizer):
    """Refuses a model of another vocabulary, unless it is to be changed."""
    if options.model is None or options.transfer_vocabulary:
        return
    from albert_tf.train.tokenizer_source import tokenizer_file

    path = tokenizer_file(options.model)
    if path is not None and path.read_bytes() != tokenizer.model_proto:
        raise ValueError(
            f"{options.model} was trained with another vocabulary than "
            f"{options.corpus} was prepared with. Prepare the text with "
            f"--tokenizer {path}, or give --transfer-vocabulary."
        )


def _settings(options, corpus):
    """Returns what fixes a run: its options, and the corpus by content."""
    train = corpus.splits["train"]
    return {
        **dataclasses.asdict(options),
        "content": {
            "corpus data": f"{train.num_documents} documents, "
            f"{train.num_tokens} tokens in {len(train.shards)} shards, "
            f"tokenizer {corpus.tokenizer_sha256[:12]}"
        },
    }


def _config(options, tokenizer):
    """Returns the sizes of a model from scratch, for this vocabulary."""
    if options.config is not None:
        config = AlbertConfig.from_json(Path(options.config))
    else:
        config = AlbertConfig.from_preset(options.preset)
    config = config.replace(vocab_size=tokenizer.vocab_size)
    if options.dropout is not None:
        config = config.replace(
            hidden_dropout_prob=options.dropout,
            attention_probs_dropout_prob=options.dropout,
        )
    if options.max_length > config.max_position_embeddings:
        raise ValueError(
            f"--max-length is {options.max_length}; the model has "
            f"{config.max_position_embeddings} positions. Give at most that, "
            "or sizes with more by --config."
        )
    return config
