"""Masks: whole words of one segment, in the shares of the formulae."""

import re
import types

import numpy as np
import pytest

from albert_tf import AlbertTokenizer
from albert_tf.data.masking import Masker, MaskingOptions, Vocabulary
from tests.corpora import documents


@pytest.fixture(scope="module")
def vocabulary(small_tokenizer):
    return Vocabulary(small_tokenizer)


@pytest.fixture(scope="module")
def text_ids(small_tokenizer):
    return np.concatenate(
        [s for d in documents(small_tokenizer) for s in d]
    ).astype(np.int32)


def _sequence(text_ids, length, generator):
    begin = generator.integers(len(text_ids) - length)
    middle = generator.integers(1, length - 3)
    ids = text_ids[begin : begin + length - 3]
    return np.concatenate([[2], ids[:middle], [3], ids[middle:], [3]]).astype(
        np.int32
    )


def _whole_words(sequence, vocabulary):
    """Returns sets of places, one a word; written apart from the code."""
    words = []
    for place, token_id in enumerate(sequence):
        if vocabulary.is_special[token_id]:
            words.append(None)
        elif vocabulary.starts_word[token_id] or words[-1] is None:
            words.append({place})
        else:
            words[-1].add(place)
    return [word for word in words if word]


# What google-research/albert's `_is_start_piece_sp` says of them.
_STARTS = """\u2581 \u2581the \u2581\u4eca <unk> < , - _ ' 's = > a< 7 a1 80
    \u00e9 caf\u00e9 \u0130 \u20ac a\u20ac \u00a3 \u2013
    \u4eca\u65e5 \u3042 \u0e01 \u0438""".split()
_GOES_ON = "ing ING Ed e.g (a -- \u212a".split()


def _starts_word(pieces):
    """Returns what masking makes of a tokenizer's pieces."""
    pieces = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]", *pieces]
    tokenizer = types.SimpleNamespace(
        id_to_piece=pieces.__getitem__,
        vocab_size=len(pieces),
        pad_id=0,
        unk_id=1,
        cls_id=2,
        sep_id=3,
        mask_id=4,
    )
    return Vocabulary(tokenizer).starts_word[5:].tolist()


def test_words_start_where_the_reference_starts_them():
    assert _starts_word(_STARTS) == [True] * len(_STARTS)
    assert _starts_word(_GOES_ON) == [False] * len(_GOES_ON)


def test_words_start_at_all_but_letters_and_marks(vocabulary, small_tokenizer):
    letters_and_marks = r"[a-zA-Z!-&(-/:;?@[-`{-~]"
    for index, starts in enumerate(vocabulary.starts_word[5:], 5):
        piece = small_tokenizer.id_to_piece(index)
        # A mark alone is a word.
        goes_on = re.fullmatch(rf"(?!\W$|_$){letters_and_marks}+", piece)
        assert starts == (goes_on is None), piece


def test_text_without_spaces_is_masked(tmp_path):
    generator = np.random.default_rng(0)
    signs = [chr(0x4E00 + i) for i in range(30)]
    lines = ["".join(generator.choice(signs, 60)) for _ in range(200)]
    path = tmp_path / "text.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    tokenizer = AlbertTokenizer.train(path, vocab_size=80)
    masker = Masker(Vocabulary(tokenizer), MaskingOptions(max_predictions=9))
    for line in lines[:20]:
        ids = tokenizer.encode(line).ids
        sequence = np.array([tokenizer.cls_id, *ids, tokenizer.sep_id])
        positions = masker.choose(sequence, generator)
        assert len(positions) == min(9, round(0.15 * len(sequence))) > 3


@pytest.mark.parametrize("max_ngram", [1, 3])
def test_properties(vocabulary, text_ids, max_ngram):
    options = MaskingOptions(max_predictions=9, max_ngram=max_ngram)
    masker = Masker(vocabulary, options)
    for seed in range(300):
        generator = np.random.default_rng(seed)
        length = int(generator.integers(5, 80))
        sequence = _sequence(text_ids, length, generator)
        positions = masker.choose(sequence, generator)
        assert len(positions) <= min(9, max(1, round(0.15 * length)))
        assert (np.diff(positions) > 0).all()
        assert not vocabulary.is_special[sequence[positions]].any()
        chosen = set(positions.tolist())
        for word in _whole_words(sequence, vocabulary):
            assert word <= chosen or not word & chosen
        hidden = masker.hide(sequence, positions, generator)
        untouched = np.setdiff1d(np.arange(length), positions)
        np.testing.assert_array_equal(hidden[untouched], sequence[untouched])


def test_ngrams_stay_in_their_segment(vocabulary, text_ids):
    masker = Masker(vocabulary, MaskingOptions(max_predictions=40))
    for seed in range(200):
        generator = np.random.default_rng(seed)
        sequence = _sequence(text_ids, 64, generator)
        for begin, end, words in masker.ngrams(sequence, generator):
            assert not vocabulary.is_special[sequence[begin:end]].any()
            assert 1 <= words <= min(3, end - begin)


@pytest.mark.parametrize(
    "length, favor_longer", [(128, False), (512, False), (512, True)]
)
def test_shares(vocabulary, text_ids, length, favor_longer):
    options = MaskingOptions(
        max_predictions=length, favor_longer_ngrams=favor_longer
    )
    masker = Masker(vocabulary, options)
    generator = np.random.default_rng(0)
    sizes, fates, predicted = np.zeros(4), np.zeros(3), 0
    num_rows = 1500
    for _ in range(num_rows):
        sequence = _sequence(text_ids, length, generator)
        ngrams = masker.ngrams(sequence, generator)
        sizes += np.bincount([n for *_, n in ngrams], minlength=4)
        positions = np.concatenate([np.arange(b, e) for b, e, _ in ngrams])
        predicted += len(positions)
        hidden = masker.hide(sequence, positions, generator)[positions]
        masks = (hidden == vocabulary.mask_id).sum()
        same = (hidden == sequence[positions]).sum()
        fates += [masks, len(positions) - masks - same, same]
    assert predicted == num_rows * round(0.15 * length)
    expected = np.array([6, 3, 2]) / 11
    if favor_longer:
        expected = expected[::-1]
    np.testing.assert_allclose(sizes[1:] / sizes.sum(), expected, atol=0.01)
    np.testing.assert_allclose(fates / fates.sum(), [0.8, 0.1, 0.1], atol=0.01)


def test_random_pieces_are_ordinary(vocabulary):
    masker = Masker(vocabulary, MaskingOptions(masked_lm_rate=0.5))
    sequence = np.full(4000, 20, np.int32)
    hidden = masker.hide(sequence, np.arange(4000), np.random.default_rng(0))
    drawn = hidden[(hidden != vocabulary.mask_id) & (hidden != 20)]
    assert len(set(drawn.tolist())) > 200
    assert not set(drawn.tolist()) & {0, 1, 2, 3, 4}


def test_single_pieces(vocabulary, text_ids):
    masker = Masker(
        vocabulary, MaskingOptions(whole_words=False, max_predictions=5)
    )
    generator = np.random.default_rng(0)
    sequence = _sequence(text_ids, 60, generator)
    assert len(masker.choose(sequence, generator)) == 5


@pytest.mark.parametrize(
    "options, sentence",
    [
        ({"masked_lm_rate": 0.0}, "between 0 and 1"),
        ({"max_predictions": 0}, "1 or more"),
        ({"max_ngram": 0}, "1 or more"),
    ],
)
def test_bad_options(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        MaskingOptions(**options)


@pytest.mark.parametrize("rate", [0.5, 0.8, 0.99])
def test_short_sequences_may_be_hidden_whole(vocabulary, text_ids, rate):
    options = MaskingOptions(masked_lm_rate=rate, max_predictions=99)
    masker = Masker(vocabulary, options)
    num_whole = 0
    for seed in range(200):
        generator = np.random.default_rng(seed)
        sequence = _sequence(text_ids, int(generator.integers(5, 9)), generator)
        chosen = set(masker.choose(sequence, generator).tolist())
        words = set().union(*_whole_words(sequence, vocabulary))
        assert chosen <= words
        num_whole += chosen == words
    assert num_whole > 0
