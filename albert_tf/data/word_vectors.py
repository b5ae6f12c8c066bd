"""Vectors of words, from how often they stand near each other in a corpus."""

import numpy as np
import tensorflow as tf

_WINDOW = 5
# More tokens change the vectors of frequent words little.
_MOST_TOKENS = 20_000_000
# Words seen more seldom tell too little about themselves.
_LEAST_COUNT = 5
_SMOOTHING = 0.75


def word_vectors(corpus, size, seed):
    """Finds vectors that are alike where words stand among alike words.

    Positive pointwise mutual information of words and their neighbours, its
    singular value decomposition, the square root of the singular values on
    the side of the words.

    Args:
        corpus: Corpus. Its training documents are counted, up to 20 million
            tokens.
        size: int. Numbers a vector.
        seed: int. Of the vectors of rare words.

    Returns:
        float32[V, size], a root mean square of 1 in each row, random where a
        word occurs less than five times; int64[V], how often each occurs.

    Raises:
        ValueError: the vocabulary is no larger than `size`.

    Source: Levy and Goldberg, Neural Word Embedding as Implicit Matrix
    Factorization, NeurIPS 2014; smoothing of contexts after Levy, Goldberg
    and Dagan, TACL 3 (2015), section 3.2.
    """
    # Comes with the training of a model on a new language alone.
    from scipy.sparse.linalg import svds

    if size >= corpus.vocab_size:
        raise ValueError(
            f"Word vectors of {size} numbers need a vocabulary of more than "
            f"{size} pieces. Received: {corpus.vocab_size}. Train a larger "
            "tokenizer, or give --initial-weights random."
        )
    tokens = _tokens(corpus)
    counts = _counts(tokens, corpus)
    information = positive_information(neighbours(tokens, len(counts)))
    generator = np.random.default_rng(seed)
    words, weights, _ = svds(
        information, k=size, v0=generator.normal(size=len(counts))
    )
    vectors = (words * np.sqrt(weights))[:, np.argsort(-weights)]
    vectors -= vectors.mean(0)
    is_rare = counts < _LEAST_COUNT
    vectors[is_rare] = generator.normal(size=(is_rare.sum(), size))
    vectors /= np.sqrt(np.mean(vectors**2, axis=1, keepdims=True))
    return vectors.astype(np.float32), counts


def token_counts(corpus):
    """Returns how often each token occurs in training documents.

    Args:
        corpus: Corpus. Up to 20 million tokens are counted.

    Returns:
        int64[V].
    """
    return _counts(_tokens(corpus), corpus)


def neighbours(tokens, vocab_size):
    """Counts pairs of tokens, those n places apart as 1 / n.

    Args:
        tokens: int[T]; negative ones are neighbours of none.
        vocab_size: int, V.

    Returns:
        scipy.sparse.csr_matrix float64[V, V], symmetric.
    """
    from scipy import sparse

    counts = sparse.csr_matrix((vocab_size, vocab_size))
    for distance in range(1, _WINDOW + 1):
        first, second = tokens[:-distance], tokens[distance:]
        is_pair = (first >= 0) & (second >= 0)
        weights = np.full(is_pair.sum(), 1 / distance)
        places = (first[is_pair], second[is_pair])
        counts += sparse.coo_matrix((weights, places), counts.shape)
    return counts + counts.T


def positive_information(counts):
    """Returns max(0, log p(a, b) / (p(a) p(b))), p(b) smoothed.

    Args:
        counts: sparse matrix float[V, V], symmetric.

    Returns:
        scipy.sparse.csr_matrix float64[V, V].
    """
    from scipy import sparse

    of_word = np.asarray(counts.sum(1)).ravel()
    of_context = of_word**_SMOOTHING
    of_context /= of_context.sum()
    pairs = counts.tocoo()
    expected = of_word[pairs.row] * of_context[pairs.col]
    values = np.log(pairs.data / expected)
    is_kept = values > 0
    places = (pairs.row[is_kept], pairs.col[is_kept])
    return sparse.csr_matrix((values[is_kept], places), counts.shape)


def _counts(tokens, corpus):
    return np.bincount(tokens[tokens >= 0], minlength=corpus.vocab_size)


def _tokens(corpus):
    """Returns the training documents in a row, a gap after each."""
    gap = np.full(_WINDOW, -1, np.int32)
    rows, total = [gap], 0
    dataset = tf.data.TFRecordDataset(corpus.files("train"))
    for record in dataset.as_numpy_iterator():
        features = tf.train.Example.FromString(record).features.feature
        ids = features["token_ids"].int64_list.value
        rows += [np.array(ids, np.int32), gap]
        total += len(ids)
        if total >= _MOST_TOKENS:
            break
    return np.concatenate(rows)
