"""Fine-tunes a tagger with `fit`, and finds the entities of new sentences.

python examples/tagging.py
"""

import argparse
import pathlib

from albert_tf import (
    AlbertConfig,
    AlbertForTokenClassification,
    AlbertTokenizer,
)
from albert_tf.optim import fine_tuning_optimizer
from albert_tf.train.apply import predict
from albert_tf.train.task_data import TaskData

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--epochs", type=int, default=40)
parser.add_argument("--output", default="build/examples/tagging")
options = parser.parse_args()

data = pathlib.Path(__file__).resolve().parent / "kitchen"
words = [line.split("\t")[0] for line in (data / "train.conll").open()]
output = pathlib.Path(options.output)
output.mkdir(parents=True, exist_ok=True)
(output / "texts.txt").write_text(" ".join(words).replace(" \n ", "\n"))
tokenizer = AlbertTokenizer.train([output / "texts.txt"], vocab_size=150)

train = TaskData("tagging", data / "train.conll", tokenizer, batch_size=8)
dev = TaskData("tagging", data / "dev.conll", tokenizer, labels=train.labels)
config = AlbertConfig.from_preset("albert_edge_tiny").replace(vocab_size=150)
model = AlbertForTokenClassification(config, labels=train.labels)
steps = options.epochs * train.steps_per_epoch
optimizer = fine_tuning_optimizer(2e-3, steps, num_warm_up_steps=steps // 10)
model.compile(optimizer, train.loss(), jit_compile=False)
model.fit(
    train.dataset(seed=1), epochs=options.epochs, verbose=2,
    steps_per_epoch=train.steps_per_epoch, callbacks=[dev.scores()],
)  # fmt: skip
model.save_pretrained(output, tokenizer)

(output / "new.txt").write_text("boil four eggs for ten minutes\n")
(found,) = predict(
    str(output), str(output / "new.txt"), task="tagging",
    settings={"plain_text": True},
)  # fmt: skip
for entity in found["entities"]:
    print(f"{entity['kind']}: {entity['text']}")
