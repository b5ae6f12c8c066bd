"""Vectors of words by counting, against plain loops and a dense SVD."""

import numpy as np
import pytest
from scipy import sparse

from albert_tf.data.corpus import Corpus
from albert_tf.data.word_vectors import (
    neighbours,
    positive_information,
    word_vectors,
)
from tests.corpora import documents, write_corpus


@pytest.fixture(scope="module")
def corpus(small_tokenizer, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, small_tokenizer, documents(small_tokenizer), [])
    return Corpus.open(folder)


def _counted(rows, vocab_size):
    expected = np.zeros((vocab_size, vocab_size))
    for row in rows:
        for i, first in enumerate(row):
            for j, second in enumerate(row):
                if 0 < abs(i - j) <= 5:
                    expected[first, second] += 1 / abs(i - j)
    return expected


def _information(counts):
    words = counts.sum(1)
    contexts = words**0.75 / (words**0.75).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(counts / words[:, None] / contexts[None, :])
    return np.maximum(np.nan_to_num(values, neginf=0), 0)


def test_neighbours_end_with_the_document():
    rows = np.random.default_rng(0).integers(0, 12, (3, 40))
    gap = np.full(5, -1)
    tokens = np.concatenate([part for row in rows for part in (row, gap)])
    found = neighbours(tokens, 12).toarray()
    np.testing.assert_allclose(found, _counted(rows, 12))


def test_information():
    rows = np.random.default_rng(1).integers(0, 9, (2, 30))
    counts = _counted(rows, 9)
    found = positive_information(sparse.csr_matrix(counts))
    np.testing.assert_allclose(found.toarray(), _information(counts))


def test_vectors_are_those_of_a_dense_decomposition(corpus, small_tokenizer):
    vectors, counts = word_vectors(corpus, 20, seed=1)
    rows = [np.concatenate(d) for d in documents(small_tokenizer)]
    tokens = np.concatenate(rows)
    assert counts.tolist() == np.bincount(tokens, minlength=1000).tolist()
    words, values, _ = np.linalg.svd(_information(_counted(rows, 1000)))
    expected = words[:, :20] * np.sqrt(values[:20])
    expected -= expected.mean(0)
    frequent = counts >= 5
    expected = expected[frequent]
    expected /= np.sqrt(np.mean(expected**2, 1, keepdims=True))
    found = vectors[frequent]
    # A singular vector may point either way.
    np.testing.assert_allclose(
        found @ found.T, expected @ expected.T, atol=1e-3
    )
    np.testing.assert_allclose(np.mean(vectors**2, 1), 1, rtol=1e-4)


def test_the_same_seed_gives_the_same_vectors(corpus):
    first, _ = word_vectors(corpus, 12, seed=3)
    again, _ = word_vectors(corpus, 12, seed=3)
    np.testing.assert_array_equal(first, again)


def test_a_vocabulary_that_is_too_small(corpus):
    with pytest.raises(ValueError, match="more than 1000 pieces"):
        word_vectors(corpus, 1000, seed=1)
