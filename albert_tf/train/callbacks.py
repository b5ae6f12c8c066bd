"""What happens at each evaluation of a training."""

import math
import sys
from pathlib import Path

import keras
import numpy as np

from albert_tf.train.outputs import row_outputs
from albert_tf.train.task_file import save_trained


class ScoreTask(keras.callbacks.Callback):
    """Adds a task's scores on development data to the logs of each epoch.

    Put it before callbacks that read the scores: the loss is `val_loss`, a
    score `val_<name>`.

    Args:
        task: Task.
        examples: list of development examples, as the task reads them.
        tokenizer: AlbertTokenizer.
        labels: list of str or None.
        max_length: int. Longest input, in tokens.
        settings: dict of the task's options, or None for its defaults.
        loss: what `task.loss` returned, or None to leave `val_loss` out.
        batch_size: int.

    Attributes:
        scores: dict. All that the task scored last.
    """

    def __init__(
        self,
        task,
        examples,
        tokenizer,
        labels,
        *,
        max_length,
        settings=None,
        loss=None,
        batch_size=32,
    ):
        super().__init__()
        self.task = task
        self.examples = examples
        self.labels = labels
        self.settings = settings or task.defaults()
        self.scores = {}
        self._pad_id = tokenizer.pad_id
        self._max_length = max_length
        self._loss = loss
        self._batch_size = batch_size
        self._rows = task.encode(
            examples,
            tokenizer,
            labels=labels,
            max_length=max_length,
            settings=self.settings,
            is_training=False,
        )

    def on_epoch_end(self, epoch, logs=None):
        loss = self.score(self.model)
        if loss is not None:
            logs["val_loss"] = loss
        for name, score in self.scores.items():
            if isinstance(score, (int, float)):
                logs[f"val_{name}"] = float(score)

    def score(self, model):
        """Scores a model, and keeps the scores.

        Returns:
            float: its loss, or None without one.
        """
        outputs, loss = row_outputs(
            model,
            self._rows,
            pad_id=self._pad_id,
            max_length=self._max_length,
            batch_size=self._batch_size,
            loss=self._loss,
        )
        shared = {"labels": self.labels, "settings": self.settings}
        predictions = self.task.predictions(
            self.examples, self._rows, outputs, **shared
        )
        self.scores = self.task.scores(self.examples, predictions, **shared)
        return loss

    def tuned_settings(self, chosen):
        """Returns the settings with what the last scores fixed.

        Args:
            chosen: names of options that the user gave: they stay.
        """
        tuned = self.task.tuned(self.scores)
        kept = {n: v for n, v in tuned.items() if n not in chosen}
        return {**self.settings, **kept}


class KeepBest(keras.callbacks.Callback):
    """Writes the model whenever it scores better, and stops when it stalls.

    Args:
        directory: where `save_pretrained` writes.
        tokenizer: AlbertTokenizer, written with it.
        score_task: ScoreTask, whose task is written with it.
        max_length: int. Longest input, written with it.
        patience: int. Evaluations without a better score before stopping.
        metric: str. Name of the score; higher is better. Of equal scores
            the one with the lower loss is.
        chosen: names of the task's options that are not to be tuned.

    Attributes:
        best: dict: `metric`, `score`, `loss`, `epoch`, `scores`; or None.
        num_stalled: int. Evaluations since.
    """

    def __init__(
        self,
        directory,
        tokenizer,
        score_task,
        *,
        max_length,
        patience,
        metric,
        chosen=(),
    ):
        super().__init__()
        self.directory = Path(directory)
        self.tokenizer = tokenizer
        self.score_task = score_task
        self.max_length = max_length
        self.patience = patience
        self.metric = metric
        self.chosen = chosen
        self.best = None
        self.num_stalled = 0

    def on_epoch_end(self, epoch, logs=None):
        score = float(logs[f"val_{self.metric}"])
        loss = logs.get("val_loss")
        if self._is_better(score, loss):
            self.num_stalled = 0
            self.best = {
                "metric": self.metric,
                "score": score,
                "loss": loss,
                "epoch": epoch,
                "scores": self.score_task.scores,
            }
            self._save()
            return
        self.num_stalled += 1
        if self.num_stalled >= self.patience:
            self.model.stop_training = True

    def _is_better(self, score, loss):
        """Says whether a model is better: by score, and then by loss.

        Small data sets tie often, and entities score 0 for a while before
        the first is found, though the model learns.
        """
        if self.best is None or score != self.best["score"]:
            return self.best is None or score > self.best["score"]
        return loss is not None and loss < 0.99 * self.best["loss"]

    def _save(self):
        save_trained(
            self.model,
            self.directory,
            self.tokenizer,
            task=self.score_task.task.name,
            max_length=self.max_length,
            settings=self.score_task.tuned_settings(self.chosen),
        )


class StopAtNaN(keras.callbacks.Callback):
    """Ends a training whose loss or weights are no numbers any more.

    Before the callbacks that score and keep the model: a loss tells of the
    weights before its update only.

    Args:
        keep_best: KeepBest, to say what is kept.
        learning_rate: float. Its peak, to say what to lower.
        steps_per_epoch: int. Updates between evaluations.
        num_parts: int. Parts that a batch is computed in.
    """

    def __init__(
        self, keep_best, learning_rate, steps_per_epoch, *, num_parts=1
    ):
        super().__init__()
        self.keep_best = keep_best
        self.learning_rate = learning_rate
        self.steps_per_epoch = steps_per_epoch
        self._num_parts = num_parts
        self._epoch = self._batch = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        self._batch = batch
        loss = (logs or {}).get("loss", 0.0)
        if not math.isfinite(loss):
            self._stop(f"The loss became {loss} at step {self._step()}")

    def on_epoch_end(self, epoch, logs=None):
        for weight in self.model.trainable_variables:
            if not np.isfinite(np.asarray(weight, "float32")).all():
                step = self._step()
                self._stop(f"Weights became NaN or infinite at step {step}")

    def _step(self):
        done = self._batch // self._num_parts
        return self._epoch * self.steps_per_epoch + done + 1

    def _stop(self, what):
        best = self.keep_best.best
        kept = "No model was kept."
        if best is not None:
            kept = (
                f"The best model so far ({best['metric']} "
                f"{best['score']:.4f}) is kept in {self.keep_best.directory}."
            )
        raise ValueError(
            f"{what}. {kept} Start anew with --overwrite and a lower "
            f"--learning-rate (it was {self.learning_rate:g}) or a higher "
            "--warm-up-rate."
        )


class History(keras.callbacks.Callback):
    """Writes a row of history at each evaluation, and says it in a line.

    Args:
        folder: RunFolder.
        steps_per_epoch: int. Updates between evaluations.
        num_steps: int. Updates in all.
        metric: str. Score to print.
    """

    def __init__(self, folder, *, steps_per_epoch, num_steps, metric):
        super().__init__()
        self.folder = folder
        self.steps_per_epoch = steps_per_epoch
        self.num_steps = num_steps
        self.metric = metric

    def on_epoch_end(self, epoch, logs=None):
        step = min((epoch + 1) * self.steps_per_epoch, self.num_steps)
        self.folder.add_history({"epoch": epoch, "step": step, **logs})
        # On a terminal Keras shows the same beside its progress bar.
        if not sys.stdout.isatty():
            dev_loss = ""
            if "val_loss" in logs:
                dev_loss = f", development loss {logs['val_loss']:.4f}"
            print(
                f"step {step} of {self.num_steps}: loss {logs['loss']:.4f}"
                f"{dev_loss}, {self.metric} "
                f"{logs[f'val_{self.metric}']:.4f}",
                flush=True,
            )
