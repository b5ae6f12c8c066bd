"""What a run checks, keeps and says besides learning."""

import io
import json
import shutil
import subprocess
import sys

import pytest

from albert_tf import AlbertTokenizer
from albert_tf.cli import main
from albert_tf.data.bad_rows import BadRows
from albert_tf.train import arguments
from albert_tf.train.apply import read_standard_input
from albert_tf.train.inputs import read_inputs, task_settings
from albert_tf.train.options import FineTuneOptions
from albert_tf.train.run_folder import RunFolder
from albert_tf.train.tasks.registry import TASKS, all_options, find_task
from tests.train.test_finetune import ROOT, SPIECE, _arguments, _error, _history


def _file(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _options(train, **changes):
    fields = {"preset": "albert_edge_tiny", "tokenizer": str(SPIECE), **changes}
    return FineTuneOptions(output="none", train=str(train), **fields)


def test_missing_file_is_named_without_tensorflow(data, tmp_path):
    arguments = _arguments(data, tmp_path / "model", dev="none.tsv")
    code = (
        "import sys\nfrom albert_tf.cli import main\n"
        f"assert main({arguments!r}) == 2\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert result.returncode == 0, result.stderr
    assert "Cannot read none.tsv" in result.stderr


def test_tasks_load_no_tensorflow():
    code = (
        "import sys\nimport albert_tf.train.tasks.registry\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_loss_that_is_no_number_is_said(data, tmp_path, capsys, monkeypatch):
    from albert_tf.train import losses

    call = losses.LabelLoss.call
    monkeypatch.setattr(
        losses.LabelLoss, "call", lambda *args: call(*args) * float("nan")
    )
    line = _error(_arguments(data, tmp_path / "model"), capsys)
    assert "The loss became nan at step 1. No model was kept." in line
    assert "a lower --learning-rate (it was 0.002)" in line


def test_best_model_so_far_is_named():
    from albert_tf.train.callbacks import KeepBest, StopAtNaN

    keep_best = KeepBest(
        "runs/a", None, None, max_length=8, patience=1, metric="accuracy"
    )
    keep_best.best = {"metric": "accuracy", "score": 0.75}
    stop = StopAtNaN(keep_best, 0.1, steps_per_epoch=10)
    stop.on_epoch_begin(2)
    stop.on_train_batch_end(3, {"loss": 0.5})
    with pytest.raises(ValueError) as error:
        stop.on_train_batch_end(4, {"loss": float("inf")})
    assert "at step 25. The best model so far (accuracy 0.7500) is kept" in str(
        error.value
    )
    stop = StopAtNaN(keep_best, 0.1, steps_per_epoch=10, num_parts=4)
    with pytest.raises(ValueError, match="at step 2. "):
        stop.on_train_batch_end(7, {"loss": float("nan")})


def test_weights_that_are_no_numbers_are_not_kept(
    data, tmp_path, capsys, monkeypatch
):
    """One update an evaluation: no loss has seen the weights it leaves."""
    from albert_tf.optim.adamw import AlbertAdamW

    update = AlbertAdamW.update_step

    def spoil(self, gradient, variable, learning_rate):
        update(self, gradient, variable, learning_rate)
        variable.assign(variable * float("nan"))

    monkeypatch.setattr(AlbertAdamW, "update_step", spoil)
    changes = {"batch-size": 32, "epochs": 1}
    output = tmp_path / "model"
    line = _error(_arguments(data, output, **changes), capsys)
    assert "Weights became NaN or infinite at step 1. No model was k" in line
    assert not (output / "model.safetensors").exists()


def test_resume_with_other_data_names_the_difference(data, tmp_path, capsys):
    output = tmp_path / "model"
    arguments = _arguments(data, output, epochs=1, dev=data)
    assert main(arguments) == 0
    capsys.readouterr()
    data.write_text(data.read_text() + "a sunny day more\tglad\n")
    line = _error([*arguments, "--resume"], capsys)
    assert "training data was '32 rows, sha256 " in line
    assert "is '33 rows, sha256 " in line


def test_labels_are_those_of_all_rows(tmp_path, capsys):
    rows = "".join(f"day {i}\tplain\nnight {i}\tdark\n" for i in range(9))
    path = _file(tmp_path, "a.tsv", f"text\tlabel\n{rows}only one\trare\n")
    inputs = read_inputs(_options(path))
    assert inputs.labels == ["dark", "plain", "rare"]
    assert [e.label for e in inputs.train].count("rare") == 1


def test_label_file_fixes_names_and_order(data, tmp_path):
    labels = _file(tmp_path, "labels.txt", "sad\nglad\nbored\n")
    inputs = read_inputs(_options(data, labels=str(labels)))
    assert inputs.labels == ["sad", "glad", "bored"]
    other = _file(tmp_path, "other.txt", "sad\nbored\n")
    with pytest.raises(ValueError, match="line 2: the label 'glad'.*15 more"):
        read_inputs(_options(data, labels=str(other)))
    skipped = read_inputs(_options(data, labels=str(other), skip_bad_rows=True))
    assert {e.label for e in skipped.train} == {"sad"}


def test_new_model_has_no_position_that_is_never_trained(data):
    config = read_inputs(_options(data, max_length=40)).config
    assert config.max_position_embeddings == 40


def test_model_may_have_brackets_in_its_name(
    classifier_directory, data, tmp_path
):
    model = shutil.copytree(classifier_directory, tmp_path / "intents[1]")
    inputs = read_inputs(_options(data, model=str(model), max_length=32))
    assert inputs.tokenizer is not None


def test_pretrained_model_must_hold_the_length(
    classifier_directory, data, tmp_path, capsys
):
    arguments = _arguments(data, tmp_path / "model", model=classifier_directory)
    line = _error(arguments, capsys)
    assert "--max-length is 128; the model has 64 positions" in line


def test_evaluates_between_epochs_and_by_another_score(data, tmp_path, capsys):
    output = tmp_path / "model"
    changes = {
        "train-steps": 7,
        "steps-per-evaluation": 3,
        "metric": "macro_f1",
    }
    assert main(_arguments(data, output, **changes)) == 0
    history = _history(output)
    assert [int(row["step"]) for row in history] == [3, 6, 7]
    result = json.loads((output / "result.json").read_text())
    assert result["metric"] == "macro_f1"
    best = max(float(row["val_macro_f1"]) for row in history)
    assert result["score"] == pytest.approx(best)
    lines = capsys.readouterr().out.splitlines()
    assert len([n for n in lines if n.startswith("step ")]) == 3


def test_predictions_as_tsv_replace_nothing(
    classifier_directory, tmp_path, capsys
):
    new = _file(tmp_path, "new.csv", 'text\n"a lovely\nday"\nrain\n')
    output = tmp_path / "new.tsv"
    arguments = ["predict", "--model", str(classifier_directory)]
    arguments += ["--input", str(new), "--output", str(output)]
    assert main(arguments) == 0
    header, *rows = output.read_text().splitlines()
    assert header.split("\t")[:2] == ["text", "label"]
    assert [row.split("\t")[0] for row in rows] == ["a lovely day", "rain"]
    capsys.readouterr()
    assert f"{output} exists" in _error(arguments, capsys)
    assert main([*arguments, "--overwrite"]) == 0
    assert "has no format 'xml'" in _error(
        [*arguments, "--overwrite", "--format", "xml"], capsys
    )


def test_options_of_other_tasks_are_refused():
    with pytest.raises(ValueError, match="sst2 takes no --text-column"):
        task_settings(find_task("sst2"), {"text_column": "review"})


def test_a_lone_row_of_a_label_is_learned_from(tmp_path, capsys):
    rows = "".join(f"text {i}\tmany\n" for i in range(20))
    path = _file(tmp_path, "a.tsv", f"text\tlabel\n{rows}lone\tfew\n")
    inputs = read_inputs(_options(path))
    assert {e.label for e in inputs.dev} == {"many"} and len(inputs.dev) == 2
    assert "few" in {example.label for example in inputs.train}


def test_a_score_is_measured_on_two_rows_at_least(tmp_path, capsys):
    rows = "".join(f"text {i}\t{i}\n" for i in range(15))
    path = _file(tmp_path, "a.tsv", f"text\tlabel\n{rows}")
    assert len(read_inputs(_options(path, task="regression")).dev) == 2
    lone = _file(tmp_path, "b.tsv", "text\tlabel\nlone\t1\n")
    with pytest.raises(ValueError, match="needs two rows or more"):
        read_inputs(_options(path, task="regression", dev=str(lone)))


def test_rows_that_are_all_skipped_are_said(data, tmp_path):
    dev = _file(tmp_path, "dev.tsv", "text\tlabel\nfine\tunknown\n")
    with pytest.raises(ValueError, match=r"dev\.tsv: every row is bad"):
        read_inputs(_options(data, dev=str(dev), skip_bad_rows=True))


def test_a_tokenizer_file_keeps_its_settings(data, small_tokenizer, tmp_path):
    proto = small_tokenizer.model_proto
    AlbertTokenizer(proto, do_lower_case=False).save(tmp_path)
    for path in (tmp_path, tmp_path / "spiece.model"):
        inputs = read_inputs(_options(data, tokenizer=str(path)))
        assert not inputs.tokenizer.do_lower_case


def test_damaged_settings_are_named(tmp_path):
    _file(tmp_path, "finetune.json", "{")
    with pytest.raises(ValueError, match=r"finetune\.json is broken"):
        RunFolder(tmp_path).check_same({})


def test_history_survives_stops_before_an_evaluation(tmp_path):
    folder = RunFolder(tmp_path)
    folder.add_history({"epoch": 0, "step": 4})
    for _ in range(3):
        folder.cut_history(0)
    for epoch in range(3):
        folder.add_history({"epoch": epoch, "step": 4 * epoch + 4})
    folder.cut_history(2)
    assert [row["step"] for row in _history(tmp_path)] == ["4", "8"]


def test_lines_of_standard_input(monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfone\r\n\ntwo\n"))
    monkeypatch.setattr(sys, "stdin", stdin)
    bad_rows = BadRows(skip=True)
    lines = read_standard_input(bad_rows)
    assert [text for text, _ in lines] == ["one", "two"]
    assert bad_rows.messages == ["stdin, line 2: the text is empty."]


def test_epochs_win_over_a_recipe(monkeypatch):
    runs = []
    monkeypatch.setattr(arguments, "finetune", runs.append)
    command = ["finetune", "--task", "sst2", "--data", "x", "--output", "y"]
    for changes in ([], ["--epochs", "2"]):
        assert main([*command, "--recipe", *changes]) == 0
    assert runs[0].train_steps and not runs[1].train_steps
    assert runs[1].epochs == 2


def test_every_task_says_what_it_needs():
    for task in TASKS.values():
        assert task.metric in task.metrics
        assert task.formats and task.summary
        assert set(task.defaults()) <= set(all_options())


def test_folder_that_is_a_file_is_refused(tmp_path):
    path = _file(tmp_path, "a", "")
    with pytest.raises(ValueError, match="is a file"):
        RunFolder(path).check_writable(is_overwritten=True)
