"""A trained model with all it needs to answer: task, tokenizer, settings."""

import albert_tf
from albert_tf.checkpoints.pretrained import check_vocabulary, load_trained
from albert_tf.checkpoints.source import local_directory
from albert_tf.text.tokenizer import AlbertTokenizer
from albert_tf.train.inputs import check_positions
from albert_tf.train.outputs import row_outputs


class Predictor:
    """Applies a saved model to examples of its task.

    Args:
        directory: of the model, or any source of weights.
        task: Task.
        settings: dict of the task's options.
        max_length: int or None for all positions that the model has.
        batch_size: int.

    Attributes:
        labels: list of str or None.

    Raises:
        ValueError: there is no such model, it is too short, of another task,
            or of another tokenizer than the one beside it.
    """

    def __init__(
        self, directory, task, settings, *, max_length=None, batch_size=32
    ):
        self.task = task
        self.settings = settings
        model_class = getattr(albert_tf, task.model_class)
        self.model = load_trained(model_class, directory)
        _check_head(self.model, task)
        self.tokenizer = AlbertTokenizer.from_pretrained(
            local_directory(directory)
        )
        config = self.model.albert_config
        check_vocabulary(self.tokenizer, config, directory)
        self.max_length = max_length or config.max_position_embeddings
        check_positions(self.max_length, config)
        self.labels = _labels(self.model)
        self._batch_size = batch_size

    def predict(self, examples):
        """Returns a dict for each example, as of `Task.predictions`."""
        rows = self.task.encode(
            examples,
            self.tokenizer,
            labels=self.labels,
            max_length=self.max_length,
            settings=self.settings,
            is_training=False,
        )
        outputs, _ = row_outputs(
            self.model,
            rows,
            pad_id=self.tokenizer.pad_id,
            max_length=self.max_length,
            batch_size=self._batch_size,
        )
        return self.task.predictions(
            examples,
            rows,
            outputs,
            labels=self.labels,
            settings=self.settings,
        )


def _check_head(model, task):
    """Tells scores from labels: both come from a classifier."""
    if task.gives_score != (getattr(model, "num_labels", None) == 1):
        kind = "labels" if task.gives_score else "a score"
        raise ValueError(
            f"The model gives a text {kind}, which is not what --task "
            f"{task.name} is for. Leave --task out, or name the task that it "
            "was trained for."
        )


def _labels(model):
    num_labels = getattr(model, "num_labels", None)
    if num_labels is None:
        return None
    return model.labels or [f"LABEL_{i}" for i in range(num_labels)]
