"""What all models share: a configuration, saving, loading."""

import keras

from albert_tf.config import AlbertConfig

# Set by `albert_tf.checkpoints`, which knows the file formats; models do not.
checkpoint_io = {}


class PretrainedModel(keras.Model):
    """A `keras.Model` that carries an `AlbertConfig`. Abstract.

    Subclasses build all their weights in `__init__`, so that a checkpoint
    can be loaded before the first call.

    Args:
        config: AlbertConfig.

    Raises:
        ValueError: `config` is something else.
    """

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(config, AlbertConfig):
            raise ValueError(
                "`config` must be an AlbertConfig. Received: "
                f"{type(config).__name__}. Use "
                'AlbertConfig.from_preset("albert_base_v2"), or '
                "`from_pretrained` for a model with weights."
            )
        self.albert_config = config

    def build(self, input_shape=None):
        self.built = True

    @classmethod
    def from_pretrained(cls, source, **kwargs):
        """Loads a model with its weights.

        A head of another task, or for other labels than are asked for,
        starts anew; a line of the logger `albert_tf` names it, and what was
        left out of the source. Anything else that does not match fails.

        Args:
            source: a directory of ours or of Hugging Face (`config.json`
                with `model.safetensors`, `pytorch_model.bin` or
                `tf_model.h5`), of Google (`albert_config.json` with
                `model.ckpt-*`; also the path that the latter share) or of
                KerasHub; a Keras 2 `.h5` or `.weights.h5` file with
                `config.json` beside it; `hf://NAME` or `keras_hub://NAME`
                when online; a live KerasHub backbone or tf-keras TFAlbert*
                model.
            **kwargs: of the constructor, such as `num_labels`, or a dropout
                rate of the configuration, such as `hidden_dropout_prob`;
                they override what the source says.

        Returns:
            a model of this class.

        Raises:
            ValueError: the source is missing, broken or of another size;
                weights other than a new head are missing or left over (both
                lists are given); its head gives a text several labels.
        """
        return _io("load")(cls, source, **kwargs)

    def save_pretrained(self, directory, tokenizer=None):
        """Writes `config.json`, `model.safetensors` and the tokenizer.

        The directory is one that Hugging Face transformers loads.

        Args:
            directory: path; made if missing. Files in it are replaced, each
                at once; then an earlier model's `pytorch_model.bin` and
                `tf_model.h5` are removed.
            tokenizer: AlbertTokenizer or None.

        Raises:
            ValueError: the tokenizer is of another model.
        """
        _io("save")(self, directory, tokenizer)

    def get_config(self):
        return {
            "name": self.name,
            "dtype": self.dtype_policy.name,
            "config": self.albert_config.to_dict(),
            "frozen": [n for n, p in _parts(self) if not p.trainable],
            "checkpointed": [n for n, p in _parts(self) if _is_checkpointed(p)],
        }

    @classmethod
    def from_config(cls, config):
        fields = dict(config)
        # Files of earlier releases say nothing of these.
        frozen = fields.pop("frozen", None)
        checkpointed = fields.pop("checkpointed", ())
        model = cls(AlbertConfig.from_dict(fields.pop("config")), **fields)
        for name, part in _parts(model):
            if frozen is not None:
                part.trainable = name not in frozen
            if name in checkpointed:
                part.gradient_checkpointing = True
        return model


def _parts(model, name="model"):
    """Yields names and layers that may be frozen, a model before its own.

    Subtle: to freeze a model freezes all in it, hence the order. Names are
    attributes: those that Keras gives a layer differ between processes.
    """
    yield name, model
    for attribute, value in vars(model).items():
        if attribute.startswith("_"):
            continue
        inner = f"{name}.{attribute}"
        layers = {inner: value}
        if isinstance(value, list):
            layers = {f"{inner}[{i}]": v for i, v in enumerate(value)}
        for path, layer in layers.items():
            if isinstance(layer, PretrainedModel):
                yield from _parts(layer, path)
            elif isinstance(layer, keras.layers.Layer):
                yield path, layer


def _is_checkpointed(part):
    """Whether a part computes activations again instead of keeping them."""
    return getattr(part, "gradient_checkpointing", False)


def _io(action):
    if action not in checkpoint_io:
        raise ValueError(
            "File formats are not loaded. Import models from `albert_tf` "
            "itself: `from albert_tf import AlbertForSequenceClassification`."
        )
    return checkpoint_io[action]
