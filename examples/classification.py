"""Fine-tunes a classifier with `fit`, exports it, and asks the exported file.

    python examples/classification.py

Starts from random weights; `--model DIR` starts from pretrained ones.
"""

import argparse
import pathlib

from albert_tf import (
    AlbertConfig,
    AlbertForSequenceClassification,
    AlbertTokenizer,
)
from albert_tf.edge import Classifier
from albert_tf.optim import fine_tuning_optimizer
from albert_tf.train.task_data import TaskData
from export.pipeline import export_model

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", help="pretrained source; else scratch")
parser.add_argument("--epochs", type=int, default=15)
parser.add_argument("--output", default="build/examples/classification")
options = parser.parse_args()

data = pathlib.Path(__file__).resolve().parent / "home_intents"
if options.model:
    tokenizer = AlbertTokenizer.from_pretrained(options.model)
else:
    tokenizer = AlbertTokenizer.train([data / "train.tsv"], vocab_size=1000)
train = TaskData("classification", data / "train.tsv", tokenizer, batch_size=16)
labels = train.labels
dev = TaskData("classification", data / "dev.tsv", tokenizer, labels=labels)

if options.model:
    model = AlbertForSequenceClassification.from_pretrained(
        options.model, labels=labels
    )
else:
    config = AlbertConfig.from_preset("albert_edge_tiny")
    config = config.replace(vocab_size=tokenizer.vocab_size)
    model = AlbertForSequenceClassification(config, labels=labels)
rate = 3e-5 if options.model else 1e-3
optimizer = fine_tuning_optimizer(rate, options.epochs * train.steps_per_epoch)
model.compile(optimizer, train.loss(), jit_compile=False)
model.fit(
    train.dataset(seed=1), epochs=options.epochs, verbose=2,
    steps_per_epoch=train.steps_per_epoch, callbacks=[dev.scores()],
)  # fmt: skip
model.save_pretrained(options.output, tokenizer)

file = export_model(options.output, f"{options.output}.tflite", overwrite=True)
classifier = Classifier(file)
for text in ("it is far too dark in here", "wake me at half past six"):
    answer = classifier.classify(text)
    print(f"{text}: {answer.label} ({answer.probability:.0%})")
