"""Tags the words of a text on a device."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from albert_tf.edge import tasks
from albert_tf.edge.runner import Runner, check_text, softmax
from albert_tf.text.entities import OUTSIDE, entities
from albert_tf.text.words import pack_words, split_words


@dataclasses.dataclass(frozen=True)
class Tag:
    """A word, or an entity of several, with its label.

    Attributes:
        text: str. As it stands in the text.
        start: int. First character; half-open with `end`.
        end: int.
        label: str; of an entity its kind, without `B-` and `I-`.
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
        entities: list of Tag: words joined as `text.entities.entities`
            says; empty where the labels are no `B-`, `I-` and `O`.
        num_tokens: int. Length of the input in tokens, of all windows.
    """

    words: list[Tag]
    entities: list[Tag]
    num_tokens: int


class Tagger(Runner):
    """Gives every word of a text a label.

    Words are encoded one by one and take the label of their first piece, in
    overlapping windows where they are many, as in training.

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
        bundle = self.session.bundle
        rows = pack_words(
            bundle.tokenizer.encode_ids([text[a:b] for a, b in spans]),
            cls_id=bundle.tokenizer.cls_id,
            sep_id=bundle.tokenizer.sep_id,
            max_length=bundle.manifest.max_length,
        )
        tags: list[Tag | None] = [None] * len(spans)
        for row in rows:
            ids = row.token_ids
            logits = self.session.run([(ids, [0] * len(ids))])["logits"][0]
            for word, place in zip(row.words, row.places):
                tags[word] = self._tag(text, spans[word], logits[place])
        num_tokens = sum(len(row.token_ids) for row in rows)
        found = join_entities(text, tags) if self.has_entities else []
        # A word of characters that the tokenizer drops has no tag.
        words = [tag for tag in tags if tag is not None]
        return Tagging(words, found, num_tokens)

    @property
    def has_entities(self) -> bool:
        """Whether labels make up entities; such as NOUN or -LRB- do not."""
        return any(label.startswith(("B-", "I-")) for label in self.labels)

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


def join_entities(text: str, words: Sequence[Tag | None]) -> list[Tag]:
    """Joins words to entities, each as sure as its least sure word.

    Args:
        text: str.
        words: list of Tag, one a word; None, of no entity, for one without.
    """
    found = []
    labels = [OUTSIDE if word is None else word.label for word in words]
    for entity in entities(labels):
        parts = [w for w in words[entity.start : entity.end] if w is not None]
        start, end = parts[0].start, parts[-1].end
        probability = min(part.probability for part in parts)
        found.append(Tag(text[start:end], start, end, entity.kind, probability))
    return found
