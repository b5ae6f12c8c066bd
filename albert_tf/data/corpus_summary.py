"""What a prepared corpus holds, as lines to read."""

from __future__ import annotations

from albert_tf.data.corpus import Corpus

_BAR = 40


def summary(corpus: Corpus) -> str:
    """Returns counts of both splits and a histogram of document lengths."""
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
    return "\n".join(lines)
