"""Fine-tunes a tagger with `fit`, and finds the entities of new sentences.

    python examples/tagging.py

Starts from the model that ships; `--model` names other pretrained weights.
"""

import argparse
import pathlib

from albert_tf import AlbertForTokenClassification, AlbertTokenizer
from albert_tf.optim import fine_tuning_optimizer
from albert_tf.train.apply import predict
from albert_tf.train.task_data import TaskData

here = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", default=here.parent / "models/albert_mini_en")
parser.add_argument("--learning-rate", type=float, default=1e-3)
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--output", default="build/examples/tagging")
options = parser.parse_args()

data = here / "kitchen"
tokenizer = AlbertTokenizer.from_pretrained(options.model)
train = TaskData("tagging", data / "train.conll", tokenizer, batch_size=8)
dev = TaskData("tagging", data / "dev.conll", tokenizer, labels=train.labels)
model = AlbertForTokenClassification.from_pretrained(
    options.model, labels=train.labels
)
optimizer = fine_tuning_optimizer(
    options.learning_rate, options.epochs * train.steps_per_epoch
)
model.compile(optimizer, train.loss(), jit_compile=False)
model.fit(
    train.dataset(seed=1), epochs=options.epochs, verbose=2,
    steps_per_epoch=train.steps_per_epoch, callbacks=[dev.scores()],
)  # fmt: skip
output = pathlib.Path(options.output)
train.save(model, output)

(output / "new.txt").write_text("boil four eggs for ten minutes\n")
(found,) = predict(
    str(output), str(output / "new.txt"), settings={"plain_text": True}
)
for entity in found["entities"]:
    print(f"{entity['kind']}: {entity['text']}")
