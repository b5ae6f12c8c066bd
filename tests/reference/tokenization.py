"""ALBERT's tokenizer as google-research/albert wrote it, for Python 3.

Line by line after `tokenization.py` there (Apache-2.0), with what only
Python 2 needed left out. Nothing of albert_tf is used: this is what it is
held against. `run_classifier.py` and its kin call `preprocess_text` first
and hand the result to `encode_pieces`.
"""

import unicodedata

SPIECE_UNDERLINE = "\u2581"


def preprocess_text(inputs, remove_space=True, lower=False):
    """Cleans text; NFKD, without combining marks."""
    outputs = inputs
    if remove_space:
        outputs = " ".join(inputs.strip().split())
    outputs = unicodedata.normalize("NFKD", outputs)
    outputs = "".join([c for c in outputs if not unicodedata.combining(c)])
    if lower:
        outputs = outputs.lower()
    return outputs


def encode_pieces(sp_model, text):
    """Turns cleaned text into pieces; splits those ending in digit + comma."""
    pieces = sp_model.EncodeAsPieces(text)
    new_pieces = []
    for piece in pieces:
        if len(piece) > 1 and piece[-1] == "," and piece[-2].isdigit():
            cur_pieces = sp_model.EncodeAsPieces(
                piece[:-1].replace(SPIECE_UNDERLINE, "")
            )
            if (
                piece[0] != SPIECE_UNDERLINE
                and cur_pieces[0][0] == SPIECE_UNDERLINE
            ):
                if len(cur_pieces[0]) == 1:
                    cur_pieces = cur_pieces[1:]
                else:
                    cur_pieces[0] = cur_pieces[0][1:]
            cur_pieces.append(piece[-1])
            new_pieces.extend(cur_pieces)
        else:
            new_pieces.append(piece)
    return new_pieces


def encode_ids(sp_model, pieces):
    """Returns the ids of pieces."""
    return [sp_model.PieceToId(piece) for piece in pieces]


def truncate_seq_pair(tokens_a, tokens_b, max_length):
    """Cuts a pair in place, as `classifier_utils._truncate_seq_pair`."""
    while True:
        total_length = len(tokens_a) + len(tokens_b)
        if total_length <= max_length:
            break
        if len(tokens_a) > len(tokens_b):
            tokens_a.pop()
        else:
            tokens_b.pop()
