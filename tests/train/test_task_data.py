"""What a script saves is what `albert finetune` saves."""

import json

import pytest

import albert_tf
from albert_tf import AlbertForSequenceClassification
from albert_tf.cli import main
from albert_tf.train.task_data import TaskData
from export import source_model
from tests.train.test_question_answering import squad_file
from tests.train.test_tasks import _tagging

LENGTH = 24


def _reviews(folder):
    rows = [f"a sunny day,five\na gloomy day {i},one\n" for i in range(8)]
    path = folder / "reviews.csv"
    path.write_text("review,stars\n" + "".join(rows))
    return path


def _questions(folder):
    return squad_file(folder / "questions.json", version_2=True)


CASES = {
    "classification": (
        _reviews,
        {"text_column": "review", "label_column": "stars"},
    ),
    "tagging": (_tagging, {}),
    "squad2": (_questions, {"doc_stride": 5, "max_answer_tokens": 4}),
}


def _finetune(task, data, output, model, settings):
    options = {
        "task": task,
        "train": data,
        "dev": data,
        "model": model,
        "output": output,
        "max-length": LENGTH,
        "train-steps": 1,
        **{n.replace("_", "-"): value for n, value in settings.items()},
    }
    pairs = [(f"--{name}", str(value)) for name, value in options.items()]
    assert main(["finetune", *(part for pair in pairs for part in pair)]) == 0


def _evaluated(model, data, capsys):
    capsys.readouterr()
    arguments = ["--model", str(model), "--data", str(data), "--json"]
    assert main(["evaluate", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("task", CASES)
def test_a_script_saves_what_the_command_does(
    task, classifier_directory, small_tokenizer, tmp_path, capsys
):
    make, settings = CASES[task]
    data, by_command = make(tmp_path), tmp_path / "by_command"
    _finetune(task, data, by_command, classifier_directory, settings)
    train = TaskData(
        task, str(data), small_tokenizer, max_length=LENGTH, **settings
    )
    # Length and settings of other data do not count, its examples do.
    dev = TaskData(
        task, str(data), small_tokenizer, labels=train.labels, **settings
    )
    model_class = getattr(albert_tf, train.task.model_class)
    by_script = tmp_path / "new" / "by_script"
    train.save(model_class.from_pretrained(by_command), by_script, dev)
    for name in ("task.json", "config.json"):
        saved = (by_script / name).read_text()
        assert saved == (by_command / name).read_text()
    scores = [
        _evaluated(model, data, capsys) for model in (by_command, by_script)
    ]
    assert scores[1] == scores[0]
    exported = [source_model.load(path) for path in (by_command, by_script)]
    assert [source.max_length for source in exported] == [LENGTH, LENGTH]
    assert exported[1].answer_settings == exported[0].answer_settings
    assert exported[1].labels == exported[0].labels


def test_classes_have_the_names_of_the_data(
    tiny_config, small_tokenizer, tmp_path
):
    train = _small(tmp_path, small_tokenizer)
    model = AlbertForSequenceClassification(tiny_config, num_labels=2)
    train.save(model, tmp_path / "model")
    config = json.loads((tmp_path / "model" / "config.json").read_text())
    assert config["id2label"] == {"0": "five", "1": "one"}


def _small(folder, tokenizer):
    _, columns = CASES["classification"]
    data = str(_reviews(folder))
    return TaskData("classification", data, tokenizer, **columns)


def test_models_of_other_data_are_refused(
    tiny_config, small_tokenizer, tmp_path
):
    train = _small(tmp_path, small_tokenizer)
    model = AlbertForSequenceClassification(tiny_config, num_labels=3)
    with pytest.raises(ValueError, match="has 3 labels, the data 2. Make it"):
        train.save(model, tmp_path / "model")
    model = albert_tf.AlbertForQuestionAnswering(tiny_config)
    with pytest.raises(ValueError, match="trains an AlbertForSequenceClass"):
        train.save(model, tmp_path / "model")
    config = tiny_config.replace(vocab_size=1001)
    model = AlbertForSequenceClassification(config, num_labels=2)
    with pytest.raises(ValueError, match="has 1000 pieces, the model 1001"):
        train.save(model, tmp_path / "model")
    assert not (tmp_path / "model" / "task.json").exists()


def test_scores_need_a_model_of_one_number(
    tiny_config, small_tokenizer, tmp_path
):
    path = tmp_path / "scores.tsv"
    path.write_text("text\tlabel\na day\t1.5\na night\t2\n")
    train = TaskData("regression", path, small_tokenizer, max_length=LENGTH)
    model = AlbertForSequenceClassification(tiny_config, num_labels=2)
    with pytest.raises(ValueError, match="gives a score; the model has 2"):
        train.save(model, tmp_path / "model")


def test_a_derived_model_replaces_one_with_exits(
    tiny_config, small_tokenizer, tmp_path
):
    class Mine(AlbertForSequenceClassification):
        """A class of the user's own."""

    train = _small(tmp_path, small_tokenizer)
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "early_exit.json").write_text("{}")
    train.save(Mine(tiny_config, num_labels=2), folder)
    assert not (folder / "early_exit.json").exists()
    assert (folder / "task.json").exists()


def test_a_threshold_that_was_given_is_kept(
    tiny_config, small_tokenizer, tmp_path
):
    train = TaskData(
        "squad2",
        str(_questions(tmp_path)),
        small_tokenizer,
        max_length=LENGTH,
        null_threshold=2.5,
    )
    model = albert_tf.AlbertForQuestionAnswering(tiny_config)
    train.save(model, tmp_path / "model", train)
    fields = json.loads((tmp_path / "model" / "task.json").read_text())
    assert fields["settings"]["null_threshold"] == 2.5


def test_rows_that_are_skipped_are_counted(small_tokenizer, tmp_path, capsys):
    path = tmp_path / "rows.tsv"
    path.write_text("text\tlabel\na day\tglad\nanother day\tnone\n")
    how = {"labels": ["glad", "sad"], "skip_bad_rows": True}
    data = TaskData("classification", path, small_tokenizer, **how)
    assert len(data.examples) == 1
    assert "skipped 1 bad row:" in capsys.readouterr().out
    how["labels"] = ["blue", "red"]
    with pytest.raises(ValueError, match="rows.tsv: every row is bad"):
        TaskData("classification", path, small_tokenizer, **how)
