"""Fine-tunes a classifier with `fit`, exports it, and asks the exported file.

    python examples/classification.py

Starts from the model that ships; `--model` names other pretrained weights.
"""

import argparse
import pathlib

from albert_tf import AlbertForSequenceClassification, AlbertTokenizer
from albert_tf.edge import Classifier
from albert_tf.optim import fine_tuning_optimizer
from albert_tf.train.task_data import TaskData
from export.pipeline import export_model

here = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", default=here.parent / "models/albert_mini_en")
parser.add_argument("--learning-rate", type=float, default=5e-4)
parser.add_argument("--epochs", type=int, default=8)
parser.add_argument("--output", default="build/examples/classification")
options = parser.parse_args()

data = here / "home_intents"
tokenizer = AlbertTokenizer.from_pretrained(options.model)
train = TaskData("classification", data / "train.tsv", tokenizer, batch_size=16)
labels = train.labels
dev = TaskData("classification", data / "dev.tsv", tokenizer, labels=labels)

model = AlbertForSequenceClassification.from_pretrained(
    options.model, labels=labels
)
optimizer = fine_tuning_optimizer(
    options.learning_rate, options.epochs * train.steps_per_epoch
)
model.compile(optimizer, train.loss(), jit_compile=False)
model.fit(
    train.dataset(seed=1), epochs=options.epochs, verbose=2,
    steps_per_epoch=train.steps_per_epoch, callbacks=[dev.scores()],
)  # fmt: skip
train.save(model, options.output)

file = export_model(options.output, f"{options.output}.tflite", overwrite=True)
classifier = Classifier(file)
for text in ("it is far too dark in here", "wake me at half past six"):
    answer = classifier.classify(text)
    print(f"{text}: {answer.label} ({answer.probability:.0%})")
