"""A passage with each of several answers as rows of tokens."""

from __future__ import annotations

from collections.abc import Sequence

from albert_tf.text.packing import pack

# Where a question has a gap, the answer goes into it.
_GAP = "_"


def fill_question(question: str, answer: str) -> str:
    """Returns a question with an answer in its gap, or after it.

    Source: google-research/albert race_utils.py `_create_examples`.
    """
    if _GAP in question:
        return question.replace(_GAP, answer)
    return f"{question} {answer}".strip()


def pack_choices(
    context: Sequence[int],
    answers: Sequence[Sequence[int]],
    *,
    cls_id: int,
    sep_id: int,
    max_length: int,
    max_answer_length: int,
) -> list[tuple[list[int], list[int]]]:
    """Joins a passage with each answer: [CLS] passage [SEP] answer [SEP].

    What does not fit is cut from the end of the passage; of a question with
    its answer the end is kept, where the answer is.

    Args:
        context: int[*]. Ids of the passage; may be empty.
        answers: for each choice the ids of the question with the answer.
        cls_id: int. Id of `[CLS]`.
        sep_id: int. Id of `[SEP]`.
        max_length: int. Longest sequence, special tokens included.
        max_answer_length: int. Most tokens of a question with its answer.

    Returns:
        list of (token_ids, segment_ids), one a choice.

    Raises:
        ValueError: `max_length` leaves no room for a token of each text.

    Source: google-research/albert race_utils.py `convert_single_example`.
    """
    room = max(1, min(max_answer_length, max_length - 4))
    rows = []
    for answer in answers:
        kept = list(answer)[-room:]
        left = max(0, max_length - 3 - len(kept))
        rows.append(
            pack(
                list(context)[:left],
                kept,
                cls_id=cls_id,
                sep_id=sep_id,
                max_length=max_length,
            )
        )
    return rows
