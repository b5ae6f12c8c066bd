"""A question and its context as overlapping windows that a model can read."""

from __future__ import annotations

import dataclasses

import numpy as np

from albert_tf.text import packing
from albert_tf.text.context import Context
from albert_tf.text.tokenizer import AlbertTokenizer


@dataclasses.dataclass(frozen=True)
class WindowSettings:
    """Lengths that training and device must share, in tokens.

    Attributes:
        max_length: int. Longest window, special tokens included.
        doc_stride: int >= 1. From the start of one window's context to the
            start of the next one's.
        max_query_length: int >= 1. Longest question; the rest is cut.

    Raises:
        ValueError: a length is below 1, or leaves no room for the context.

    Source: google-research/albert run_squad_v2.py, its defaults.
    """

    max_length: int = 384
    doc_stride: int = 128
    max_query_length: int = 64

    def __post_init__(self) -> None:
        for name in ("doc_stride", "max_query_length"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"`{name}` must be 1 or more. Received: "
                    f"{name}={getattr(self, name)}."
                )
        if self.max_length < self.max_query_length + 4:
            raise ValueError(
                "`max_length` must hold the question, three special tokens "
                "and one of the context. Received: max_length="
                f"{self.max_length}, max_query_length="
                f"{self.max_query_length}. Shorten the question, or lengthen "
                "the window."
            )

    @classmethod
    def fitting(
        cls,
        max_length: int,
        *,
        doc_stride: int | None = None,
        max_query_length: int | None = None,
    ) -> WindowSettings:
        """Returns the published lengths, or shorter ones for short windows.

        Short windows overlap by more of their length: an answer must lie
        whole in the window that shows most around its first token.

        Args:
            max_length: int. Longest window.
            doc_stride: int or None for one that suits it.
            max_query_length: int or None for one that suits it.

        Raises:
            ValueError: `max_length` is below 8, or the lengths do not fit
                each other.
        """
        if max_length < 8:
            raise ValueError(
                "Question answering needs windows of 8 tokens or more. "
                f"Received: max_length={max_length}."
            )
        if doc_stride is None:
            is_short = max_length < cls.max_length
            doc_stride = max_length // 4 if is_short else cls.doc_stride
        if max_query_length is None:
            max_query_length = min(cls.max_query_length, max_length // 3)
        return cls(max_length, doc_stride, max_query_length)


@dataclasses.dataclass(frozen=True)
class Window:
    """`[CLS] question [SEP] part of the context [SEP]`.

    Attributes:
        token_ids: int32[S].
        segment_ids: int32[S]. 0 up to the first `[SEP]`, 1 after it.
        context_position: int. Where in the window its context begins.
        begin, end: int. The context's tokens in it, half-open.
        is_max_context: bool[end - begin]. Whether, of all windows, this is
            the one that shows most of the token's surroundings.
    """

    token_ids: np.ndarray
    segment_ids: np.ndarray
    context_position: int
    begin: int
    end: int
    is_max_context: np.ndarray


@dataclasses.dataclass(frozen=True)
class PackedQuestion:
    """All windows of one question.

    Attributes:
        context: Context.
        windows: list of Window; together they hold every token.
        num_cut_tokens: int. Tokens of the question beyond
            `max_query_length`, which no window holds.
    """

    context: Context
    windows: list[Window]
    num_cut_tokens: int


def pack_question(
    tokenizer: AlbertTokenizer,
    question: str,
    context: Context,
    settings: WindowSettings,
) -> PackedQuestion:
    """Packs a question with every part of a context.

    1. Cut the question to its first `max_query_length` tokens.
    2. Give the context the room that is left: `max_length` less the question
       and three special tokens.
    3. Split the context by `split`.
    4. Name for each token the window that `max_context_windows` returns.

    Args:
        tokenizer: AlbertTokenizer that encoded the context.
        question: str.
        context: Context of one token or more.
        settings: WindowSettings.

    Raises:
        ValueError: the question or the context has no token.

    Source: google-research/albert squad_utils.py
    `convert_examples_to_features`.
    """
    ids = tokenizer.encode_ids([question])[0]
    for name, length in (("question", len(ids)), ("context", len(context))):
        if not length:
            raise ValueError(
                f"The {name} is empty. Expected at least one character other "
                "than white space."
            )
    kept = ids[: settings.max_query_length]
    room = settings.max_length - len(kept) - 3
    spans = split(len(context), room, settings.doc_stride)
    owners = max_context_windows(spans)
    windows = []
    for index, (begin, end) in enumerate(spans):
        token_ids, segment_ids = packing.pack(
            kept,
            context.token_ids[begin:end].tolist(),
            cls_id=tokenizer.cls_id,
            sep_id=tokenizer.sep_id,
            max_length=settings.max_length,
        )
        windows.append(
            Window(
                token_ids=np.array(token_ids, np.int32),
                segment_ids=np.array(segment_ids, np.int32),
                context_position=len(kept) + 2,
                begin=begin,
                end=end,
                is_max_context=owners[begin:end] == index,
            )
        )
    return PackedQuestion(context, windows, len(ids) - len(kept))


def split(num_tokens: int, room: int, stride: int) -> list[tuple[int, int]]:
    """Splits tokens into overlapping windows.

    A window begins `stride` after the one before, or right behind it where
    the stride is longer than the window, so that nothing is left out. The
    one that reaches the end is the last.

    Args:
        num_tokens: int >= 1.
        room: int >= 1. Tokens in a window.
        stride: int >= 1.

    Returns:
        list of half-open (begin, end).
    """
    step = min(room, stride)
    spans = [(0, min(room, num_tokens))]
    while spans[-1][1] < num_tokens:
        begin = spans[-1][0] + step
        spans.append((begin, min(begin + room, num_tokens)))
    return spans


def max_context_windows(spans: list[tuple[int, int]]) -> np.ndarray:
    """Returns the window that shows most of each token's surroundings.

    That is the one with the most tokens on the token's poorer side, a
    hundredth of the window's length added; the first of equal ones. Scores
    are 64-bit floats, so that every implementation breaks ties alike.

    Args:
        spans: list of half-open (begin, end), as `split` returns them.

    Returns:
        int32[C]: an index into `spans` for each token.

    Source: google-research/albert squad_utils.py `_check_is_max_context`.
    """
    num_tokens = spans[-1][1]
    owners = np.zeros(num_tokens, np.int32)
    best = np.full(num_tokens, -1.0)
    for index, (begin, end) in enumerate(spans):
        left = np.arange(end - begin)
        scores = np.minimum(left, left[::-1]) + 0.01 * (end - begin)
        is_better = scores > best[begin:end]
        owners[begin:end][is_better] = index
        best[begin:end][is_better] = scores[is_better]
    return owners
