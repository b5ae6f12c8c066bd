"""A passage with each of several answers as rows of tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from albert_tf.text.packing import pack

if TYPE_CHECKING:
    from albert_tf.text.tokenizer import AlbertTokenizer

# Most tokens of a question with its answer, as Google trained on RACE.
MAX_ANSWER_LENGTH = 128
# Where a question has a gap, of whatever width, the answer goes into it.
_GAP = re.compile("_+")


def fill_question(question: str, answer: str) -> str:
    """Returns a question with an answer in its gap, or after it.

    Source: google-research/albert race_utils.py `_create_examples`. Differs:
    a gap of several underscores takes the answer once.
    """
    if _GAP.search(question):
        # A function, since a backslash in an answer means nothing.
        return _GAP.sub(lambda _: answer, question)
    return f"{question} {answer}".strip()


def encode_choices(
    tokenizer: AlbertTokenizer,
    context: str,
    answers: Sequence[str],
    *,
    max_length: int,
    max_answer_length: int | None = None,
) -> tuple[list[tuple[list[int], list[int]]], bool]:
    """Returns the rows of a passage with each answer, and whether one was cut.

    Args:
        tokenizer: AlbertTokenizer.
        context: str. The passage; may be empty.
        answers: for each choice the question with the answer.
        max_length: as of `pack_choices`.
        max_answer_length: as of `pack_choices`; None for 128.

    Returns:
        (rows, is_cut): rows as of `pack_choices`.

    Raises:
        ValueError: as `pack_choices`.
    """
    passage, *ids = tokenizer.encode_ids([context, *answers])
    rows = pack_choices(
        passage,
        ids,
        cls_id=tokenizer.cls_id,
        sep_id=tokenizer.sep_id,
        max_length=max_length,
        max_answer_length=MAX_ANSWER_LENGTH
        if max_answer_length is None
        else max_answer_length,
    )
    whole = [len(passage) + len(answer) + 3 for answer in ids]
    return rows, any(len(row[0]) < n for row, n in zip(rows, whole))


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
