"""What a prepared corpus holds, as lines to read."""

from __future__ import annotations

from albert_tf.data.corpus import Corpus

_BAR = 40
# Tokens; English of Wikipedia has 25.
_LONG_SENTENCES = 60


def summary(corpus: Corpus) -> str:
    """Returns counts of both splits and histograms of lengths.

    A note ends it where sentences are so long on average that the English
    splitter does not seem to know how the language ends them.
    """
    lines = []
    for name, split in corpus.splits.items():
        unknown = split.num_unknown / max(split.num_tokens, 1)
        lines.append(
            f"{name}: {split.num_documents:,} documents, "
            f"{split.num_sentences:,} sentences, {split.num_tokens:,} tokens, "
            f"{unknown:.3%} unknown, in {len(split.shards)} shards"
        )
    for name, histogram in (
        ("documents", corpus.document_lengths),
        ("sentences", corpus.sentence_lengths),
    ):
        lines.append(f"{name} by length in tokens:")
        most = max(histogram.values(), default=1)
        for length, count in sorted(histogram.items()):
            bar = "#" * -(-_BAR * count // most)
            label = f"{length} to {2 * length - 1}"
            lines.append(f"  {label:>16} {count:>9,} {bar}")
    train = corpus.splits["train"]
    average = train.num_tokens / max(train.num_sentences, 1)
    if average > _LONG_SENTENCES and corpus.splitter == "english":
        lines.append(
            f"note: a sentence has {average:.0f} tokens on average. Are they "
            "cut where they end? --splitter lines takes a line for a "
            "sentence, module:function is a splitter of your own."
        )
    return "\n".join(lines)
