"""Questions about texts, with the places of their answers."""

from __future__ import annotations

import dataclasses
import unicodedata

# SentencePiece's sign for a space, and what stands for broken characters.
_WITHOUT_TOKEN = "\u2581\ufffd"


@dataclasses.dataclass(frozen=True)
class Gold:
    """An answer that a person marked.

    Attributes:
        text: str.
        start: int. Where it begins in the context, in characters.
    """

    text: str
    start: int


@dataclasses.dataclass(frozen=True)
class Question:
    """A question about a context.

    Attributes:
        id: str. What the file calls it.
        question: str.
        context: str.
        answers: tuple of Gold; empty for a question that the context does
            not answer, None where nobody said.
        place: str. File and question, for messages.
    """

    id: str
    question: str
    context: str
    answers: tuple[Gold, ...] | None
    place: str


def problem_of(example: Question, *, may_lack_answer: bool) -> str | None:
    """Returns what is wrong with a question and how to mend it, or None.

    Args:
        example: Question.
        may_lack_answer: bool. Whether a question without answer is right.
    """
    if _is_empty(example.question):
        return "the question is empty. Remove it or give it a text."
    if _is_empty(example.context):
        return "the context is empty. Remove the question or give it one."
    if example.answers is None:
        return None
    if not example.answers and not may_lack_answer:
        return (
            "the question has no answer. Remove it, or choose a task with "
            "unanswerable questions."
        )
    for gold in example.answers:
        problem = _problem_of_answer(gold, example.context)
        if problem is not None:
            return problem
    return None


def _is_empty(text: str) -> bool:
    """Whether no token would stand for any character of a text."""
    return not any(map(_is_visible, text))


def _is_visible(character: str) -> bool:
    """Whether there is more than white space, a control sign or an accent."""
    return character not in _WITHOUT_TOKEN and any(
        not part.isspace()
        and not unicodedata.combining(part)
        and unicodedata.category(part) not in ("Cc", "Cf")
        for part in unicodedata.normalize("NFKD", character)
    )


def _problem_of_answer(gold: Gold, context: str) -> str | None:
    if not gold.text.strip():
        return "an answer's text is empty. Remove it or give it a text."
    end = gold.start + len(gold.text)
    if gold.start >= 0 and context[gold.start : end] == gold.text:
        return None
    there = context[max(gold.start, 0) : max(end, 0)]
    first = context.find(gold.text)
    hint = f"it is at {first}" if first >= 0 else "the context lacks it"
    return (
        f"the answer {_short(gold.text)} is not at character {gold.start}, "
        f"where {_short(there)} stands; {hint}. Count characters, not bytes, "
        "from 0."
    )


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
