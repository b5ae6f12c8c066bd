"""The training itself of a pretraining, from its first or last step on."""

import contextlib
import sys
import warnings

import keras
import numpy as np

from albert_tf.checkpoints.pretrained import check_vocabulary
from albert_tf.data.pretraining import PretrainingBatches
from albert_tf.data.word_vectors import token_counts, word_vectors
from albert_tf.train import pretrain_log, pretrain_state
from albert_tf.train.corpus_start import num_word_dimensions, start_from_corpus
from albert_tf.train.interrupt import stops_between_batches
from albert_tf.train.longer_positions import extend_positions
from albert_tf.train.pretrain_model import compiled_model
from albert_tf.train.strategy import distributed, share
from albert_tf.train.tokenizer_source import pretrained_tokenizer
from albert_tf.train.vocabulary_transfer import transfer_vocabulary

# Of 400 answers, a share is within five points of the truth.
_FEW_ORDERS = 400


def run(options, corpus, tokenizer, config, folder, settings):
    """Trains to the end and returns the result.

    Args:
        options: PretrainOptions.
        corpus: Corpus.
        tokenizer: AlbertTokenizer of the corpus.
        config: AlbertConfig of a new model, or None.
        folder: RunFolder.
        settings: dict to write to it.
    """
    keras.utils.set_random_seed(options.seed)
    with distributed(options.strategy) as is_chief:
        model = compiled_model(
            options,
            config,
            lambda old: _adapted(old, options, corpus, tokenizer),
        )
        # A run may have stopped before its first checkpoint.
        latest = pretrain_state.latest(folder.path) if options.resume else None
        is_new = config is not None and latest is None
        if is_new and options.initial_weights == "corpus":
            _count(corpus, model, options.seed)
        batches = PretrainingBatches(
            corpus,
            tokenizer,
            options.segments(),
            options.masking(),
            batch_size=options.batch_size,
            length_buckets=options.length_buckets,
            num_parts=options.accumulation_steps,
            seed=options.seed,
            num_shuffled=options.shuffled_rows,
        )
        training = _Training(options, model, batches, tokenizer, folder)
        return training.run(settings, is_chief)


def _count(corpus, model, seed):
    print("counting words for the first weights")
    size = num_word_dimensions(model.albert_config)
    vectors, counts = word_vectors(corpus, size, seed)
    start_from_corpus(model, vectors, counts, seed)


def _adapted(model, options, corpus, tokenizer):
    """Takes a model on to a corpus' vocabulary and to longer sequences."""
    if options.transfer_vocabulary:
        old_tokenizer = pretrained_tokenizer(options.model)
        counts = token_counts(corpus)
        model = transfer_vocabulary(model, old_tokenizer, tokenizer, counts)
    check_vocabulary(tokenizer, model.albert_config, options.model)
    positions = model.albert_config.max_position_embeddings
    if options.extend_positions and options.max_length > positions:
        model = extend_positions(model, options.max_length)
    return model


class Progress(keras.callbacks.Callback):
    """Counts the updates, and ends the training after the last.

    Subtle: on JAX the optimizer's own count is behind until a round ends.

    Args:
        options: PretrainOptions.

    Attributes:
        step: int. Updates done.
    """

    def __init__(self, options):
        super().__init__()
        self._options = options
        self._begin = 0
        self.step = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._begin = self.step = epoch * self._options.steps_per_evaluation

    def on_train_batch_end(self, batch, logs=None):
        parts = self._options.accumulation_steps
        self.step = self._begin + (batch + 1) // parts
        # The last round is short where the steps are no multiple of it.
        if self.step >= self._options.steps:
            self.model.stop_training = True


class _Training:
    def __init__(self, options, model, batches, tokenizer, folder):
        self._options = options
        self._progress = Progress(options)
        self._model = model
        self._batches = batches
        self._tokenizer = tokenizer
        self._folder = folder

    def run(self, settings, is_chief):
        self._batches.check_size()
        held_out = self._batches.held_out(self._options.evaluation_batches)
        if is_chief:
            _tell_few(held_out)
        first_step = self._start(settings, is_chief)
        self._fit(first_step, held_out, is_chief)
        return self._finish(held_out, is_chief)

    def _start(self, settings, is_chief):
        """Makes the folder ready, or goes back to where a run stopped."""
        steps = self._options.steps
        first_step = 0
        if self._options.resume:
            first_step, counts = pretrain_state.restore(
                self._folder.path, self._model
            )
            self._batches.num_batches.update(counts)
            if is_chief:
                pretrain_log.cut(self._folder.path, first_step)
            print(f"resuming after step {first_step} of {steps}")
        elif is_chief:
            self._folder.start(settings)
        print(f"model: {self._model.count_params():,} parameters")
        return first_step

    def _fit(self, first_step, held_out, is_chief):
        options = self._options
        if first_step >= options.steps:
            return
        callbacks = self._callbacks(is_chief)
        per_round = options.steps_per_evaluation
        first_round = first_step // per_round
        rounds = -(-options.steps // per_round)
        training = self._batches.training(
            first_step, (rounds - first_round) * per_round
        )
        with stops_between_batches(callbacks), _quiet():
            self._model.fit(
                share(training),
                steps_per_epoch=per_round * options.accumulation_steps,
                initial_epoch=first_round,
                epochs=rounds,
                validation_data=share(held_out),
                callbacks=callbacks,
                shuffle=False,
                verbose=0,
            )

    def _callbacks(self, is_chief):
        options = self._options
        tokens = options.batch_size * options.max_length
        callbacks = [
            self._progress,
            pretrain_log.StopOnNaN(options.output, self._progress),
        ]
        if is_chief:
            callbacks += [
                pretrain_log.Report(
                    self._progress,
                    options.steps,
                    is_terminal=sys.stdout.isatty(),
                ),
                pretrain_log.History(options.output, self._progress, tokens),
                keras.callbacks.TensorBoard(
                    self._folder.path / "logs", write_graph=False
                ),
                keras.callbacks.LambdaCallback(on_epoch_end=self._save),
            ]
        return callbacks

    def _save(self, epoch, logs):
        self._model.save_pretrained(self._folder.path, self._tokenizer)
        pretrain_state.save(
            self._folder.path,
            self._model,
            self._progress.step,
            self._batches.num_batches,
            keep=self._options.keep_checkpoints,
        )

    def _finish(self, held_out, is_chief):
        if not is_chief:
            return {}
        path = self._folder.path / pretrain_log.HISTORY_FILE
        last = pretrain_log.read(path)[-1]
        result = {name: float(value) for name, value in last.items()}
        result["val_unigram_accuracy"] = unigram_accuracy(held_out)
        self._folder.finish(result)
        masked_lm, unigram, order = (
            result[f"val_{name}_accuracy"]
            for name in ("masked_lm", "unigram", "sentence_order")
        )
        print(
            f"held-out: masked LM accuracy {masked_lm:.4f} (always the most "
            f"frequent piece: {unigram:.4f}), sentence order accuracy "
            f"{order:.4f}; model in {self._folder.path}"
        )
        return result


def _tell_few(held_out):
    orders = [weights["sentence_order_logits"] for *_, weights in held_out]
    count = int(np.count_nonzero(np.concatenate(orders)))
    if count < _FEW_ORDERS:
        print(
            f"note: {count} sentence orders are few to evaluate on: scores "
            "will jump. A larger --held-out of albert prepare keeps more text, "
            "more --evaluation-batches take more of it."
        )


def unigram_accuracy(batches):
    """Returns the accuracy of always guessing the most frequent piece.

    Args:
        batches: tf.data.Dataset, as of `PretrainingBatches.held_out`.
    """
    masked = [
        targets["masked_lm_logits"][weights["masked_lm_logits"] > 0]
        for _, targets, weights in batches
    ]
    counts = np.bincount(np.concatenate(masked))
    return float(counts.max() / counts.sum())


@contextlib.contextmanager
def _quiet():
    """Keras warns of every dataset that it does not shuffle itself."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="`shuffle=True` was passed")
        yield
