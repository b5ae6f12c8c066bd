"""Pages of the Python interface, from docstrings; nothing is imported."""

# Page: (title, what it holds, names). These are the names that a user's own
# code may rely on; tests/test_docstrings.py checks what is said of each.
PAGES = {
    "configuration": (
        "Configuration and tokenizer",
        "Needs numpy and sentencepiece alone.",
        (
            "albert_tf.config.AlbertConfig",
            "albert_tf.text.tokenizer.AlbertTokenizer",
            "albert_tf.text.tokenizer.Encoding",
        ),
    ),
    "models": (
        "Models",
        "Each is a `keras.Model`; import it from `albert_tf`. All have "
        "`from_pretrained` and `save_pretrained`.",
        (
            "albert_tf.models.pretrained.PretrainedModel",
            "albert_tf.models.encoder.AlbertEncoder",
            "albert_tf.models.pretraining.AlbertForPreTraining",
            "albert_tf.models.masked_lm.AlbertForMaskedLM",
            "albert_tf.models.sequence_classification."
            "AlbertForSequenceClassification",
            "albert_tf.models.token_classification.AlbertForTokenClassification",
            "albert_tf.models.question_answering.AlbertForQuestionAnswering",
            "albert_tf.models.multiple_choice.AlbertForMultipleChoice",
        ),
    ),
    "layers": (
        "Layers",
        "What models are made of, for models of your own. `keras.ops` alone: "
        "they run on TensorFlow and on JAX.",
        (
            "albert_tf.layers.embeddings.AlbertEmbeddings",
            "albert_tf.layers.attention.AlbertAttention",
            "albert_tf.layers.attention.attention_bias",
            "albert_tf.layers.transformer_layer.AlbertTransformerLayer",
            "albert_tf.layers.masked_lm_head.AlbertMaskedLMHead",
        ),
    ),
    "optim": (
        "Optimizers",
        "Import them from `albert_tf.optim`.",
        (
            "albert_tf.optim.lamb.AlbertLamb",
            "albert_tf.optim.adamw.AlbertAdamW",
            "albert_tf.optim.schedules.WarmUpPolynomialDecay",
            "albert_tf.optim.fine_tuning.fine_tuning_optimizer",
        ),
    ),
    "data": (
        "Data",
        "From files to what `fit` takes.",
        (
            "albert_tf.train.task_data.TaskData",
            "albert_tf.data.batches.BucketedBatches",
            "albert_tf.data.examples.Columns",
            "albert_tf.data.examples.Example",
            "albert_tf.data.examples.read_examples",
            "albert_tf.data.glue.read_glue",
            "albert_tf.data.squad.read_squad",
            "albert_tf.data.conll.read_conll",
            "albert_tf.data.choices.read_choices",
            "albert_tf.data.choices.read_race",
            "albert_tf.data.question_rows.question_rows",
            "albert_tf.text.windows.WindowSettings",
            "albert_tf.data.vocabulary.train_vocabulary",
            "albert_tf.data.vocabulary.VocabularyOptions",
            "albert_tf.data.prepare.prepare",
            "albert_tf.data.prepare_options.PrepareOptions",
            "albert_tf.data.corpus.Corpus",
            "albert_tf.data.segments.SegmentOptions",
            "albert_tf.data.masking.MaskingOptions",
            "albert_tf.data.pretraining.PretrainingBatches",
            "albert_tf.data.in_graph_text.AlbertTextPreprocessor",
        ),
    ),
    "train": (
        "Training",
        "What the `albert` command calls.",
        (
            "albert_tf.train.options.FineTuneOptions",
            "albert_tf.train.finetune.finetune",
            "albert_tf.train.apply.evaluate",
            "albert_tf.train.apply.predict",
            "albert_tf.train.pretrain_options.PretrainOptions",
            "albert_tf.train.pretrain.pretrain",
            "albert_tf.train.convert.convert",
            "albert_tf.train.fill.fill",
            "albert_tf.train.position_loss.PositionLoss",
            "albert_tf.train.serving.export_saved_model",
        ),
    ),
    "metrics": (
        "Scores",
        "Functions of numpy arrays.",
        (
            "albert_tf.metrics.classification.confusion_matrix",
            "albert_tf.metrics.classification.accuracy",
            "albert_tf.metrics.classification.f1_scores",
            "albert_tf.metrics.classification.matthews_correlation",
            "albert_tf.metrics.correlation.pearson",
            "albert_tf.metrics.correlation.spearman",
            "albert_tf.metrics.entities.entity_scores",
            "albert_tf.metrics.squad.squad_1_scores",
            "albert_tf.metrics.squad.squad_2_scores",
        ),
    ),
    "edge": (
        "On the device",
        "Import them from `albert_tf.edge`. Needs numpy, sentencepiece and "
        "one TFLite runtime.",
        (
            "albert_tf.edge.runner.Runner",
            "albert_tf.edge.classifier.Classifier",
            "albert_tf.edge.classifier.Classification",
            "albert_tf.edge.regressor.Regressor",
            "albert_tf.edge.regressor.Score",
            "albert_tf.edge.tagger.Tagger",
            "albert_tf.edge.tagger.Tagging",
            "albert_tf.edge.tagger.Tag",
            "albert_tf.edge.answerer.Answerer",
            "albert_tf.edge.answerer.Reply",
            "albert_tf.edge.chooser.Chooser",
            "albert_tf.edge.chooser.Choice",
            "albert_tf.edge.mask_filler.MaskFiller",
            "albert_tf.edge.mask_filler.Guess",
            "albert_tf.edge.bundle.Bundle",
            "albert_tf.edge.session.Session",
            "albert_tf.edge.runtime.find_runtime",
        ),
    ),
    "export": (
        "Export",
        "What `export/to_tflite.py` calls.",
        ("export.pipeline.export_model",),
    ),
}


def names():
    """Returns every name of the pages, as `package.module.name`."""
    return [name for _, _, names in PAGES.values() for name in names]


def pages():
    """Returns {path: Markdown}; mkdocstrings fills the names in."""
    return {
        f"python/{page}.md": "\n\n".join(
            [f"# {title}", text, *(f"::: {name}" for name in names)]
        )
        + "\n"
        for page, (title, text, names) in PAGES.items()
    }
