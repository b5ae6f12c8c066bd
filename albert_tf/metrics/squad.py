"""SQuAD's exact match and F1, as its own two scripts count them."""

import collections
import re
import string

import numpy as np

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize_answer(text):
    """Returns the text without case, punctuation, articles, extra spaces."""
    text = text.lower().translate(_WITHOUT_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", text).split())


def exact_match(prediction, gold):
    """Returns 1.0 where two texts are equal once normalized, else 0.0."""
    return float(normalize_answer(prediction) == normalize_answer(gold))


def f1_score(prediction, gold, *, version_2=False):
    """Returns the harmonic mean of precision and recall of words.

    Args:
        prediction, gold: str.
        version_2: bool. Whether two texts without words agree, as SQuAD
            2.0's script has it, or score 0, as 1.1's does.

    Returns:
        float in [0, 1].
    """
    predicted = normalize_answer(prediction).split()
    expected = normalize_answer(gold).split()
    if version_2 and not (predicted and expected):
        return float(predicted == expected)
    shared = collections.Counter(predicted) & collections.Counter(expected)
    num_same = sum(shared.values())
    if num_same == 0:
        return 0.0
    precision = num_same / len(predicted)
    recall = num_same / len(expected)
    return (2 * precision * recall) / (precision + recall)


def squad_1_scores(golds, predictions):
    """Scores predictions for SQuAD 1.1.

    Args:
        golds: dict of question id to the texts of its answers, one or more.
        predictions: dict of question id to text; a missing one scores 0.

    Returns:
        dict: `exact_match` and `f1`, in percent, and `total`.

    Raises:
        ValueError: there is no question.

    Source: evaluate-v1.1.py of the SQuAD authors.
    """
    _check(golds)
    exact = f1 = 0.0
    for question_id, texts in golds.items():
        if question_id in predictions:
            prediction = predictions[question_id]
            exact += max(exact_match(prediction, text) for text in texts)
            f1 += max(f1_score(prediction, text) for text in texts)
    return {
        "exact_match": 100.0 * exact / len(golds),
        "f1": 100.0 * f1 / len(golds),
        "total": len(golds),
    }


def squad_2_scores(golds, predictions, null_odds=None, threshold=None):
    """Scores predictions for SQuAD 2.0.

    Args:
        golds: dict of question id to the texts of its answers; empty for a
            question without an answer.
        predictions: dict of question id to text; `""` for no answer.
        null_odds: dict of question id to float, the higher, the likelier is
            no answer; None for 0 everywhere.
        threshold: float or None. Questions of higher odds count as predicted
            to have no answer, whatever `predictions` says; None leaves the
            predictions as they are.

    Returns:
        dict: `exact`, `f1` and `total`; the same of the questions with
        (`HasAns_`) and without an answer (`NoAns_`), where there are any;
        and with `null_odds` the best scores that a threshold can reach, with
        the threshold: `best_exact`, `best_exact_thresh`, `best_f1`,
        `best_f1_thresh`. Scores are in percent.

    Raises:
        ValueError: there is no question, or one has no prediction or odds.

    Source: evaluate-v2.0.py of the SQuAD authors.
    """
    _check(golds, predictions, golds if null_odds is None else null_odds)
    raw = _raw_scores(golds, predictions)
    has_answer = np.array([bool(texts) for texts in golds.values()])
    is_null = np.zeros(len(golds), bool)
    if null_odds is not None:
        odds = np.array([null_odds[question_id] for question_id in golds])
        is_null = odds > (np.inf if threshold is None else threshold)
    scores = {
        name: np.where(is_null, ~has_answer, values)
        for name, values in raw.items()
    }
    result = _means(scores, np.ones(len(golds), bool))
    for prefix, chosen in (("HasAns_", has_answer), ("NoAns_", ~has_answer)):
        if chosen.any():
            means = _means(scores, chosen)
            result |= {prefix + name: mean for name, mean in means.items()}
    if null_odds is not None:
        says_null = np.array([not predictions[q] for q in golds])
        for name, values in raw.items():
            best, place = _best_threshold(values, odds, has_answer, says_null)
            result |= {f"best_{name}": best, f"best_{name}_thresh": place}
    return result


def _check(golds, *others):
    if not golds:
        raise ValueError("Expected at least one question to score.")
    for other in others:
        missing = [
            question_id for question_id in golds if question_id not in other
        ]
        if missing:
            raise ValueError(
                f"{len(missing)} of {len(golds)} questions have no prediction,"
                f" such as {missing[0]!r}. Predict for the file to score."
            )


def _raw_scores(golds, predictions):
    """Returns float[questions] of exact match and F1, by name."""
    exact, f1 = [], []
    for question_id, texts in golds.items():
        prediction = predictions[question_id]
        # An answer of articles alone is none, says the script.
        texts = [text for text in texts if normalize_answer(text)] or [""]
        exact.append(max(exact_match(prediction, text) for text in texts))
        f1.append(
            max(f1_score(prediction, text, version_2=True) for text in texts)
        )
    return {"exact": np.array(exact), "f1": np.array(f1)}


def _means(scores, chosen):
    means = {
        name: float(100.0 * values[chosen].sum() / chosen.sum())
        for name, values in scores.items()
    }
    return {**means, "total": int(chosen.sum())}


def _best_threshold(scores, odds, has_answer, says_null):
    """Returns the best mean score in percent, and the odds that reach it.

    Subtle: to answer never takes odds below all that there are. The official
    script says 0 there, with which a model answers those below.

    Goes through the questions by rising odds. Each that comes to count as
    answered wins its score, or, if it has no answer, loses the point that it
    had; the running sum is greatest at the best threshold.
    """
    order = np.argsort(odds, kind="stable")
    gains = np.where(has_answer, scores, np.where(says_null, 0.0, -1.0))
    sums = np.cumsum([(~has_answer).sum(), *gains[order]])
    best = int(sums.argmax())
    never = min(0.0, float(np.nextafter(odds.min(), -np.inf)))
    place = float(odds[order][best - 1]) if best else never
    return float(100.0 * sums[best] / len(scores)), place
