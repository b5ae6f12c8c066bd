"""Which pieces a model must guess: whole-word n-gram masks."""

import dataclasses
import string

import numpy as np


@dataclasses.dataclass(frozen=True)
class MaskingOptions:
    """How pieces are chosen and hidden.

    Attributes:
        masked_lm_rate: float in (0, 1). Share of the pieces of a sequence,
            special tokens included, that are to be predicted.
        max_predictions: int >= 1. At most so many in a sequence, P.
        max_ngram: int >= 1. Longest run of words that is hidden at once; n
            words are drawn with a probability proportional to 1 / n.
        favor_longer_ngrams: bool. Turns the probabilities round.
        whole_words: bool. False hides single pieces.

    Raises:
        ValueError: a field is out of its range.

    Source: arXiv:1909.11942 section 4.1; google-research/albert
    create_pretraining_data.py `create_masked_lm_predictions`.
    """

    masked_lm_rate: float = 0.15
    max_predictions: int = 20
    max_ngram: int = 3
    favor_longer_ngrams: bool = False
    whole_words: bool = True

    def __post_init__(self):
        if not 0.0 < self.masked_lm_rate < 1.0:
            raise ValueError(
                "`masked_lm_rate` must lie between 0 and 1. Received: "
                f"masked_lm_rate={self.masked_lm_rate}."
            )
        for name in ("max_predictions", "max_ngram"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"`{name}` must be 1 or more. Received: "
                    f"{name}={getattr(self, name)}."
                )

    def ngram_probabilities(self):
        """Returns float[max_ngram], the chances of 1, 2, ... words."""
        chances = 1.0 / np.arange(1, self.max_ngram + 1)
        if self.favor_longer_ngrams:
            chances = chances[::-1]
        return chances / chances.sum()

    def num_predictions(self, length):
        """Returns how many of a sequence's `length` tokens are predicted."""
        wanted = max(1, round(length * self.masked_lm_rate))
        return min(self.max_predictions, wanted)


class Masker:
    """Chooses pieces of a sequence and hides them.

    1. Counts what to predict: 15 % of the tokens, at most `max_predictions`.
    2. Draws n, then a place where n whole words of one segment are still in
       sight; again and again, until the count is reached. The last words are
       fewer where n of them would exceed it.
    3. Of the chosen pieces, 80 % become `[MASK]`, 10 % a random piece, 10 %
       stay as they are.

    Args:
        vocabulary: Vocabulary, what it must know about the pieces.
        options: MaskingOptions.

    Source: arXiv:1909.11942 section 4.1; google-research/albert
    create_pretraining_data.py `create_masked_lm_predictions`. Differs: no
    n-gram runs across `[SEP]`; a random piece is never a special token.
    """

    def __init__(self, vocabulary, options):
        self._vocabulary = vocabulary
        self._options = options
        self._probabilities = options.ngram_probabilities()

    def choose(self, token_ids, generator):
        """Returns sorted int[*]: the positions that are to be predicted.

        Args:
            token_ids: int[length]. One packed sequence, without padding.
            generator: numpy.random.Generator.
        """
        ngrams = self.ngrams(token_ids, generator)
        chosen = [
            place for begin, end, _ in ngrams for place in range(begin, end)
        ]
        return np.array(sorted(chosen), np.int32)

    def ngrams(self, token_ids, generator):
        """Returns a list of (begin, end, words): the runs that are chosen.

        Subtle: a size that does not fit at one place is kept for the next.
        Drawing it anew would make short n-grams more frequent than they
        should be.

        Args:
            token_ids: int[length]. As of `choose`.
            generator: numpy.random.Generator.
        """
        budget = self._options.num_predictions(len(token_ids))
        words = begins, ends, _ = self._words(token_ids)
        order = generator.permutation(len(begins)).tolist()
        sizes = self._sizes(begins, ends, budget, generator)
        is_hidden = bytearray(len(begins))
        found = []
        # Only where no place holds the size that is due, a smaller one is
        # taken: in the second pass.
        for word, must_fit in [(w, True) for w in order] + [
            (w, False) for w in order
        ]:
            # With a high rate all words may be hidden before it is used up.
            if budget == 0 or len(found) == len(sizes):
                break
            size = min(sizes[len(found)], budget)
            last = _last_word(word, size, words, budget, must_fit)
            if last is None or any(is_hidden[word:last]):
                continue
            is_hidden[word:last] = b"\1" * (last - word)
            found.append((begins[word], ends[last - 1], last - word))
            budget -= ends[last - 1] - begins[word]
        return found

    def hide(self, token_ids, positions, generator):
        """Replaces what stands at the chosen positions.

        Args:
            token_ids: int[length].
            positions: int[*], as of `choose`.
            generator: numpy.random.Generator.

        Returns:
            int[length], a copy.
        """
        hidden = token_ids.copy()
        fate = generator.random(len(positions))
        random_ids = generator.choice(
            self._vocabulary.ordinary_ids, len(positions)
        )
        hidden[positions] = np.where(
            fate < 0.8,
            self._vocabulary.mask_id,
            np.where(fate < 0.9, random_ids, token_ids[positions]),
        )
        return hidden

    def _sizes(self, begins, ends, budget, generator):
        """Returns the sizes to place, one after the other.

        Why the first ones have other chances: sizes are drawn until the
        budget is used up, and the last one is cut to what is left. Counting
        the last one as drawn, sizes would keep their chances p (Wald's
        identity); cutting turns some n into r < n. What is left passes
        through r with a probability of about 1 / mean tokens of an n-gram
        (the renewal theorem), and then a size n > r comes with p(n). So
        often is r to be drawn less and n more; the first half of the draws
        does so together.
        """
        count = len(begins)
        if not count:
            return []
        chances = self._probabilities
        mean_size = np.arange(1, len(chances) + 1) @ chances
        mean_tokens = mean_size * (sum(ends) - sum(begins)) / count
        num_first = max(1, int(budget / mean_tokens / 2))
        debt = _cut_sizes(chances) / mean_tokens / num_first
        first = np.maximum(chances - debt, 0.0)
        draws = generator.random(count)
        bounds = np.cumsum(first / first.sum())[:-1]
        sizes = np.searchsorted(np.cumsum(chances)[:-1], draws)
        sizes[:num_first] = np.searchsorted(bounds, draws[:num_first])
        return (sizes + 1).tolist()

    def _words(self, token_ids):
        """Returns (begins, ends, segment ends) of the words, as lists.

        A segment end is the index of the word that its segment stops before.
        """
        is_special = self._vocabulary.is_special[token_ids]
        starts = self._vocabulary.starts_word[token_ids] | is_special
        starts[1:] |= is_special[:-1]
        if not self._options.whole_words:
            starts[:] = True
        begins = np.flatnonzero(starts)
        ends = np.append(begins[1:], len(token_ids))
        segments = np.cumsum(is_special)[begins]
        is_word = ~is_special[begins]
        begins, ends, segments = (
            values[is_word] for values in (begins, ends, segments)
        )
        segment_ends = np.searchsorted(segments, segments, side="right")
        return begins.tolist(), ends.tolist(), segment_ends.tolist()


def _last_word(word, size, words, budget, must_fit):
    """Returns the word that the n-gram stops before, or None."""
    begins, ends, segment_ends = words
    last = word + size
    if last > segment_ends[word]:
        if must_fit:
            return None
        last = segment_ends[word]
    while last > word and ends[last - 1] - begins[word] > budget:
        if must_fit:
            return None
        last -= 1
    return last if last > word else None


def _cut_sizes(chances):
    """Returns how often each size comes by cutting, less how often it goes.

    In a sequence that passes through every remainder once.
    """
    excess = np.zeros(len(chances))
    for left in range(1, len(chances)):
        excess[left - 1] += chances[left:].sum()
        excess[left:] -= chances[left:]
    return excess


class Vocabulary:
    """What masking must know of a tokenizer's pieces.

    Args:
        tokenizer: AlbertTokenizer.

    Attributes:
        mask_id: int. Id of `[MASK]`.
        is_special: bool[V]. `<pad> <unk> [CLS] [SEP] [MASK]`.
        starts_word: bool[V]. Pieces that a word begins with: those after
            white space, punctuation, and those with any character but
            English letters and marks, such as a digit or a Chinese one.
        ordinary_ids: int[*]. All ids but the special ones.

    Source: google-research/albert create_pretraining_data.py
    `_is_start_piece_sp`.
    """

    def __init__(self, tokenizer):
        pieces = [
            tokenizer.id_to_piece(index)
            for index in range(tokenizer.vocab_size)
        ]
        self.mask_id = tokenizer.mask_id
        self.is_special = np.zeros(len(pieces), bool)
        self.is_special[
            [
                tokenizer.pad_id,
                tokenizer.cls_id,
                tokenizer.sep_id,
                tokenizer.mask_id,
            ]
        ] = True
        self.starts_word = np.array([_starts_word(each) for each in pieces])
        is_ordinary = ~self.is_special
        is_ordinary[tokenizer.unk_id] = False
        self.ordinary_ids = np.flatnonzero(is_ordinary).astype(np.int32)


# The reference's: not ' and not =, so that these begin words, "'s" too.
_PUNCTUATION = frozenset('!"#$%&()*+,-./:;?@[\\]^_`{|}~')
_WITHIN_WORDS = _PUNCTUATION.union(string.ascii_lowercase)


def _starts_word(piece):
    """Whether a word begins with a piece.

    Subtle: scripts without white space would else have words as long as
    their sentences, which no budget holds.
    """
    return (
        piece.startswith(("\u2581", "<"))
        or piece in _PUNCTUATION
        or any(each.lower() not in _WITHIN_WORDS for each in piece)
    )
