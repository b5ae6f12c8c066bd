"""Fine-tunes on questions with `fit`, and finds answers with their places.

    python examples/question_answering.py

Thirty questions from random weights: it learns them by heart and no others.
"""

import argparse
import pathlib

from albert_tf import AlbertConfig, AlbertForQuestionAnswering, AlbertTokenizer
from albert_tf.optim import fine_tuning_optimizer
from albert_tf.train.apply import predict
from albert_tf.train.task_data import TaskData

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--epochs", type=int, default=60)
parser.add_argument("--output", default="build/examples/question_answering")
options = parser.parse_args()

data = pathlib.Path(__file__).resolve().parent / "harbour"
questions = str(data / "questions.jsonl")
tokenizer = AlbertTokenizer.train([data / "town.txt"], vocab_size=320)
train = TaskData("qa", questions, tokenizer, max_length=192, batch_size=8)
config = AlbertConfig.from_preset("albert_edge_tiny").replace(vocab_size=320)
model = AlbertForQuestionAnswering(config)
steps = options.epochs * train.steps_per_epoch
optimizer = fine_tuning_optimizer(1e-3, steps, num_warm_up_steps=steps // 10)
model.compile(optimizer, train.loss(), jit_compile=False)
history = model.fit(
    train.dataset(seed=1), epochs=options.epochs, verbose=2,
    steps_per_epoch=train.steps_per_epoch,
)  # fmt: skip
train.save(model, options.output)

answers = predict(options.output, questions)
for answer in answers[:3]:
    place = f"characters {answer['start']} to {answer['end']}"
    print(f"{answer['question']} {answer['text']} ({place})")
