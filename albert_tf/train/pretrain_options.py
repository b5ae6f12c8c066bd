"""What a pretraining run was asked to do."""

import dataclasses
import math

from albert_tf.data.masking import MaskingOptions
from albert_tf.data.segments import SegmentOptions
from albert_tf.train.options import check_accumulation

# arXiv:1909.11942 section 4.1.
PAPER_BATCH_SIZE = 4096
PAPER_LEARNING_RATE = 0.00176
OPTIMIZERS = ("lamb", "adamw", "muon")
_AT_LEAST_ONE = (
    "batch_size",
    "accumulation_steps",
    "steps",
    "steps_per_evaluation",
    "evaluation_batches",
    "steps_per_execution",
    "keep_checkpoints",
    "shuffled_rows",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PretrainOptions:
    """Settings of `albert pretrain`.

    Attributes:
        corpus: str. Directory that `albert prepare` has written.
        output: str. Directory to write.
        preset: str. Sizes of a model from scratch.
        config: str or None. JSON file of sizes, in place of `preset`.
        model: str or None. What `from_pretrained` takes, to train on from.
        transfer_vocabulary: bool. Takes `model` on to the corpus' vocabulary
            where that is another than the one it was trained with.
        extend_positions: bool. Gives `model` as many positions as
            `max_length` where it has fewer.
        initial_weights: `"random"` or `"corpus"`. Of a model from scratch:
            `corpus` begins with vectors of words from counts of the corpus,
            and with heads that look at neighbours.
        dropout: float or None. Of hidden states; None keeps the model's own.
        max_length: int. Longest sequence, in tokens.
        short_sequence_rate: float. As of `SegmentOptions`.
        repeated_rate: float. As of `SegmentOptions`.
        masked_lm_rate: float. As of `MaskingOptions`.
        max_predictions: int or None. None takes `masked_lm_rate` of
            `max_length`.
        max_ngram: int. As of `MaskingOptions`.
        favor_longer_ngrams: bool. As of `MaskingOptions`.
        single_pieces: bool. Masks pieces, not whole words.
        batch_size: int. Sequences an update, on all devices together.
        length_buckets: bool. As of `PretrainingBatches`.
        accumulation_steps: int. Parts that a batch is computed in, held-out
            ones as well.
        steps: int. Updates in all.
        warm_up_steps: int or None. None takes 2.5 % of `steps`, the paper's
            share.
        optimizer: `"lamb"`, `"adamw"` or `"muon"`.
        learning_rate: float or None. Peak. None takes the paper's rate times
            the square root of batch_size / 4096 with LAMB, 1e-4 with AdamW,
            2e-3 with Muon.
        poly_power: float >= 0. Of the decay; 0 keeps the peak.
        weight_decay: float >= 0.
        clip_norm: float > 0. Largest global norm of a batch's gradient.
        precision: str. Keras dtype policy.
        gradient_checkpointing: bool. Computes each layer's activations twice
            instead of keeping them.
        jit: `"auto"`, `"yes"` or `"no"`. XLA; auto leaves it out on CPUs.
        steps_per_execution: int. Batches that a device runs without asking.
        strategy: str. As of `albert_tf.train.strategy`.
        steps_per_evaluation: int. Updates between evaluations; a checkpoint
            is written at each.
        evaluation_batches: int. Most held-out batches to evaluate on.
        keep_checkpoints: int. Newest ones that are kept.
        shuffled_rows: int. Sequences among which each is picked at random.
        seed: int.
        resume: bool. Goes on with an interrupted run.
        overwrite: bool. Replaces an earlier run.

    Raises:
        ValueError: an option is out of its range.
    """

    corpus: str
    output: str
    preset: str = "albert_edge_small"
    config: str | None = None
    model: str | None = None
    transfer_vocabulary: bool = False
    extend_positions: bool = False
    initial_weights: str = "random"
    dropout: float | None = None
    max_length: int = 128
    short_sequence_rate: float = 0.1
    repeated_rate: float = 0.0
    masked_lm_rate: float = 0.15
    max_predictions: int | None = None
    max_ngram: int = 3
    favor_longer_ngrams: bool = False
    single_pieces: bool = False
    batch_size: int = 32
    length_buckets: bool = False
    accumulation_steps: int = 1
    steps: int = 100_000
    warm_up_steps: int | None = None
    optimizer: str = "lamb"
    learning_rate: float | None = None
    poly_power: float = 1.0
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    precision: str = "float32"
    gradient_checkpointing: bool = False
    jit: str = "auto"
    steps_per_execution: int = 1
    strategy: str = "none"
    steps_per_evaluation: int = 1000
    evaluation_batches: int = 100
    keep_checkpoints: int = 2
    shuffled_rows: int = 20_000
    seed: int = 1
    resume: bool = False
    overwrite: bool = False

    def __post_init__(self):
        for name in _AT_LEAST_ONE:
            if getattr(self, name) < 1:
                raise ValueError(
                    f"`{name}` must be 1 or more. Received: "
                    f"{name}={getattr(self, name)}."
                )
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(
                f"`optimizer` must be one of {', '.join(OPTIMIZERS)}. "
                f"Received: optimizer={self.optimizer!r}."
            )
        if self.initial_weights not in ("random", "corpus"):
            raise ValueError(
                "`initial_weights` must be random or corpus. Received: "
                f"initial_weights={self.initial_weights!r}."
            )
        for name in ("transfer_vocabulary", "extend_positions"):
            if getattr(self, name) and self.model is None:
                raise ValueError(
                    f"`{name}` is for a model that is trained on. Name it by "
                    f"--model, or leave --{name.replace('_', '-')} out."
                )
        check_accumulation(self)
        if self.length_buckets and self.strategy == "tpu":
            raise ValueError(
                "`length_buckets` makes batches of several shapes, which "
                "TPUs do not take. Leave --length-buckets out."
            )
        self._check_steps_per_execution()
        if not 0 <= self.num_warm_up_steps() <= self.steps:
            raise ValueError(
                "`warm_up_steps` must lie between 0 and `steps`. Received: "
                f"warm_up_steps={self.warm_up_steps}, steps={self.steps}."
            )
        if self.learning_rate is not None and not 0 < self.learning_rate < 1:
            raise ValueError(
                "`learning_rate` must be above 0 and below 1. Received: "
                f"learning_rate={self.learning_rate}."
            )
        self._check_numbers()
        self.segments()
        self.masking()

    def _check_numbers(self):
        for name in ("poly_power", "weight_decay"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(
                    f"`{name}` must be 0 or more. Received: "
                    f"{name}={getattr(self, name)}."
                )
        if not 0 < self.clip_norm < math.inf:
            raise ValueError(
                "`clip_norm` must be above 0. Received: "
                f"clip_norm={self.clip_norm}."
            )
        if self.dropout is not None and not 0 <= self.dropout < 1:
            raise ValueError(
                "`dropout` must be at least 0 and below 1. Received: "
                f"dropout={self.dropout}."
            )

    def _check_steps_per_execution(self):
        """Refuses runs of batches that would go past an end."""
        for name in ("steps_per_evaluation", "steps"):
            batches = getattr(self, name) * self.accumulation_steps
            if batches % self.steps_per_execution:
                raise ValueError(
                    f"`steps_per_execution` must divide the {batches} batches "
                    f"of `{name}`. Received: "
                    f"steps_per_execution={self.steps_per_execution}."
                )

    def segments(self):
        """Returns the SegmentOptions."""
        return SegmentOptions(
            self.max_length, self.short_sequence_rate, self.repeated_rate
        )

    def masking(self):
        """Returns the MaskingOptions."""
        most = self.max_predictions
        if most is None:
            most = max(1, round(self.max_length * self.masked_lm_rate))
        return MaskingOptions(
            masked_lm_rate=self.masked_lm_rate,
            max_predictions=most,
            max_ngram=self.max_ngram,
            favor_longer_ngrams=self.favor_longer_ngrams,
            whole_words=not self.single_pieces,
        )

    def num_warm_up_steps(self):
        """Returns the updates until the peak of the learning rate."""
        if self.warm_up_steps is not None:
            return self.warm_up_steps
        return self.steps // 40

    def peak_learning_rate(self):
        """Returns the learning rate, or the default of the optimizer."""
        if self.learning_rate is not None:
            return self.learning_rate
        if self.optimizer == "lamb":
            return self.scaled_paper_rate()
        return 2e-3 if self.optimizer == "muon" else 1e-4

    def scaled_paper_rate(self):
        """Returns the paper's rate, by the square-root rule.

        Source: arXiv:1904.00962 section 4.
        """
        ratio = self.batch_size / PAPER_BATCH_SIZE
        return PAPER_LEARNING_RATE * math.sqrt(ratio)

    def warning(self):
        """Returns a sentence on a rate that is likely to diverge, or None."""
        scaled = self.scaled_paper_rate()
        rate = self.peak_learning_rate()
        is_paper_rate = math.isclose(rate, PAPER_LEARNING_RATE, rel_tol=0.01)
        if self.optimizer != "lamb" or not is_paper_rate or rate < 2 * scaled:
            return None
        return (
            f"warning: learning rate {rate:g} is the paper's for batches of "
            f"{PAPER_BATCH_SIZE}; by the square-root rule batches of "
            f"{self.batch_size} take {scaled:.3g}. If the loss diverges, "
            "leave --learning-rate out."
        )
