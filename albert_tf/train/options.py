"""What a fine-tuning run was asked to do."""

import dataclasses
import math
from typing import Any

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
_POSITIVE = (
    "epochs",
    "batch_size",
    "accumulation_steps",
    "patience",
    "max_length",
    "vocab_size",
)
_POSITIVE_OR_NONE = ("train_steps", "steps_per_evaluation")


def check_accumulation(options):
    """Refuses parts of a batch whose gradients do not add up to the whole's.

    Args:
        options: FineTuneOptions or PretrainOptions.

    Raises:
        ValueError: they are not equal, or some may be left out.
    """
    size, num_parts = options.batch_size, options.accumulation_steps
    if size % num_parts:
        raise ValueError(
            "`batch_size` must be a multiple of `accumulation_steps`. "
            f"Received: batch_size={size}, accumulation_steps={num_parts}."
        )
    if num_parts > 1 and options.precision == "mixed_float16":
        raise ValueError(
            "`accumulation_steps` above 1 needs float32 or mixed_bfloat16: of "
            "mixed_float16 parts are left out whose gradients overflow. "
            f"Received: precision={options.precision}."
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class FineTuneOptions:
    """Settings of `albert finetune`.

    Attributes:
        output: str. Directory to write.
        task: str. A name in `albert_tf.train.tasks.registry`.
        data: str or None. Folder of a task that has one.
        train: str or None. File of training rows, for the other tasks.
        dev: str or None. File to evaluate on; None splits off a tenth.
        settings: dict. Options of the task that differ from its defaults,
            such as `{"text_column": "review"}`.
        labels: str or None. File that fixes the labels and their order; None
            takes those of the training data, sorted.
        metric: str or None. Score that picks the best model; None takes the
            task's.
        skip_bad_rows: bool. Leaves out rows that cannot be used, and counts
            them, instead of refusing the file.
        model: str or None. What `from_pretrained` takes; None trains from
            scratch.
        preset: str. Sizes of a model from scratch; its positions are
            `max_length`.
        tokenizer: str or None. SentencePiece model for a model from scratch;
            None trains one on the training texts.
        vocab_size: int. Pieces of a tokenizer trained so.
        max_length: int. Longest input, in tokens.
        epochs: int >= 1.
        train_steps: int or None. Updates in all, instead of epochs.
        steps_per_evaluation: int or None. Updates between evaluations; None
            evaluates after each epoch.
        batch_size: int >= 1.
        accumulation_steps: int >= 1. Parts that a batch is computed in, a
            divisor of `batch_size`; development rows are scored in batches
            of that size as well.
        learning_rate: float or None. Peak; None takes 5e-4 from scratch, and
            for a model with weights the one of its width; see
            `peak_learning_rate`.
        warm_up_rate: float in [0, 1). Share of all steps.
        weight_decay: float >= 0.
        dropout: float or None. Of hidden states; 0 leaves out that of the
            attention, too. None keeps the model's or the preset's. That
            before the head stays.
        class_weights: str or None. `"balanced"`, or `"label=2,other=0.5"`.
        label_smoothing: float in [0, 1).
        freeze: str or None. Parts that do not learn: `"embeddings"`,
            `"encoder"`.
        layer_decay: float in (0, 1]. Factor on the learning rate from the
            head to the shared layer, and from there to the embeddings.
        ema_share: float in [0, 1). Share of the updates that the scored and
            kept weights are the moving average over; 0 takes the last ones.
        exit_heads: bool. Trains a classifier at every depth, for a device
            that stops early.
        patience: int. Evaluations without a better score before stopping.
        precision: str. Keras dtype policy.
        gradient_checkpointing: bool. Computes each layer's activations twice
            instead of keeping them.
        seed: int.
        resume: bool. Goes on with an interrupted run.
        overwrite: bool. Replaces all earlier runs in the output, those of
            several seeds and their average included.

    Raises:
        ValueError: a number is out of its range.
    """

    output: str
    task: str = "classification"
    data: str | None = None
    train: str | None = None
    dev: str | None = None
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    labels: str | None = None
    metric: str | None = None
    skip_bad_rows: bool = False
    model: str | None = None
    preset: str = "albert_edge_small"
    tokenizer: str | None = None
    vocab_size: int = 4000
    max_length: int = 128
    epochs: int = 3
    train_steps: int | None = None
    steps_per_evaluation: int | None = None
    batch_size: int = 32
    accumulation_steps: int = 1
    learning_rate: float | None = None
    warm_up_rate: float = 0.1
    weight_decay: float = 0.01
    dropout: float | None = None
    class_weights: str | None = None
    label_smoothing: float = 0.0
    freeze: str | None = None
    layer_decay: float = 1.0
    ema_share: float = 0.0
    exit_heads: bool = False
    patience: int = 3
    precision: str = "float32"
    gradient_checkpointing: bool = False
    seed: int = 1
    resume: bool = False
    overwrite: bool = False

    def __post_init__(self):
        for name in (*_POSITIVE, *_POSITIVE_OR_NONE):
            value = getattr(self, name)
            if value is None and name in _POSITIVE_OR_NONE:
                continue
            if value < 1:
                raise ValueError(
                    f"`{name}` must be 1 or more. Received: {name}={value}."
                )
        self._check_rates()
        check_accumulation(self)

    def _check_rates(self):
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
        if not 0 < self.layer_decay <= 1:
            raise ValueError(
                "`layer_decay` must be above 0 and at most 1. Received: "
                f"layer_decay={self.layer_decay}."
            )
        for name in ("label_smoothing", "ema_share"):
            value = getattr(self, name)
            if not 0 <= value < 1:
                raise ValueError(
                    f"`{name}` must be at least 0 and below 1. Received: "
                    f"{name}={value}."
                )
        if not 0 <= self.weight_decay < math.inf:
            raise ValueError(
                "`weight_decay` must be 0 or more. Received: "
                f"weight_decay={self.weight_decay}."
            )

    def peak_learning_rate(self, hidden_size):
        """Returns the learning rate, or the default for where it starts.

        From scratch 5e-4. With weights 3e-4 up to a width of 256, 3e-5 up to
        1024 (base and large), and 1e-5 above (xlarge and xxlarge).

        Args:
            hidden_size: int. Width of the model's layers.

        Source: of the rates that google-research/bert names for its compact
            models, the highest for narrow models, the lowest for base and
            large. For wider ones the lowest of arXiv:1909.11942 table 14:
            xlarge failed to learn at usual rates and did at 5e-6
            (google-research/google-research#151).
        """
        if self.learning_rate is not None:
            return self.learning_rate
        if self.model is None:
            return 5e-4
        if hidden_size <= 256:
            return 3e-4
        return 3e-5 if hidden_size <= 1024 else 1e-5
