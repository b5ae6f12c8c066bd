"""The models that several benchmarks measure."""

from benchmarks.runs import write


def export_ours(folder, config):
    """Exports a classifier of new weights as for `cpu`, in dynamic int8.

    Args:
        folder: Path to write to.
        config: AlbertConfig.

    Returns:
        Path of the flatbuffer; nothing is appended to it.
    """
    from albert_tf import AlbertForSequenceClassification
    from export import graph, quantize
    from export.targets import find_target

    model = AlbertForSequenceClassification(config, num_labels=2)
    name = f"layers_{config.num_hidden_layers}"
    graph.ExportGraph(model).save(folder / name)
    target = find_target("cpu")
    flat = quantize.convert(folder / name, target, "dynamic_int8")
    flat = quantize.finish(flat, target, "dynamic_int8", model, [])
    return write(folder / f"{name}.tflite", flat)


def keras_hub_backbone(config):
    """Returns KerasHub's ALBERT of the same sizes and dropout."""
    import keras_hub

    return keras_hub.models.AlbertBackbone(
        vocabulary_size=config.vocab_size,
        num_layers=config.num_hidden_layers,
        num_heads=config.num_attention_heads,
        embedding_dim=config.embedding_size,
        hidden_dim=config.hidden_size,
        intermediate_dim=config.intermediate_size,
        max_sequence_length=config.max_position_embeddings,
        dropout=config.hidden_dropout_prob,
    )
