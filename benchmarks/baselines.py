"""What the tasks score without a language model.

Each baseline returns predictions as a task makes them, so that the task's own
scores compare them: the commonest answer, and words without their order.
"""

import collections

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge

from albert_tf.text.choices import fill_question
from albert_tf.text.entities import OUTSIDE


def majority(task, train, dev):
    """Returns the commonest label of training for every row."""
    if task.name in ("regression", "stsb"):
        mean = float(np.mean([float(e.label) for e in train]))
        return [{"score": mean} for _ in dev]
    if task.name == "tagging":
        return [{"tags": [OUTSIDE] * len(e.words)} for e in dev]
    label = collections.Counter(e.label for e in train).most_common(1)[0][0]
    return [{"label": label} for _ in dev]


def bag_of_words(task, train, dev):
    """Returns what words alone say.

    Texts: TF-IDF of words and word pairs; of two texts what they share and
    where they differ; logistic or ridge regression on it. Tagging: each
    word's commonest tag in training. Choice, without training: the answer
    with most TF-IDF in common with the passage.
    """
    if task.name == "tagging":
        return _word_tags(train, dev)
    if task.model_class == "AlbertForMultipleChoice":
        return _overlap(train, dev)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    texts = [e.text for e in train] + [e.pair for e in train if e.pair]
    vectorizer.fit(texts)
    features = [_features(vectorizer, rows) for rows in (train, dev)]
    if task.name in ("regression", "stsb"):
        model = Ridge().fit(features[0], [float(e.label) for e in train])
        return [{"score": float(s)} for s in model.predict(features[1])]
    model = LogisticRegression(max_iter=1000, C=5.0)
    model.fit(features[0], [e.label for e in train])
    return [{"label": str(label)} for label in model.predict(features[1])]


def _features(vectorizer, examples):
    from scipy import sparse

    first = vectorizer.transform([e.text for e in examples])
    if examples[0].pair is None:
        return first
    second = vectorizer.transform([e.pair for e in examples])
    shared = first.multiply(second)
    cosine = sparse.csr_matrix(shared.sum(axis=1))
    return sparse.hstack([abs(first - second), shared, cosine]).tocsr()


def _word_tags(train, dev):
    counts = collections.defaultdict(collections.Counter)
    for example in train:
        for (start, end), tag in zip(example.words, example.tags):
            counts[example.text[start:end]][tag] += 1
    common = {word: seen.most_common(1)[0][0] for word, seen in counts.items()}
    return [
        {"tags": [common.get(e.text[a:b], OUTSIDE) for a, b in e.words]}
        for e in dev
    ]


def _overlap(train, dev):
    vectorizer = TfidfVectorizer(sublinear_tf=True)
    vectorizer.fit([e.context for e in train])
    found = []
    for example in dev:
        answers = [fill_question(example.question, a) for a in example.answers]
        context = vectorizer.transform([example.context])
        scores = (vectorizer.transform(answers) @ context.T).toarray()[:, 0]
        found.append({"label": int(scores.argmax())})
    return found
