"""Tags the words of a text on a device."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from albert_tf.edge import tasks
from albert_tf.edge.runner import Runner, check_text, softmax
from albert_tf.text.words import split_words


@dataclasses.dataclass(frozen=True)
class Tag:
    """A word, or an entity of several, with its label.

    Attributes:
        text: str. As it stands in the text.
        start: int. First character; half-open with `end`.
        end: int.
        label: str. Without `B-` and `I-` for an entity.
        probability: float in [0, 1]; of an entity, its least sure word's.
    """

    text: str
    start: int
    end: int
    label: str
    probability: float


@dataclasses.dataclass(frozen=True)
class Tagging:
    """The answer for one text.

    Attributes:
        words: list of Tag, one a word.
        entities: list of Tag: words joined as labels that begin with `B-`
            and `I-` say; empty where labels do not.
        num_tokens: int. Length of the input in tokens.
        is_truncated: bool. Whether words at the end were left out.
    """

    words: list[Tag]
    entities: list[Tag]
    num_tokens: int
    is_truncated: bool


class Tagger(Runner):
    """Gives every word of a text a label.

    Words are encoded one by one and take the label of their first piece, as
    in training on files of words.

    Args: as of `Runner`, for a bundle of token classification.

    Example:
        tagger = Tagger("entities.tflite")
        print(tagger.tag("Zoë lives in Paris.").entities)
    """

    task = tasks.TOKEN_CLASSIFICATION

    def tag(self, text: str) -> Tagging:
        """Returns the labels of a text's words.

        Raises:
            ValueError: the text is empty or longer than 200,000 characters.
        """
        check_text(text)
        spans = split_words(text)
        tokenizer = self.session.bundle.tokenizer
        pieces = tokenizer.encode_ids([text[a:b] for a, b in spans])
        room = self.session.bundle.manifest.max_length - 2
        ends = np.cumsum([0, *map(len, pieces)])
        num_kept = int((ends[1:] <= room).sum())
        ids = [i for word in pieces[:num_kept] for i in word]
        row = [tokenizer.cls_id, *ids, tokenizer.sep_id]
        logits = self.session.run([(row, [0] * len(row))])["logits"][0]
        words = [
            self._tag(text, span, logits[first + 1])
            for span, word, first in zip(spans, pieces[:num_kept], ends)
            if word  # A word of characters that the tokenizer drops.
        ]
        return Tagging(
            words, join_entities(text, words), len(row), num_kept < len(spans)
        )

    def _tag(self, text: str, span: tuple[int, int], logits) -> Tag:
        probabilities = softmax(logits)
        best = int(probabilities.argmax())
        start, end = span
        return Tag(
            text[start:end],
            start,
            end,
            self.labels[best],
            float(probabilities[best]),
        )


def join_entities(text: str, words: Sequence[Tag]) -> list[Tag]:
    """Joins words labelled `B-X`, `I-X`, `I-X` to one entity `X`.

    An `I-X` that nothing of X precedes begins an entity, as in CoNLL's own
    scorer.

    Source: conlleval.pl, `startOfChunk` and `endOfChunk`.
    """
    entities: list[Tag] = []
    previous = ""
    for word in words:
        prefix, dash, name = word.label.partition("-")
        if not dash or prefix not in ("B", "I"):
            previous = ""
            continue
        if prefix == "I" and previous == name:
            last = entities.pop()
            start = last.start
            probability = min(last.probability, word.probability)
        else:
            start, probability = word.start, word.probability
        end = word.end
        entities.append(Tag(text[start:end], start, end, name, probability))
        previous = name
    return entities
