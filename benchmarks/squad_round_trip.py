"""Sends every answer of a SQuAD file through features and back.

    python -m benchmarks.squad_round_trip dev-v1.1.json.gz \
        --tokenizer spiece.model

Each marked answer becomes positions in windows, as in training; logits that
point at these positions become an answer again, as on a device. Prints how
many come back exactly, with text and place, and lists the others with the
reason. Then checks that every token of every context is, for every question,
the one with most context in exactly one window.
"""

import argparse
import collections

import numpy as np

from albert_tf.data.question_rows import INSIDE_TOKEN, answer_positions
from albert_tf.data.squad import read_squad
from albert_tf.metrics.squad import exact_match
from albert_tf.text.answers import MAX_ANSWER_LENGTH, best_answers
from albert_tf.text.context import Context
from albert_tf.text.tokenizer import AlbertTokenizer
from albert_tf.text.windows import WindowSettings, pack_question


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--version-2", action="store_true")
    parser.add_argument("--max-length", type=int, default=384)
    parser.add_argument("--max-answer-length", type=int)
    options = parser.parse_args()
    examples = read_squad(options.file, version_2=options.version_2)
    found = round_trip(
        examples,
        AlbertTokenizer(options.tokenizer),
        WindowSettings.fitting(options.max_length),
        options.max_answer_length or MAX_ANSWER_LENGTH,
    )
    for line in found.lost:
        print(line)
    print_counts(found)


class RoundTrip:
    """Counts of a round trip.

    Attributes:
        counts: Counter of what came back and what did not.
        lost: list of str, one a lost answer: question, answer, reason.
    """

    def __init__(self):
        self.counts = collections.Counter()
        self.lost = []


def round_trip(examples, tokenizer, settings, max_answer_length):
    """Returns a RoundTrip of all answers of all questions."""
    result = RoundTrip()
    counts = result.counts
    contexts = {}
    for example in examples:
        if example.context not in contexts:
            contexts[example.context] = Context(tokenizer, example.context)
        packed = pack_question(
            tokenizer, example.question, contexts[example.context], settings
        )
        count_tokens(packed, counts)
        if not example.answers:
            continue
        results = [
            send(packed, gold, max_answer_length) for gold in example.answers
        ]
        counts["questions"] += 1
        counts["questions, first answer exact"] += not results[0][1]
        counts["questions, some answer exact"] += any(
            not reason for _, reason in results
        )
        golds = [gold.text for gold in example.answers]
        counts["questions, first answer scored 1 by SQuAD's rules"] += (
            max(exact_match(results[0][0], gold) for gold in golds) == 1
        )
        for gold, (text, reason) in zip(example.answers, results):
            counts["answers"] += 1
            counts["answers exact, text and place"] += not reason
            counts["answers exact by SQuAD's rules"] += (
                exact_match(text, gold.text) == 1
            )
            if reason:
                counts[f"lost: {reason}"] += 1
                result.lost.append(
                    f"{example.id}\t{gold.text!r}\t{text!r}\t{reason}"
                )
    return result


def send(packed, gold, max_answer_length):
    """Returns the text that came back, and why it is not the answer or ''."""
    positions, kind = answer_positions(packed, gold)
    logits = [
        np.zeros((2, len(window.token_ids)), np.float32)
        for window in packed.windows
    ]
    for row, (first, last) in zip(logits, positions):
        row[0, first] = row[1, last] = 10
    answer = best_answers(
        packed,
        [row[0] for row in logits],
        [row[1] for row in logits],
        num_best=1,
        max_answer_length=max_answer_length,
    ).answers[0]
    if packed.context.text[answer.start : answer.end] != answer.text:
        raise AssertionError(f"{answer} is not what stands at its place")
    start = gold.start + len(gold.text) - len(gold.text.lstrip())
    if (answer.text, answer.start) == (gold.text.strip(), start):
        return answer.text, ""
    first, last = packed.context.tokens(start, start + len(gold.text.strip()))
    if kind is None and last - first >= max_answer_length:
        kind = "longer than max_answer_length"
    if kind == INSIDE_TOKEN:
        text = packed.context.text
        end = start + len(gold.text.strip())
        kind = "a token holds a sign too, such as % or $"
        if is_inside_word(text, start) or is_inside_word(text, end):
            kind = "marked inside a word"
    return answer.text, kind or "unexplained"


def is_inside_word(text, index):
    """Whether letters or digits stand on both sides of a place."""
    return 0 < index < len(text) and text[index - 1 : index + 1].isalnum()


def count_tokens(packed, counts):
    """Counts tokens, and those with one window of most context."""
    windows = np.zeros(len(packed.context), int)
    for window in packed.windows:
        windows[window.begin : window.end] += window.is_max_context
    counts["tokens"] += len(windows)
    counts["tokens with one window of most context"] += int(
        (windows == 1).sum()
    )
    counts["windows"] += len(packed.windows)


def print_counts(found):
    for name, count in sorted(found.counts.items()):
        unit = name.split(",")[0].split(" ")[0].rstrip(":")
        share = count / found.counts.get(unit, count)
        print(f"{name:52} {count:9d}  {share:8.3%}")


if __name__ == "__main__":
    main()
