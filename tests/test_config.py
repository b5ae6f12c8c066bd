"""Configurations are strict, and mean the same as in the published files."""

import json
import re

import pytest

from albert_tf.config import PRESETS, AlbertConfig

# hidden size, layers, heads, feed-forward width: arXiv:1909.11942 table 1.
PUBLISHED = {
    "base": (768, 12, 12, 3072),
    "large": (1024, 24, 16, 4096),
    "xlarge": (2048, 24, 16, 8192),
    "xxlarge": (4096, 12, 64, 16384),
}
# The keys of Google's albert_config.json for version 2.
GOOGLE = {
    "attention_probs_dropout_prob": 0,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0,
    "embedding_size": 128,
    "hidden_size": 768,
    "initializer_range": 0.02,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
    "num_attention_heads": 12,
    "num_hidden_layers": 12,
    "num_hidden_groups": 1,
    "net_structure_type": 0,
    "gap_size": 0,
    "num_memory_blocks": 0,
    "inner_group_num": 1,
    "down_scale_factor": 1,
    "type_vocab_size": 2,
    "ln_type": "postln",
    "vocab_size": 30000,
}


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("size", PUBLISHED)
def test_presets_have_the_published_sizes(size, version):
    config = AlbertConfig.from_preset(f"albert_{size}_{version}")
    sizes = (
        config.hidden_size,
        config.num_hidden_layers,
        config.num_attention_heads,
        config.intermediate_size,
    )
    assert sizes == PUBLISHED[size]
    assert (config.vocab_size, config.embedding_size) == (30000, 128)
    has_dropout = version == "v1" and size != "xxlarge"
    assert config.hidden_dropout_prob == (0.1 if has_dropout else 0.0)


def test_every_preset_is_valid():
    for name in PRESETS:
        AlbertConfig.from_preset(name)


def test_google_and_hugging_face_files_agree(tmp_path):
    google = tmp_path / "albert_config.json"
    google.write_text(json.dumps(GOOGLE))
    config = AlbertConfig.from_json(google)
    assert config == AlbertConfig.from_preset("albert_base_v2")
    ours = tmp_path / "config.json"
    ours.write_text(json.dumps(config.to_dict()))
    assert AlbertConfig.from_json(ours) == config


def test_gelu_means_what_each_publisher_meant():
    assert AlbertConfig.from_dict({"hidden_act": "gelu"}).hidden_act == (
        "gelu_new"
    )
    fields = {"model_type": "albert", "hidden_act": "gelu"}
    assert AlbertConfig.from_dict(fields).hidden_act == "gelu"


@pytest.mark.reference
def test_transformers_reads_ours_and_writes_for_us(tmp_path):
    transformers = pytest.importorskip("transformers")
    theirs = transformers.AlbertConfig(
        hidden_size=64, num_attention_heads=4, num_labels=3
    )
    theirs.save_pretrained(tmp_path)
    config = AlbertConfig.from_json(tmp_path / "config.json")
    for name, value in config.to_dict().items():
        assert getattr(theirs, name) == value, name
    (tmp_path / "config.json").write_text(json.dumps(config.to_dict()))
    again = transformers.AlbertConfig.from_pretrained(tmp_path)
    assert again.hidden_size == 64


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"hidden_size": 770, "num_attention_heads": 12},
            "Received: hidden_size=770, num_attention_heads=12. "
            "Use hidden_size=768, or another number of heads.",
        ),
        (
            {"num_hidden_layers": 12, "num_hidden_groups": 5},
            "Received: num_hidden_layers=12, num_hidden_groups=5.",
        ),
        ({"vocab_size": 0}, "`vocab_size` must be a whole number of 1 or"),
        ({"vocab_size": 10.5}, "Received: vocab_size=10.5"),
        ({"hidden_size": True}, "Received: hidden_size=True"),
        ({"hidden_act": "swish"}, "Received: hidden_act='swish'"),
        ({"hidden_dropout_prob": 1.0}, "must be at least 0 and below 1"),
        ({"layer_norm_eps": 0.0}, "`layer_norm_eps` must be above 0"),
        ({"initializer_range": "x"}, "`initializer_range` must be a number"),
    ],
)
def test_inconsistent_fields_are_refused(fields, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        AlbertConfig(**fields)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"hiden_size": 768}', "Unknown configuration keys: hiden_size"),
        ('{"model_type": "bert"}', "`model_type` must be 'albert'"),
        ('{"ln_type": "preln"}', "`ln_type` must be 'postln'"),
        ("[1]", "must be a JSON object. Received: list"),
        ("{", "Cannot read a configuration from"),
        ('{"vocab_size": "many"}', "Received: vocab_size='many'"),
        ('{"hidden_dropout_prob": "many"}', "must be a number"),
    ],
)
def test_broken_files_are_named(tmp_path, text, message):
    path = tmp_path / "config.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message) as error:
        AlbertConfig.from_json(path)
    assert str(path) in str(error.value)


def test_missing_file_and_preset_are_named(tmp_path):
    with pytest.raises(ValueError, match="none.json: .*Expected the `config"):
        AlbertConfig.from_json(tmp_path / "none.json")
    with pytest.raises(ValueError, match="No preset is named 'bert'"):
        AlbertConfig.from_preset("bert")


def test_configuration_cannot_be_changed():
    config = AlbertConfig()
    with pytest.raises(AttributeError):
        config.hidden_size = 1
    assert config.replace(hidden_size=1536).hidden_size == 1536
