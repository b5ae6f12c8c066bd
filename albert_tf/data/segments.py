"""Documents to sequences for pretraining: segment pairs, some swapped."""

import dataclasses

import numpy as np

from albert_tf.text.packing import kept_lengths

# Not every pair can be told apart: a lone segment has no order to predict.
NO_ORDER = -1


@dataclasses.dataclass(frozen=True)
class SegmentOptions:
    """How sequences are cut from documents.

    Attributes:
        max_length: int >= 8. Longest sequence S, special tokens included.
        short_sequence_rate: float in [0, 1]. Share of sequences that aim at
            a random shorter length, so that the model knows short inputs.
        repeated_rate: float in [0, 1]. Share of sequences that have a
            passage twice, for a model to learn to look for what it must
            guess where it stands in plain sight. Fewer have one where
            sentences are long enough to fill a sequence.

    Raises:
        ValueError: a field is out of its range.

    Source: google-research/albert create_pretraining_data.py
    `create_instances_from_document`. Differs: it repeats nothing.
    """

    max_length: int = 128
    short_sequence_rate: float = 0.1
    repeated_rate: float = 0.0

    def __post_init__(self):
        if self.max_length < 8:
            raise ValueError(
                "`max_length` must be at least 8: three special tokens and "
                f"some text. Received: max_length={self.max_length}."
            )
        for name in ("short_sequence_rate", "repeated_rate"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(
                    f"`{name}` must lie between 0 and 1. Received: "
                    f"{name}={getattr(self, name)}."
                )

    def of(self, split):
        """Returns the options for one split's documents.

        Scores are to be of text as it stands: nothing is repeated there.

        Args:
            split: `"train"` or `"heldout"`.
        """
        if split == "train":
            return self
        return dataclasses.replace(self, repeated_rate=0.0)


@dataclasses.dataclass(frozen=True)
class SegmentPair:
    """One sequence before its special tokens and masks.

    Attributes:
        first: int[*]. Ids of the segment that stands first.
        second: int[*]. Ids of the other; empty where a sentence is alone.
        order: int. 1 where the two were swapped, 0 where they stand as in
            the text, `NO_ORDER` without a second segment, or where one
            repeats a passage of the other.
    """

    first: np.ndarray
    second: np.ndarray
    order: int


def segment_pairs(token_ids, sentence_lengths, options, generator):
    """Yields a document's sequences, cut anew with every generator.

    1. Gathers whole sentences until they reach the target length, which is
       mostly the longest possible and sometimes a random shorter one.
    2. Splits them between two sentences, at random, into two segments.
    3. Cuts tokens off the longer segment, at its begin or end by chance,
       until both fit.
    4. Swaps the segments with a probability of one half.

    A sequence that is to have a passage twice takes half to three quarters
    of its tokens from the text, and for its other segment a passage of these.

    Sentences that are longer than a sequence are first cut into parts that
    fit, so that no token is lost to a missing full stop.

    Args:
        token_ids: int[*]. Ids of the whole document.
        sentence_lengths: int[sentences], their sum being len(token_ids).
        options: SegmentOptions.
        generator: numpy.random.Generator.

    Yields:
        SegmentPair.

    Source: arXiv:1909.11942 section 3.1; google-research/albert
    create_pretraining_data.py `create_instances_from_document`. Differs: the
    target is drawn for each sequence, not each document; a sentence left
    alone gets no order instead of a segment of another document.
    """
    budget = options.max_length - 3
    bounds = _bounds(sentence_lengths, budget)
    num_sentences = len(bounds) - 1
    begin = 0
    while begin < num_sentences:
        target, make = budget, _pair
        if generator.random() < options.short_sequence_rate:
            target = int(generator.integers(2, budget + 1))
        # No draw without need: a seed gives what it gave without repeats.
        if options.repeated_rate:
            if generator.random() < options.repeated_rate:
                target = int(generator.integers(budget // 2, 3 * budget // 4))
                make = _repeated
        end = int(np.searchsorted(bounds, bounds[begin] + target))
        end = min(max(end, begin + 1), num_sentences)
        yield make(token_ids, bounds[begin : end + 1], budget, generator)
        begin = end


def _bounds(sentence_lengths, budget):
    """Returns where sentences begin, and the end, long ones cut in parts."""
    lengths = np.asarray(sentence_lengths, np.int64)
    if lengths.size and lengths.max() > budget:
        parts = [
            [budget] * (length // budget) + [length % budget]
            for length in lengths.tolist()
        ]
        lengths = np.array([n for part in parts for n in part if n], np.int64)
    return np.concatenate([[0], np.cumsum(lengths)])


def _pair(token_ids, bounds, budget, generator):
    begin, end = int(bounds[0]), int(bounds[-1])
    if len(bounds) == 2:
        # A lone sentence needs one [SEP] less, but has fitted already.
        return SegmentPair(token_ids[begin:end], token_ids[end:end], NO_ORDER)
    middle = int(bounds[generator.integers(1, len(bounds) - 1)])
    first, second = truncate(
        token_ids[begin:middle], token_ids[middle:end], budget, generator
    )
    if generator.random() < 0.5:
        return SegmentPair(second, first, 1)
    return SegmentPair(first, second, 0)


def _repeated(token_ids, bounds, budget, generator):
    begin, end = int(bounds[0]), int(bounds[-1])
    room = budget - (end - begin)
    if room < 1:
        return _pair(token_ids, bounds, budget, generator)
    again = int(bounds[generator.integers(len(bounds) - 1)])
    text = token_ids[begin:end]
    passage = token_ids[again : min(again + room, end)]
    if generator.random() < 0.5:
        return SegmentPair(passage, text, NO_ORDER)
    return SegmentPair(text, passage, NO_ORDER)


def truncate(first, second, budget, generator):
    """Cuts the longer of two segments, at either end, until both fit.

    The reference takes away one token at a time, from the front or the back
    as a coin falls; the counts of both are drawn at once here.

    Args:
        first: int[*].
        second: int[*].
        budget: int >= 2. Tokens that both may have together.
        generator: numpy.random.Generator.

    Returns:
        (first, second), of at least one token each.

    Source: google-research/albert create_pretraining_data.py
    `truncate_seq_pair`.
    """
    kept_first, kept_second = kept_lengths(len(first), len(second), budget)
    return (
        _cut(first, kept_first, generator),
        _cut(second, kept_second, generator),
    )


def _cut(segment, length, generator):
    front = int(generator.binomial(len(segment) - length, 0.5))
    return segment[front : front + length]
