"""The forward pass in NumPy, written from the paper and its appendix.

Reads tensors under Hugging Face's names and shares no code with the project.
"""

import numpy as np


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def norm(x, tensors, name):
    centred = x - x.mean(-1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
    scale, shift = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
    return centred / deviation * scale + shift


def dense(x, tensors, name):
    return x @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]


def softmax(x):
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def attention(x, mask, tensors, name, num_heads):
    batch, length, width = x.shape
    head = width // num_heads
    query, key, value = (
        dense(x, tensors, f"{name}.{part}")
        .reshape(batch, length, num_heads, head)
        .transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(head)
    scores = scores - 10000.0 * (1 - mask[:, None, None, :])
    context = (softmax(scores) @ value).transpose(0, 2, 1, 3)
    return dense(context.reshape(x.shape), tensors, f"{name}.dense")


def layer(x, mask, tensors, name, num_heads):
    attended = attention(x, mask, tensors, f"{name}.attention", num_heads)
    x = norm(x + attended, tensors, f"{name}.attention.LayerNorm")
    inner = gelu(dense(x, tensors, f"{name}.ffn"))
    x = x + dense(inner, tensors, f"{name}.ffn_output")
    return norm(x, tensors, f"{name}.full_layer_layer_norm")


def encode(tensors, config, token_ids, segment_ids, padding_mask):
    """Returns (list of hidden states by depth, pooled output), in float64."""
    tensors = {k: np.asarray(v, np.float64) for k, v in tensors.items()}
    words = tensors["albert.embeddings.word_embeddings.weight"][token_ids]
    positions = tensors["albert.embeddings.position_embeddings.weight"]
    segments = tensors["albert.embeddings.token_type_embeddings.weight"]
    x = words + positions[: token_ids.shape[1]] + segments[segment_ids]
    x = norm(x, tensors, "albert.embeddings.LayerNorm")
    x = dense(x, tensors, "albert.encoder.embedding_hidden_mapping_in")
    states = [x]
    for depth in range(config.num_hidden_layers):
        group = int(
            depth / (config.num_hidden_layers / config.num_hidden_groups)
        )
        for inner in range(config.inner_group_num):
            name = f"albert.encoder.albert_layer_groups.{group}"
            name = f"{name}.albert_layers.{inner}"
            heads = config.num_attention_heads
            states.append(layer(states[-1], padding_mask, tensors, name, heads))
    pooled = np.tanh(dense(states[-1][:, 0], tensors, "albert.pooler"))
    return states, pooled
