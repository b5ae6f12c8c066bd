"""Takes a pretrained model on to another vocabulary.

What a model knows of language is in its layer as much as in its table of
pieces: with a vocabulary for other text it need not start anew.
"""

import numpy as np

from albert_tf import AlbertForPreTraining
from albert_tf.checkpoints.names import named_variables
from albert_tf.text.spiece_proto import USER_DEFINED, read_pieces
from albert_tf.train.corpus_start import frequency_bias

_TABLE = "albert.embeddings.word_embeddings.weight"
_BIAS = "predictions.bias"


def transfer_vocabulary(model, old_tokenizer, tokenizer, counts):
    """Returns a model of the same weights for another vocabulary.

    1. A piece that both have keeps its vector; any other begins at the mean
       of the vectors of the old pieces that its text is made of.
    2. The masked LM begins with the frequency of each piece.
    3. All else is copied.

    Args:
        model: AlbertForPreTraining.
        old_tokenizer: AlbertTokenizer that it was trained with.
        tokenizer: AlbertTokenizer of its own kind, lower case or not.
        counts: int[V]. How often each new piece occurs in the corpus.

    Returns:
        AlbertForPreTraining, with V pieces.

    Source: Gee et al., Fast Vocabulary Transfer for Language Model
    Compression, EMNLP 2022, arXiv:2402.09977 section 3.
    """
    config = model.albert_config.replace(vocab_size=tokenizer.vocab_size)
    new = AlbertForPreTraining(config, dtype=model.dtype_policy)
    values = {v.hugging_face: v.to_array() for v in named_variables(model)}
    table = values[_TABLE]
    parts = parts_of_pieces(old_tokenizer, tokenizer)
    values[_TABLE] = np.stack([table[ids].mean(0) for ids in parts])
    values[_BIAS] = frequency_bias(counts)
    for variable in named_variables(new):
        variable.assign(values[variable.hugging_face])
    return new


def parts_of_pieces(old_tokenizer, tokenizer):
    """Returns the old ids that make up each new piece, as lists of int."""
    old = read_pieces(old_tokenizer.model_proto)
    ids = {piece.text: number for number, piece in enumerate(old)}
    scores = {
        # SentencePiece does not score these: they win wherever they match.
        piece.text: 0.0 if piece.kind == USER_DEFINED else piece.score
        for piece in old
    }
    return [
        [ids[piece.text]]
        if piece.text in ids
        else [
            ids.get(part, old_tokenizer.unk_id)
            for part in _segment(piece.text, scores)
        ]
        for piece in read_pieces(tokenizer.model_proto)
    ]


def _segment(text, scores):
    """Returns the parts of a text with the highest sum of scores.

    A character without a score is a part of its own, below all others.
    """
    lowest = min(scores.values()) - 10.0
    longest = max(map(len, scores))
    best = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        candidates = [
            (best[begin][0] + scores.get(text[begin:end], lowest), begin)
            for begin in range(max(0, end - longest), end)
            if text[begin:end] in scores or begin == end - 1
        ]
        best.append(max(candidates))
    parts, end = [], len(text)
    while end:
        begin = best[end][1]
        parts.append(text[begin:end])
        end = begin
    return parts[::-1]
