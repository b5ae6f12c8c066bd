"""GLUE's files are read in the layouts that its download has."""

import pytest

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.examples import Example
from albert_tf.data.glue import LAYOUTS, read_glue
from albert_tf.train.prediction_file import check_output, write_predictions
from albert_tf.train.tasks.registry import find_task

# File by file the columns of gluebenchmark.com's download, and a row.
FILES = {
    "cola": ("train.tsv", None, 'gj04\t0\t*\tThe "sailors rode.'),
    "sst2": ("train.tsv", "sentence\tlabel", 'a "good one \t1'),
    "mrpc": (
        "train.tsv",
        "\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String",
        '1\t7\t8\tHe said " no .\tShe did .',
    ),
    "stsb": (
        "train.tsv",
        "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\t"
        "sentence1\tsentence2\tscore",
        '0\tn\tf\t2012\t1\tnone\tnone\tA "plane.\tAn air plane.\t3.800',
    ),
    "qqp": (
        "train.tsv",
        "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate",
        "5\t1\t2\tWhy?\tHow?\t0",
    ),
    "mnli": (
        "dev_mismatched.tsv",
        "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\t"
        "sentence2_binary_parse\tsentence1_parse\tsentence2_parse\t"
        "sentence1\tsentence2\tlabel1\tlabel2\tlabel3\tlabel4\tlabel5\t"
        "gold_label",
        "3\t1\t1e\tfiction\t( a )\t( b )\t(R a)\t(R b)\tA man.\tA boy.\t"
        "neutral\tneutral\tentailment\tneutral\tneutral\tneutral",
    ),
    "qnli": (
        "train.tsv",
        "index\tquestion\tsentence\tlabel",
        "0\tWho?\tHe did.\tentailment",
    ),
    "rte": (
        "train.tsv",
        "index\tsentence1\tsentence2\tlabel",
        "0\tA.\tB.\tnot_entailment",
    ),
    "wnli": (
        "train.tsv",
        "index\tsentence1\tsentence2\tlabel",
        "0\tA.\tB.\t1",
    ),
}
READ = {
    "cola": ('The "sailors rode.', None, "unacceptable"),
    "sst2": ('a "good one ', None, "positive"),
    "mrpc": ('He said " no .', "She did .", "equivalent"),
    "stsb": ('A "plane.', "An air plane.", "3.800"),
    "qqp": ("Why?", "How?", "not_duplicate"),
    "mnli": ("A man.", "A boy.", "neutral"),
    "qnli": ("Who?", "He did.", "entailment"),
    "rte": ("A.", "B.", "not_entailment"),
    "wnli": ("A.", "B.", "entailment"),
}


def _write(folder, name, *lines):
    path = folder / name
    text = "\n".join(line for line in lines if line is not None)
    path.write_text(text + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_task_in_its_layout(tmp_path, name):
    file, header, row = FILES[name]
    _write(tmp_path, file, header, row)
    (example,) = read_glue(name, tmp_path, file.removesuffix(".tsv"))
    assert (example.text, example.pair, example.label) == READ[name]


TESTS = {
    "cola": ("index\tsentence", "9\tSomething."),
    "mrpc": ("index\t#1 ID\t#2 ID\t#1 String\t#2 String", "9\t1\t2\tA\tB"),
    "qqp": ("id\tquestion1\tquestion2", "9\tA\tB"),
}


@pytest.mark.parametrize("name", TESTS)
def test_test_files_have_no_labels(tmp_path, name):
    _write(tmp_path, "test.tsv", *TESTS[name])
    (example,) = read_glue(name, tmp_path, "test", has_labels=False)
    assert example.label is None
    assert example.id == "9"


def test_mrpc_in_microsofts_own_files(tmp_path):
    header = FILES["mrpc"][1]
    rows = ["1\t1\t2\ta\tb", "0\t3\t4\tc\td", "1\t5\t6\te\tf"]
    _write(tmp_path, "msr_paraphrase_train.txt", header, *rows)
    _write(tmp_path, "msr_paraphrase_test.txt", header, rows[0])
    _write(tmp_path, "dev_ids.tsv", "3\t4")
    splits = {
        split: [e.text for e in read_glue("mrpc", tmp_path, split)]
        for split in ("train", "dev", "test")
    }
    assert splits == {"train": ["a", "e"], "dev": ["c"], "test": ["a"]}


def test_dev_of_mnli_is_the_matched_one(tmp_path):
    _write(tmp_path, "dev_matched.tsv", *FILES["mnli"][1:])
    assert read_glue("mnli", tmp_path, "dev")[0].text == "A man."


def test_missing_file_and_split(tmp_path):
    with pytest.raises(ValueError, match="dev.tsv is missing. --task rte"):
        read_glue("rte", tmp_path, "dev")
    with pytest.raises(ValueError, match="rte has no split named 'half'"):
        read_glue("rte", tmp_path, "half")


def test_broken_rows_are_counted_or_skipped(tmp_path):
    file, header, row = FILES["qqp"]
    _write(tmp_path, file, header, row, "6\t1\t2\tWhy", "7\t1\t2\ta\tb\t5")
    with pytest.raises(
        ValueError, match="line 3: 4 fields, expected 6.*1 more"
    ):
        read_glue("qqp", tmp_path, "train")
    bad_rows = BadRows(skip=True)
    assert len(read_glue("qqp", tmp_path, "train", bad_rows)) == 1
    assert "line 4: the label '5' is not one of qqp's" in bad_rows.messages[1]


@pytest.mark.parametrize(
    ("name", "prediction", "line"),
    [
        ("sst2", {"label": "positive"}, "7\t1"),
        ("mnli", {"label": "neutral"}, "7\tneutral"),
        ("rte", {"label": "not_entailment"}, "7\tnot_entailment"),
        ("wnli", {"label": "not_entailment"}, "7\t0"),
        ("stsb", {"score": 5.2}, "7\t5.000"),
    ],
)
def test_submissions(name, prediction, line):
    text = find_task(name).formats["glue"]([{"id": "7", **prediction}])
    assert text == f"index\tprediction\n{line}\n"


@pytest.mark.parametrize("order", [1, -1])
def test_f1_of_the_positive_label_whatever_its_place(order):
    task = find_task("mrpc")
    labels = task.labels([])[::order]
    rights = ["equivalent", "equivalent", "not_equivalent", "not_equivalent"]
    guesses = ["equivalent"] * 3 + ["not_equivalent"]
    scores = task.scores(
        [Example("a", "b", label, "place") for label in rights],
        [{"label": label} for label in guesses],
        labels=labels,
        settings={},
    )
    assert scores["positive_f1"] == pytest.approx(0.8)


def test_submissions_refuse_other_labels(tmp_path):
    task, output = find_task("sst2"), str(tmp_path / "out.tsv")
    message = "needs the labels negative, positive; the model has LABEL_0."
    with pytest.raises(ValueError, match=message):
        write_predictions([{"id": 1, "label": "LABEL_0"}], output, task, "glue")
    assert not list(tmp_path.iterdir())
    given = {"is_overwritten": False, "labels": ["LABEL_0"]}
    assert check_output(output, "tsv", task, **given) == "tsv"
    labels = ["positive", "negative"]
    assert "glue" == check_output(
        output, "glue", task, is_overwritten=False, labels=labels
    )
