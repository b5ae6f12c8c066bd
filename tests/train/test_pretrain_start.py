"""What `albert pretrain` makes of a model, and refuses before it trains."""

import dataclasses
from pathlib import Path

import keras
import pytest

from albert_tf import AlbertConfig, AlbertForPreTraining
from albert_tf.train import pretrain_run
from albert_tf.train.pretrain import pretrain
from albert_tf.train.pretrain_model import compiled_model


@pytest.fixture
def saved(tmp_path):
    """Returns a function that saves a small model that drops units."""

    def save(tokenizer=None, vocab_size=1000):
        config = AlbertConfig.from_preset("albert_edge_tiny").replace(
            vocab_size=vocab_size,
            hidden_dropout_prob=0.1,
            attention_probs_dropout_prob=0.1,
        )
        AlbertForPreTraining(config).save_pretrained(
            tmp_path / "model", tokenizer
        )
        return str(tmp_path / "model")

    return save


def test_dropout_of_a_model_is_what_was_asked_for(pretraining, saved):
    options = dataclasses.replace(pretraining, model=saved())
    kept = compiled_model(options, None).albert_config
    assert kept.hidden_dropout_prob == kept.attention_probs_dropout_prob == 0.1
    # Checkpointing refuses all but none.
    options = dataclasses.replace(
        options, dropout=0.0, gradient_checkpointing=True
    )
    asked = compiled_model(options, None).albert_config
    assert asked.hidden_dropout_prob == asked.attention_probs_dropout_prob == 0


def test_resumed_before_a_checkpoint_it_starts_from_counts(
    pretraining, monkeypatch, capsys
):
    def stop(self, logs=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(pretrain_run.Progress, "on_train_begin", stop)
    for is_resumed in (False, True):
        options = dataclasses.replace(
            pretraining, initial_weights="corpus", resume=is_resumed
        )
        with pytest.raises(KeyboardInterrupt):
            pretrain(options)
        out = capsys.readouterr().out
        assert "counting words" in out
        assert ("resuming after step 0" in out) == is_resumed


@pytest.mark.parametrize("length_buckets", [False, True])
def test_a_batch_that_the_text_cannot_fill(pretraining, length_buckets):
    pretrain(pretraining)
    options = dataclasses.replace(
        pretraining,
        batch_size=4096,
        length_buckets=length_buckets,
        overwrite=True,
    )
    with pytest.raises(ValueError, match="too few sequences for a batch of"):
        pretrain(options)
    # The earlier run is still there.
    AlbertForPreTraining.from_pretrained(pretraining.output)


def test_pieces_of_another_number(pretraining, saved):
    options = dataclasses.replace(pretraining, model=saved(vocab_size=1500))
    with pytest.raises(ValueError, match="has 1000 pieces, the model 1500"):
        pretrain(options)
    # It was seen before the training, not when the model was to be kept.
    assert not Path(pretraining.output).exists()


def test_other_pieces_in_a_file_of_another_name(
    pretraining, saved, small_tokenizer, tmp_path
):
    options = dataclasses.replace(pretraining, model=saved())
    path = tmp_path / "model" / "30k-clean.model"
    path.write_bytes(small_tokenizer.model_proto)
    pretrain(options)
    # One field more, the name of a file that it was trained on.
    path.write_bytes(small_tokenizer.model_proto + b"\x12\x03\x0a\x01x")
    options = dataclasses.replace(options, overwrite=True)
    with pytest.raises(ValueError, match="trained with another vocabulary"):
        pretrain(options)
    taken_on = dataclasses.replace(options, transfer_vocabulary=True)
    assert pretrain(taken_on)["step"] == options.steps


@pytest.mark.parametrize("strategy", ["mirrored", "multi-worker"])
@pytest.mark.parametrize(
    "device, message",
    [("cpu:0", "Leave --accumulation-steps out"), ("gpu:0", "Leave --jit no")],
)
def test_replicas_take_no_parts(
    pretraining, monkeypatch, strategy, device, message
):
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: [device])
    options = dataclasses.replace(
        pretraining, strategy=strategy, accumulation_steps=2, jit="no"
    )
    config = AlbertConfig.from_preset("albert_edge_tiny")
    with pytest.raises(ValueError, match=message):
        compiled_model(options, config)


def test_devices_share_a_batch_evenly(pretraining, monkeypatch):
    devices = ["cpu:0", "cpu:1", "cpu:2"]
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: devices)
    options = dataclasses.replace(pretraining, strategy="data-parallel")
    config = AlbertConfig.from_preset("albert_edge_tiny")
    with pytest.raises(ValueError, match="3 devices cannot share 4 sequences"):
        compiled_model(options, config)
