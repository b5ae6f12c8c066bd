"""The Task Library's BertQuestionAnswerer takes what is exported for it."""

import json
import os
import subprocess
import zipfile

import keras
import numpy as np
import pytest

from albert_tf import AlbertForQuestionAnswering
from albert_tf.edge import Answerer, Bundle, Session
from export import arguments, flatbuffer, rewrite, source_model
from export.pipeline import export_model
from export.samples import Row
from export.targets import adapt

pytestmark = pytest.mark.device

LENGTH = 384
QUESTION = "where is the library ?"
CONTEXT = "the library opens at nine . nobody ever comes , she said ."
# Runs in an environment of its own: its last wheels are for Python 3.11.
ANSWER = """
import json, sys
from tflite_support.task import text
answerer = text.BertQuestionAnswerer.create_from_file(sys.argv[1])
answers = answerer.answer(sys.argv[2], sys.argv[3]).answers
print(json.dumps(
    [[a.pos.start, a.pos.end, a.pos.logit, a.text] for a in answers]
))
"""


@pytest.fixture(scope="module")
def directory(tiny_config, small_tokenizer, tmp_path_factory):
    keras.utils.set_random_seed(4)
    model = AlbertForQuestionAnswering(
        tiny_config.replace(max_position_embeddings=LENGTH)
    )
    path = tmp_path_factory.mktemp("models") / "answerer"
    model.save_pretrained(path, small_tokenizer)
    return path


@pytest.fixture(scope="module")
def exported(directory, tmp_path_factory):
    output = tmp_path_factory.mktemp("bundles") / "m.tflite"
    return export_model(directory, output, target="mediapipe")


def test_file_is_as_the_answerer_reads_it(exported):
    bundle = Bundle(exported)
    assert bundle.manifest.max_length == LENGTH
    flat = exported.read_bytes()[: bundle.part_bytes["model"]]
    parsed = rewrite.parse(flat)
    (graph,) = parsed.subgraphs
    (signature,) = parsed.signatureDefs
    tensors = (*signature.inputs, *signature.outputs)
    names = {t.tensorIndex: t.name.decode() for t in tensors}
    ends = [names[index] for index in (*graph.inputs, *graph.outputs)]
    assert ends == ["ids", "mask", "segment_ids", "end_logits", "start_logits"]
    for index in (*graph.inputs, *graph.outputs):
        assert list(graph.tensors[index].shape) == [1, LENGTH]
    (entry,) = [e for e in parsed.metadata if e.name == b"TFLITE_METADATA"]
    data = bytes(parsed.buffers[entry.buffer].data)
    assert data[4:8] == b"M001"
    for name in (*ends, "spiece.model"):
        assert name.encode() in data
    assert b"labels.txt" not in data
    with zipfile.ZipFile(exported) as archive:
        info = archive.getinfo("spiece.model")
        assert info.compress_type == zipfile.ZIP_STORED
    # Its runtime is of the age of tflite-runtime 2.14.
    assert flatbuffer.inspect(flat).operators["FULLY_CONNECTED"] < 12


def test_our_runner_answers_as_keras(exported, directory):
    session = Session(exported)
    rows = session.bundle.tokenizer.pack(
        [QUESTION], [CONTEXT], max_length=LENGTH
    )
    (expected,) = source_model.load(directory).run([Row(*rows[0])])
    got = session.run(rows)
    for name, values in expected.items():
        error = np.abs(got[name][0, : len(values)] - values).max()
        assert error < 0.1 * np.abs(values).max()
    reply = Answerer(exported).answer(QUESTION, CONTEXT * 60)
    assert reply.num_windows > 1


def test_the_task_library_gives_the_same_answers(exported):
    python = os.environ.get("ALBERT_TF_TASK_LIBRARY")
    if not python:
        pytest.skip(
            "ALBERT_TF_TASK_LIBRARY names no Python that has tflite-support"
        )
    result = subprocess.run(
        [python, "-c", ANSWER, str(exported), CONTEXT, QUESTION],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    session = Session(exported)
    tokenizer = session.bundle.tokenizer
    outputs = session.run(
        tokenizer.pack([QUESTION], [CONTEXT], max_length=LENGTH)
    )
    starts, ends = outputs["start_logits"][0], outputs["end_logits"][0]
    words = CONTEXT.split()
    question, *counts = [
        len(tokenizer.encode(text).ids) for text in (QUESTION, *words)
    ]
    word_at = np.repeat(np.arange(len(words)), counts)
    assert found
    for start, end, logit, text in found:
        assert logit == pytest.approx(starts[start] + ends[end], abs=1e-2)
        first, last = word_at[start - question - 2], word_at[end - question - 2]
        assert text == " ".join(words[first : last + 1])


def test_lengths_that_do_not_fit(directory, task_directory, tmp_path):
    output = tmp_path / "m.tflite"
    with pytest.raises(ValueError, match="384 tokens; the model has 64 pos"):
        export_model(
            task_directory("question_answering"), output, target="mediapipe"
        )
    for length in ("64", "128"):
        given = ["--model", "m", "--output", str(output)]
        given += ["--target", "mediapipe", "--length", length]
        target = arguments.target_of(arguments.parser().parse_args(given))
        with pytest.raises(ValueError, match="384 tokens. Received: --len"):
            adapt(target, "question_answering")
        assert adapt(target, "classification") == target
