"""Exports the small models of random weights that the Kotlin tests open.

    python -m android_demo.inference.golden.make_bundles [NAME ...]

`classifier.tflite`, `regressor.tflite`, `tagger.tflite`, `answerer.tflite` and
`chooser.tflite`, or those named, in float32: a float model's outputs tell of
the code around it, where those of an int8 one tell of the runtime's build as
well. Weights are large, so that answers differ from text to text. Run
`make_golden` after it. `exits`, a classifier with early exit, is made by
`make_exits`.
"""

import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
TOKENIZER = HERE.parents[2] / "tests/golden/small.spiece.model"
SIZES = {
    "vocab_size": 1000,
    "embedding_size": 8,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 64,
    "initializer_range": 0.4,
}
MODELS = {
    "classifier": (
        "SequenceClassification",
        {"labels": ["calm", "glad", "sad"]},
    ),
    "exits": (
        "SequenceClassification",
        {"labels": ["calm", "glad", "sad"], "exit_heads": True},
    ),
    "regressor": ("SequenceClassification", {"num_labels": 1}),
    "tagger": (
        "TokenClassification",
        {"labels": ["O", "B-place", "I-place", "B-name", "I-name"]},
    ),
    "answerer": ("QuestionAnswering", {}),
    "chooser": ("MultipleChoice", {}),
}
# What `albert finetune` says of windows; the threshold lets some questions
# have no answer. Of a question with its choice little is kept.
SETTINGS = {
    "answerer": {
        "task": "qa",
        "max_length": 48,
        "settings": {
            "doc_stride": 12,
            "max_query_length": 12,
            "max_answer_tokens": 8,
            "null_threshold": -2.0,
        },
    },
    "chooser": {
        "task": "choice",
        "max_length": 48,
        "settings": {"max_answer_length": 16},
    },
}


def write(name):
    """Exports one model."""
    import keras

    import albert_tf
    from export.pipeline import export_model

    kind, arguments = MODELS[name]
    num_layers = {"num_hidden_layers": 6} if name == "exits" else {}
    config = albert_tf.AlbertConfig(**{**SIZES, **num_layers})
    keras.utils.set_random_seed(2)
    model = getattr(albert_tf, f"AlbertFor{kind}")(config, **arguments)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder, albert_tf.AlbertTokenizer(TOKENIZER))
        if name in SETTINGS:
            task = pathlib.Path(folder) / "task.json"
            task.write_text(json.dumps(SETTINGS[name]), encoding="utf-8")
        export_model(
            folder,
            HERE / f"{name}.tflite",
            quantization="float32",
            overwrite=True,
        )


if __name__ == "__main__":
    for each in sys.argv[1:] or sorted(set(MODELS) - {"exits"}):
        write(each)
