"""First weights of a pretraining that already know what counting can tell.

A random model spends most of a small budget on finding out which words are
alike and where its neighbours stand. Both can be had at once: vectors of
words by counting, and heads that look one word back and one ahead by
positions that are waves, as in the first Transformer.
"""

import numpy as np

# Share of the embedding that tells positions, and of its squared length once
# it is normalized.
_POSITION_SHARE = 0.25
_POSITION_ENERGY = 0.31
_WAVELENGTHS = (4.0, 400.0)  # In tokens.
# A head that sees longer waves alone looks at a window of about this size.
_WINDOW = 30.0
# Highest score of a head that looks at one place, before the softmax.
_PEAK = 12.0
_EMBEDDING_RANGE = 0.05
# Standard deviations are these, by the square root of the width.
_SPREAD = 0.6
_VALUE_SPREAD = 0.9


def start_from_corpus(model, vectors, counts, seed):
    """Sets the weights of a new model before its first step.

    1. Words get the vectors in a part of the embedding, positions sine and
       cosine waves in the rest, both turned at random.
    2. Half of the heads look at neighbours: one back, one ahead, two back
       and so on; a quarter at a window around the token; the others at what
       training finds.
    3. Other matrices are scaled to the width, and the masked LM begins with
       the frequency of each word.

    Args:
        model: AlbertForPreTraining.
        vectors: float[V, num_word_dimensions(config)], a root mean square of
            1 in each row.
        counts: int[V]. How often each word occurs.
        seed: int.

    Source: Trockman and Kolter, Mimetic Initialization of Self-Attention
    Layers, arXiv:2305.09828, for weights that look like trained ones; waves
    after arXiv:1706.03762 section 3.5.
    """
    generator = np.random.default_rng(seed)
    config = model.albert_config
    encoder = model.encoder
    embeddings = encoder.embeddings
    waves = _Waves(config)
    basis = _orthonormal(generator, config.embedding_size)
    of_position = basis[: 2 * waves.number]
    of_word = basis[2 * waves.number :]
    words = np.sqrt((1 - _POSITION_ENERGY) / len(of_word)) * vectors
    positions = np.sqrt(_POSITION_ENERGY / waves.number) * waves.table()
    norm = _EMBEDDING_RANGE * np.sqrt(config.embedding_size)
    embeddings.word_embeddings.embeddings.assign(norm * words @ of_word)
    embeddings.position_embeddings.embeddings.assign(
        norm * positions @ of_position
    )
    segments = embeddings.segment_embeddings.embeddings
    _scale(segments, 0.3 * _EMBEDDING_RANGE)
    width = max(config.embedding_size, config.hidden_size)
    turn = _orthonormal(generator, width)
    projection = turn[: config.embedding_size, : config.hidden_size]
    gain = np.sqrt(max(1.0, config.hidden_size / config.embedding_size))
    embeddings.projection.kernel.assign(gain * projection)
    for layer in encoder.transformer_layers:
        _set_layer(layer, waves, of_position @ projection)
    for kernel in (encoder.pooler.kernel, model.masked_lm.dense.kernel):
        _scale(kernel, _SPREAD / np.sqrt(config.hidden_size))
    model.masked_lm.bias.assign(frequency_bias(counts))


def frequency_bias(counts):
    """Returns the masked LM's bias of a model that knows frequencies alone.

    Args:
        counts: int[V].

    Returns:
        float[V], with a mean of 0.
    """
    chances = np.log((counts + 1) / (counts + 1).sum())
    return chances - chances.mean()


def num_word_dimensions(config):
    """Returns the dimensions of an embedding that positions leave."""
    return config.embedding_size - 2 * _num_waves(config)


def _num_waves(config):
    head_size = config.hidden_size // config.num_attention_heads
    share = int(config.embedding_size * _POSITION_SHARE) // 2
    return max(1, min(share, head_size // 2))


class _Waves:
    """Sine and cosine of positions, in pairs of dimensions."""

    def __init__(self, config):
        self.number = _num_waves(config)
        self.lengths = np.geomspace(*_WAVELENGTHS, self.number)
        self._num_positions = config.max_position_embeddings

    def table(self):
        """Returns float[positions, 2 * number], each pair of length 1."""
        angles = np.arange(self._num_positions)[:, None] * self._steps()
        pairs = np.stack([np.sin(angles), np.cos(angles)], -1)
        return pairs.reshape(self._num_positions, -1)

    def ahead(self, offset):
        """Returns what turns a position's waves into those `offset` on."""
        angles = offset * self._steps()
        turn = np.zeros((2 * self.number, 2 * self.number))
        even = np.arange(0, 2 * self.number, 2)
        turn[even, even] = turn[even + 1, even + 1] = np.cos(angles)
        turn[even + 1, even] = np.sin(angles)
        turn[even, even + 1] = -np.sin(angles)
        return turn

    def _steps(self):
        return 2 * np.pi / self.lengths


def _set_layer(layer, waves, of_position):
    """Sets heads that look at positions, and the size of all else.

    Args:
        layer: AlbertTransformerLayer.
        waves: _Waves.
        of_position: float[2 * waves, H]. Where the waves stand in a hidden
            state.
    """
    attention = layer.attention
    root = np.sqrt(attention.hidden_dim)
    for dense in (layer.intermediate, layer.output_projection):
        _scale(dense.kernel, _SPREAD / root)
    for dense in (attention.value, attention.output_projection):
        _scale(dense.kernel, _VALUE_SPREAD / root)
    for dense in (attention.query, attention.key):
        _scale(dense.kernel, _SPREAD / root)
    query, key = (
        np.array(dense.kernel) for dense in (attention.query, attention.key)
    )
    head_size = attention.hidden_dim // attention.num_heads
    energy = _POSITION_ENERGY * attention.hidden_dim
    strongest = np.sqrt(_PEAK * np.sqrt(head_size) / energy)
    for head, look in enumerate(looks(attention.num_heads)):
        at = slice(head * head_size, head * head_size + 2 * waves.number)
        strength = np.full(waves.number, strongest)
        if look == 0:
            strength[waves.lengths < _WINDOW] = 0
        sharp = np.repeat(strength, 2) * of_position.T
        key[:, at] = sharp
        query[:, at] = sharp @ waves.ahead(look)
    attention.query.kernel.assign(query)
    attention.key.kernel.assign(key)


def looks(num_heads):
    """Returns how far ahead heads look, 0 at a window; the others are free."""
    near = [(-1) ** (n + 1) * (n // 2 + 1) for n in range(num_heads // 2)]
    return near + [0] * (num_heads // 4)


def _orthonormal(generator, size):
    return np.linalg.qr(generator.normal(size=(size, size)))[0]


def _scale(variable, deviation):
    values = np.array(variable)
    variable.assign(values * (deviation / values.std()))
