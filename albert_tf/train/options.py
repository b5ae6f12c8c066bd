"""What a fine-tuning run was asked to do."""

import dataclasses
import json
from pathlib import Path

SETTINGS_FILE = "finetune.json"
# Options that may change between an interrupted run and its continuation.
_FREE = {"output", "resume", "overwrite"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class FineTuneOptions:
    """Settings of `albert finetune`.

    Attributes:
        output: str. Directory to write.
        task: str. `"classification"`, or a name in `albert_tf.data.tasks`.
        data: str or None. Folder of a named task.
        train: str or None. File of training rows, for classification.
        dev: str or None. File to evaluate on; None splits off a tenth.
        text_column: str. Name of the text's column.
        pair_column: str or None. Name of the second text's column.
        label_column: str. Name of the label's column.
        model: str or None. What `from_pretrained` takes; None trains from
            scratch.
        preset: str. Sizes of a model from scratch.
        tokenizer: str or None. SentencePiece model for a model from scratch;
            None trains one on the training texts.
        vocab_size: int. Pieces of a tokenizer trained so.
        max_length: int. Longest input, in tokens.
        epochs: int >= 1.
        batch_size: int >= 1.
        learning_rate: float or None. Peak; None takes 3e-5 for a model with
            weights and 5e-4 from scratch.
        warm_up_rate: float in [0, 1). Share of all steps.
        weight_decay: float >= 0.
        dropout: float or None. Of hidden states; None keeps the model's own.
        patience: int. Epochs without a better score before stopping.
        precision: str. Keras dtype policy.
        seed: int.
        resume: bool. Goes on with an interrupted run.
        overwrite: bool. Replaces an earlier run.
    """

    output: str
    task: str = "classification"
    data: str | None = None
    train: str | None = None
    dev: str | None = None
    text_column: str = "text"
    pair_column: str | None = None
    label_column: str = "label"
    model: str | None = None
    preset: str = "albert_edge_small"
    tokenizer: str | None = None
    vocab_size: int = 4000
    max_length: int = 128
    epochs: int = 3
    batch_size: int = 32
    learning_rate: float | None = None
    warm_up_rate: float = 0.1
    weight_decay: float = 0.01
    dropout: float | None = None
    patience: int = 3
    precision: str = "float32"
    seed: int = 1
    resume: bool = False
    overwrite: bool = False

    def __post_init__(self):
        for name in ("epochs", "batch_size", "patience", "max_length"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"`{name}` must be 1 or more. Received: "
                    f"{name}={getattr(self, name)}."
                )
        if not 0 <= self.warm_up_rate < 1:
            raise ValueError(
                "`warm_up_rate` must be at least 0 and below 1. Received: "
                f"warm_up_rate={self.warm_up_rate}."
            )
        if self.learning_rate is not None and not 0 < self.learning_rate < 1:
            raise ValueError(
                "`learning_rate` must be above 0 and below 1. Received: "
                f"learning_rate={self.learning_rate}."
            )

    def peak_learning_rate(self):
        """Returns the learning rate, or the default for where it starts."""
        if self.learning_rate is not None:
            return self.learning_rate
        return 5e-4 if self.model is None else 3e-5

    def save(self, directory):
        """Writes the settings beside the model."""
        text = json.dumps(dataclasses.asdict(self), indent=1)
        (Path(directory) / SETTINGS_FILE).write_text(text + "\n")

    def check_same(self, directory):
        """Compares with the settings of the run to go on with.

        Raises:
            ValueError: there was none, or an option differs.
        """
        path = Path(directory) / SETTINGS_FILE
        if not path.exists():
            raise ValueError(
                f"{directory} holds no run to resume ({SETTINGS_FILE} is "
                "missing). Leave --resume out to start one."
            )
        before = json.loads(path.read_text())
        differences = [
            f"{name} was {before.get(name)!r}, is {value!r}"
            for name, value in dataclasses.asdict(self).items()
            if name not in _FREE and before.get(name) != value
        ]
        if differences:
            raise ValueError(
                f"Cannot resume {directory} with other settings: "
                f"{'; '.join(differences)}. Give the same, or start anew "
                "with --overwrite."
            )
