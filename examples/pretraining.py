"""Pretrains from raw text: vocabulary, corpus, masks and sentence order.

    python examples/pretraining.py

Ten paragraphs show the way; see docs/pretraining.md for real text.
"""

import argparse
import pathlib

from albert_tf.data.prepare import PrepareOptions, prepare
from albert_tf.data.vocabulary import VocabularyOptions, train_vocabulary
from albert_tf.train.fill import fill
from albert_tf.train.pretrain import pretrain
from albert_tf.train.pretrain_options import PretrainOptions

TEXT = pathlib.Path(__file__).resolve().parent / "harbour" / "town.txt"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--output", default="build/examples/pretraining")
    options = parser.parse_args()
    output = pathlib.Path(options.output)
    tokenizer, corpus = str(output / "tokenizer"), str(output / "corpus")

    train_vocabulary(VocabularyOptions(
        inputs=[str(TEXT)], output=tokenizer, vocab_size=320, overwrite=True,
    ))  # fmt: skip
    prepare(PrepareOptions(
        inputs=[str(TEXT)], tokenizer=tokenizer, output=corpus, held_out=0.2,
        num_workers=1, overwrite=True,
    ))  # fmt: skip
    pretrain(PretrainOptions(
        corpus=corpus, output=str(output / "model"), preset="albert_edge_tiny",
        max_length=64, batch_size=16, steps=options.steps, optimizer="adamw",
        learning_rate=1e-3, steps_per_evaluation=options.steps, overwrite=True,
    ))  # fmt: skip
    for guess in fill(str(output / "model"), "The [MASK] of Saltmere.")[0]:
        print(f"{guess.piece}  {guess.probability:.2f}")


# Beam starts processes, which import this file again.
if __name__ == "__main__":
    main()
