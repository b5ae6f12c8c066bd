"""`albert convert`: what comes along, what is said, what is refused."""

import json
import shutil

import numpy as np
import pytest

import albert_tf
from albert_tf.checkpoints import source
from albert_tf.cli import main
from albert_tf.train.convert import convert
from albert_tf.train.task_file import read_task, write_task
from tests.conftest import GOLDEN
from tests.models.common import perturb, same_weights

SPIECE = GOLDEN / "small.spiece.model"


@pytest.fixture(scope="module")
def classifier(tiny_config, small_tokenizer, tmp_path_factory):
    model = perturb(
        albert_tf.AlbertForSequenceClassification(
            tiny_config, labels=["a", "b"]
        )
    )
    folder = tmp_path_factory.mktemp("convert") / "model"
    model.save_pretrained(folder, small_tokenizer)
    return model, folder


@pytest.mark.parametrize("form", ["google", "keras_hub", "hugging_face"])
def test_every_format_loads_again(classifier, tmp_path, form, capsys):
    model, folder = classifier
    arguments = ["convert", str(folder), str(tmp_path / "out"), "--to", form]
    assert main(arguments) == 0
    output = capsys.readouterr().out
    assert "AlbertForSequenceClassification" in output
    assert "with tokenizer" in output
    assert ("left out" in output) == (form == "keras_hub")
    checkpoint = source.read(tmp_path / "out")
    words = "albert.embeddings.word_embeddings.weight"
    expected = model.encoder.embeddings.word_embeddings.embeddings
    np.testing.assert_array_equal(checkpoint.tensors[words], expected)
    assert ("classifier.weight" in checkpoint.tensors) == (form != "keras_hub")
    assert main(arguments) == 2
    assert "is not empty" in capsys.readouterr().err


def test_weights_of_half_the_size(classifier, tmp_path, capsys):
    model, folder = classifier
    half = tmp_path / "half"
    arguments = ["convert", str(folder), str(half)]
    assert main([*arguments, "--weights-format", "float16"]) == 0
    sizes = [(f / "model.safetensors").stat().st_size for f in (folder, half)]
    assert sizes[1] < 0.6 * sizes[0]
    assert json.loads((half / "config.json").read_text())["torch_dtype"] == (
        "float16"
    )
    again = type(model).from_pretrained(half)
    for ours, theirs in zip(again.weights, model.weights, strict=True):
        assert ours.dtype == "float32"
        expected = np.array(theirs).astype(np.float16).astype(np.float32)
        np.testing.assert_array_equal(ours, expected)
    arguments = ["convert", str(folder), str(tmp_path / "o"), "--to", "google"]
    assert main([*arguments, "--weights-format", "float16"]) == 2
    assert "written in float32 only" in capsys.readouterr().err


def test_weights_too_large_for_half_the_size(tiny_config, tmp_path):
    model = albert_tf.AlbertEncoder(tiny_config)
    model.pooler.bias.assign(np.full(model.pooler.bias.shape, 1e5))
    model.save_pretrained(tmp_path / "model")
    with pytest.raises(ValueError, match="pooler.bias holds 100000; float16"):
        convert(tmp_path / "model", tmp_path / "o", weights_format="float16")


def with_settings(origin, folder):
    """Copies a model, and adds what a fine-tuned one has beside it."""
    shutil.copytree(origin, folder)
    write_task(
        folder, task="pair", max_length=16, settings={"pair_column": "b"}
    )
    (folder / "early_exit.json").write_text("{}")
    return folder


def test_what_the_task_needs_comes_along(classifier, tmp_path, capsys):
    folder = with_settings(classifier[1], tmp_path / "model")
    convert(folder, tmp_path / "half", weights_format="float16")
    assert read_task(tmp_path / "half") == read_task(folder)
    assert (tmp_path / "half" / "early_exit.json").exists()
    capsys.readouterr()
    convert(folder, tmp_path / "google", to="google")
    assert "holds no names of labels: keep a, b" in capsys.readouterr().out
    assert read_task(tmp_path / "google") is None


def test_what_the_task_needs_comes_from_a_hub(
    classifier, tmp_path, monkeypatch
):
    huggingface_hub = pytest.importorskip("huggingface_hub")
    folder = with_settings(classifier[1], tmp_path / "model")
    monkeypatch.setattr(
        huggingface_hub, "snapshot_download", lambda *_, **__: str(folder)
    )
    convert("hf://somebody/model", tmp_path / "out")
    assert read_task(tmp_path / "out") == read_task(folder)


@pytest.mark.parametrize("form", ["hugging_face", "google"])
def test_exit_heads_come_along_and_back(tiny_config, tmp_path, form):
    model = perturb(
        albert_tf.AlbertForSequenceClassification(tiny_config, exit_heads=True)
    )
    model.save_pretrained(tmp_path / "model")
    convert(tmp_path / "model", tmp_path / "there", to=form)
    again = convert(tmp_path / "there", tmp_path / "back")
    assert again.exit_heads is not None
    assert same_weights(model, again)
    loaded = type(model).from_pretrained(tmp_path / "back")
    assert same_weights(model, loaded)


@pytest.mark.parametrize("form", ["google", "keras_hub"])
def test_tokenizer_comes_along_and_back(classifier, tmp_path, form, capsys):
    _, folder = classifier
    convert(folder, tmp_path / "there", to=form)
    convert(tmp_path / "there", tmp_path / "back")
    assert "with tokenizer" in capsys.readouterr().out
    got = (tmp_path / "back" / "spiece.model").read_bytes()
    assert got == SPIECE.read_bytes()


@pytest.mark.parametrize("form", ["google", "keras_hub"])
def test_cased_tokenizer_stays_cased(classifier, tmp_path, form):
    tokenizer = albert_tf.AlbertTokenizer(
        SPIECE, do_lower_case=False, keep_accents=True
    )
    classifier[0].save_pretrained(tmp_path / "cased", tokenizer)
    convert(tmp_path / "cased", tmp_path / "there", to=form)
    convert(tmp_path / "there", tmp_path / "back")
    for name in ("there", "back"):
        again = albert_tf.AlbertTokenizer.from_pretrained(tmp_path / name)
        assert not again.do_lower_case
        assert again.keep_accents


def test_googles_name_of_the_tokenizer_is_known(classifier, tmp_path):
    model, folder = classifier
    convert(folder, tmp_path / "google", to="google")
    for name in ("spiece.model", "tokenizer_config.json"):
        (tmp_path / "google" / name).unlink()
    shutil.copy(SPIECE, tmp_path / "google" / "30k-clean.model")
    prefix = tmp_path / "google" / "model.ckpt-best"
    for number, origin in enumerate((prefix.parent, prefix)):
        again = convert(origin, tmp_path / str(number))
        assert same_weights(model, again)
        assert (tmp_path / str(number) / "spiece.model").exists()


def test_tokenizer_of_another_model_is_refused(classifier, tmp_path, config):
    albert_tf.AlbertEncoder(config).save_pretrained(tmp_path / "other")
    shutil.copy(SPIECE, tmp_path / "other" / "spiece.model")
    with pytest.raises(ValueError, match="has 1000 pieces, the model 99"):
        convert(tmp_path / "other", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "name", ["AlbertForSequenceClassification", "AlbertForMultipleChoice"]
)
def test_head_of_one_row_must_be_named(tiny_config, tmp_path, name, capsys):
    arguments = {"num_labels": 1} if "Sequence" in name else {}
    model = perturb(getattr(albert_tf, name)(tiny_config, **arguments))
    model.save_pretrained(tmp_path / "model")
    convert(tmp_path / "model", tmp_path / "google", to="google")
    command = ["convert", str(tmp_path / "google"), str(tmp_path / "back")]
    assert main(command) == 2
    assert "Pass --as AlbertFor" in capsys.readouterr().err
    assert main([*command, "--as", name]) == 0
    again = getattr(albert_tf, name).from_pretrained(tmp_path / "back")
    assert same_weights(model, again)


def test_class_that_the_weights_are_not_of_is_refused(classifier, tmp_path):
    for name in ("AlbertForMaskedLM", "AlbertForQuestionAnswering"):
        with pytest.raises(ValueError, match="In the model but not in the"):
            convert(classifier[1], tmp_path / "out", model_class=name)
    with pytest.raises(ValueError, match="is a BertModel, which has no count"):
        convert(classifier[1], tmp_path / "out", model_class="BertModel")


def test_backbone_needs_a_pooler(config, tmp_path):
    model = albert_tf.AlbertForQuestionAnswering(config)
    model.save_pretrained(tmp_path / "model")
    message = "Received: AlbertForQuestionAnswering, no pooler"
    with pytest.raises(ValueError, match=message):
        convert(tmp_path / "model", tmp_path / "out", to="keras_hub")
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def backbone():
    keras_hub = pytest.importorskip("keras_hub")
    return keras_hub.models.AlbertBackbone(
        vocabulary_size=99, num_layers=2, num_heads=2, embedding_dim=8,
        hidden_dim=16, intermediate_dim=32, max_sequence_length=20,
    )  # fmt: skip


def test_live_backbone_is_a_source(backbone, tmp_path, capsys):
    convert(backbone, tmp_path / "out")
    assert "without tokenizer" in capsys.readouterr().out
    again = albert_tf.AlbertEncoder.from_pretrained(tmp_path / "out")
    np.testing.assert_array_equal(
        again.embeddings.word_embeddings.embeddings,
        backbone.token_embedding.embeddings,
    )


def test_preset_of_a_task_is_refused_by_name(backbone, tmp_path, capsys):
    import keras_hub

    task = tmp_path / "task"
    theirs = keras_hub.models.AlbertTextClassifier(backbone, num_classes=2)
    theirs.save_to_preset(str(task))
    assert main(["convert", str(task), str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert "is a KerasHub AlbertTextClassifier, with a head" in error
    assert not (tmp_path / "out").exists()
    # The head's weights alone give it away as well.
    (task / "task.json").unlink()
    with pytest.raises(ValueError, match="is a KerasHub task, with a head"):
        albert_tf.AlbertEncoder.from_pretrained(task)
    theirs.backbone.save_to_preset(str(tmp_path / "backbone"))
    convert(tmp_path / "backbone", task, to="keras_hub", overwrite=True)
    assert source.read(task).architecture == "AlbertEncoder"


@pytest.mark.reference
def test_keras_2_file_is_a_source(config, tmp_path):
    from tests.checkpoints.tf_albert import tf_albert

    theirs = tf_albert(config, "AlbertForQuestionAnswering")
    theirs.config.save_pretrained(tmp_path / "theirs")
    theirs.save_weights(tmp_path / "theirs" / "mine.h5")
    convert(tmp_path / "theirs" / "mine.h5", tmp_path / "out")
    again = albert_tf.AlbertForQuestionAnswering.from_pretrained(
        tmp_path / "out"
    )
    expected = theirs.qa_outputs.kernel.numpy()
    np.testing.assert_array_equal(again.classifier.kernel, expected)


def test_head_of_several_labels_a_text_is_refused(classifier, tmp_path):
    folder = shutil.copytree(classifier[1], tmp_path / "model")
    fields = json.loads((folder / "config.json").read_text())
    fields["problem_type"] = "multi_label_classification"
    (folder / "config.json").write_text(json.dumps(fields))
    with pytest.raises(ValueError, match="`problem_type` must be"):
        convert(folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()
