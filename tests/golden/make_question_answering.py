"""Writes `question_answering.json`, which pytest and the Kotlin tests read.

    python -m tests.golden.make_question_answering

A list of objects, one a question, under `small.spiece.model`, lower-cased,
accents dropped. Windows and answers come from google-research/albert's loops
(`tests/reference/windows.py`), the tokens from `albert_tf.text.tokenizer`.

- `question`, `context`, and the lengths `max_length`, `doc_stride` and
  `max_query_length`.
- `offsets`: characters of each token of the context; `can_start`, `can_end`:
  1 where an answer may start or end. See `albert_tf/text/context.py`.
- `num_cut_tokens`: of the question.
- `windows`: `token_ids`, `segment_ids`, `context_position`, `begin`, `end`
  and `is_max_context` of each. See `albert_tf/text/windows.py`.
- `cases`: `start_logits` and `end_logits`, a list a window, with padding
  behind some that must not count; `num_best`, `max_answer_length`,
  `has_null`; and what they give: `null_score`, `null_odds`,
  `null_probability` and `answers`, best first, each with `text`, `start`,
  `end`, `score` and `probability`. Logits are multiples of 1/8, so that sums
  are exact, and ties are many. Probabilities are rounded to 1e-10.

Characters are Unicode code points: two UTF-16 units above U+FFFF.
"""

import json
import math
import pathlib

import numpy as np

from albert_tf.text.context import Context
from albert_tf.text.tokenizer import AlbertTokenizer
from albert_tf.text.windows import PackedQuestion, Window
from tests.reference import windows as reference

HERE = pathlib.Path(__file__).parent
MODEL_PATH = HERE / "small.spiece.model"
JSON_PATH = HERE / "question_answering.json"

# question, context, (max_length, doc_stride, max_query_length)
QUESTIONS = [
    (
        "When does the ferry leave?",
        "The ferry leaves the north pier at nine. On Sundays the ferry "
        "leaves at ten, and it comes back at nine in the evening.",
        (40, 9, 12),
    ),
    ("Who?", "Ann.", (40, 9, 12)),
    (
        "What did Zoe\u0308 pay for the \ufb01rst \ufb02at?",
        "  Zoe\u0308 paid  1,000, then\u00a02,500 in the o\ufb03ce; "
        "Zo\u00eb paid again\ton the 5th. \u0130t was \u201call\u201d\u2026",
        (44, 7, 20),
    ),
    (
        "Does a question that is much too long for its window lose its end?",
        "Yes: it is cut, and says so. The rest of it is lost for good.",
        (24, 40, 8),
    ),
    (
        "Which \U0001f600?",
        "\U0001f600 \U0001d400bc \ufdfa 2\u00bd \uff12\uff10 (no), (no). "
        "\u65e5\u672c e\u0301t\u00e9 \u200bnil\u200b \U0001f600",
        (26, 6, 8),
    ),
    ("Tie?", "one two one two one two one two one two one", (16, 3, 4)),
]
CASES = [
    # levels of the logits, num_best, max_answer_length, has_null
    (64, 20, 30, False),
    (16, 5, 4, True),
    (1, 8, 3, True),
]


def rows():
    """Returns the list that the file holds."""
    tokenizer = AlbertTokenizer(MODEL_PATH)
    generator = np.random.default_rng(20)
    return [
        row(tokenizer, generator, question, text, lengths)
        for question, text, lengths in QUESTIONS
    ]


def row(tokenizer, generator, question, text, lengths):
    max_length, doc_stride, max_query_length = lengths
    context = Context(tokenizer, text)
    ids = tokenizer.encode(question).ids
    packed = PackedQuestion(
        context,
        windows(tokenizer, context, ids[:max_query_length], lengths),
        max(0, len(ids) - max_query_length),
    )
    return {
        "question": question,
        "context": text,
        "max_length": max_length,
        "doc_stride": doc_stride,
        "max_query_length": max_query_length,
        "offsets": context.offsets.tolist(),
        "can_start": context.can_start.astype(int).tolist(),
        "can_end": context.can_end.astype(int).tolist(),
        "num_cut_tokens": packed.num_cut_tokens,
        "windows": [as_json(window) for window in packed.windows],
        "cases": [case(packed, generator, *settings) for settings in CASES],
    }


def windows(tokenizer, context, question, lengths):
    max_length, doc_stride, _ = lengths
    room = max_length - len(question) - 3
    spans = reference.doc_spans(len(context), room, doc_stride)
    made = []
    for index, span in enumerate(spans):
        end = span.start + span.length
        tokens = context.token_ids[span.start : end].tolist()
        head = [tokenizer.cls_id, *question, tokenizer.sep_id]
        made.append(
            Window(
                token_ids=[*head, *tokens, tokenizer.sep_id],
                segment_ids=[0] * len(head) + [1] * (len(tokens) + 1),
                context_position=len(head),
                begin=span.start,
                end=end,
                is_max_context=[
                    int(reference.is_max_context(spans, index, token))
                    for token in range(span.start, end)
                ],
            )
        )
    return made


def as_json(window):
    return dict(vars(window))


def case(packed, generator, levels, num_best, max_answer_length, has_null):
    start, end = (logits(packed, generator, levels) for _ in range(2))
    found = reference.best_spans(
        packed, start, end, num_best, max_answer_length
    )
    null_score = min(a[0] + b[0] for a, b in zip(start, end))
    scores = [score for score, _, _ in found] + [null_score] * has_null
    total = math.fsum(math.exp(score - max(scores)) for score in scores)
    probabilities = [
        round(math.exp(score - max(scores)) / total, 10) for score in scores
    ]
    return {
        "start_logits": start,
        "end_logits": end,
        "num_best": num_best,
        "max_answer_length": max_answer_length,
        "has_null": has_null,
        "null_score": null_score,
        "null_odds": null_score - found[0][0],
        "null_probability": probabilities[-1] if has_null else 0.0,
        "answers": [
            {
                "text": packed.context.text[first:last],
                "start": int(first),
                "end": int(last),
                "score": score,
                "probability": probability,
            }
            for (score, first, last), probability in zip(found, probabilities)
        ],
    }


def logits(packed, generator, levels):
    """Returns a list of logits for each window, the odd ones padded."""
    made = []
    for index, window in enumerate(packed.windows):
        size = len(window.token_ids)
        row = generator.integers(-levels, levels + 1, size) / 8
        made.append(row.tolist() + [1000.0] * (index % 2))
    return made


def write():
    lines = ",\n".join(json.dumps(each) for each in rows())
    JSON_PATH.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    write()
    print(f"{JSON_PATH}: {JSON_PATH.stat().st_size} bytes")
