"""A task's data, ready for `fit` in a script of one's own."""

from pathlib import Path

from albert_tf.checkpoints.names import architecture_of
from albert_tf.data.bad_rows import BadRows
from albert_tf.data.batches import BucketedBatches
from albert_tf.data.examples import check_some_left
from albert_tf.train.callbacks import ScoreTask
from albert_tf.train.early_exit import EARLY_EXIT_FILE
from albert_tf.train.inputs import task_settings
from albert_tf.train.task_file import save_trained
from albert_tf.train.tasks.registry import find_task


class TaskData:
    """A file, or a split of a folder, as batches for Keras.

    Args:
        task: str. Name of a task, as of `albert finetune --task`.
        path: file, or folder of a task that has one.
        tokenizer: AlbertTokenizer.
        labels: list of str, as of the training data, for development data;
            None takes those of this data.
        split: str. Which part of a folder.
        max_length: int. Longest input, in tokens.
        batch_size: int.
        skip_bad_rows: bool. Leaves out rows that cannot be used, and says
            how many.
        **settings: options of the task, such as `text_column="review"`.

    Attributes:
        labels: list of str or None. For the model's argument of that name.
        steps_per_epoch: int. Batches that hold every row once.

    Raises:
        ValueError: the data is missing or broken, or has other labels.

    Example:
        train = TaskData("classification", "train.tsv", tokenizer)
        model.compile("adam", train.loss(), jit_compile=False)
        model.fit(train.dataset(seed=1), callbacks=[train.scores()],
                  steps_per_epoch=train.steps_per_epoch)
        train.save(model, "my_model")
    """

    def __init__(
        self,
        task,
        path,
        tokenizer,
        *,
        labels=None,
        split="train",
        max_length=128,
        batch_size=32,
        skip_bad_rows=False,
        **settings,
    ):
        self.task = find_task(task)
        self.settings = task_settings(self.task, settings)
        self._chosen = {n for n, v in settings.items() if v is not None}
        bad_rows = BadRows(skip_bad_rows)
        examples = self.task.read(path, split, self.settings, bad_rows)
        self.labels = self.task.labels(examples) if labels is None else labels
        self.examples = self.task.check(examples, self.labels, bad_rows)
        check_some_left(path, self.examples)
        for line in bad_rows.report():
            print(line)
        self._tokenizer = tokenizer
        self._max_length = max_length
        self._batch_size = batch_size
        rows = self.task.encode(
            self.examples,
            tokenizer,
            labels=self.labels,
            max_length=max_length,
            settings=self.settings,
            is_training=True,
        )
        self._batches = BucketedBatches(
            rows.inputs,
            rows.labels,
            batch_size=batch_size,
            pad_id=tokenizer.pad_id,
            max_length=max_length,
        )
        self.steps_per_epoch = self._batches.steps_per_epoch

    def dataset(self, seed):
        """Returns an endless tf.data.Dataset of (inputs, labels).

        Args:
            seed: int. The same seed gives the same batches.
        """
        return self._batches.shuffled(seed)

    def loss(self, **options):
        """Returns the task's loss; see `Task.loss`."""
        return self.task.loss(**options)

    def scores(self):
        """Returns a callback that scores the model on this data each epoch.

        Returns:
            ScoreTask: adds `val_accuracy`, `val_f1` or whatever the task
            has, and `val_loss`, to the logs.
        """
        return self._scores(self.examples)

    def save(self, model, directory, dev=None):
        """Saves a model that was trained on this data, as `albert finetune`.

        Besides what `save_pretrained` writes, `task.json` keeps the task, its
        settings and the length: evaluation, prediction and export go by it.

        Args:
            model: the task's model. Its classes are named as this data's
                labels, which it has learned.
            directory: path; made if missing. Files in it are replaced.
            dev: TaskData or None. Development data to tune a threshold on,
                of questions that may have no answer; None tunes nothing.

        Raises:
            ValueError: the model is another task's, or has another number of
                labels; the tokenizer is of another model.
        """
        self._name_labels(model)
        settings = self.settings
        if dev is not None:
            scores = self._scores(dev.examples)
            scores.score(model)
            settings = scores.tuned_settings(self._chosen)
        (Path(directory) / EARLY_EXIT_FILE).unlink(missing_ok=True)
        save_trained(
            model,
            directory,
            self._tokenizer,
            task=self.task.name,
            max_length=self._max_length,
            settings=settings,
        )

    def _scores(self, examples):
        return ScoreTask(
            self.task,
            examples,
            self._tokenizer,
            self.labels,
            max_length=self._max_length,
            settings=self.settings,
            loss=self.task.loss(),
            batch_size=self._batch_size,
        )

    def _name_labels(self, model):
        """Names a model's classes, whose order is that of the labels here."""
        expected, name = self.task.model_class, architecture_of(model)
        if name != expected:
            raise ValueError(
                f"The task {self.task.name} trains an {expected}. Received: "
                f"{name}. Save it with the data of its own task."
            )
        if self.task.gives_score and model.num_labels != 1:
            raise ValueError(
                f"The task {self.task.name} gives a score; the model has "
                f"{model.num_labels} labels. Make it with num_labels=1."
            )
        if self.labels is None:
            return
        if model.num_labels != len(self.labels):
            raise ValueError(
                f"The model has {model.num_labels} labels, the data "
                f"{len(self.labels)}. Make it with `labels` of the training "
                "data."
            )
        model.labels = list(self.labels)
