"""The pieces read from a model's bytes are those SentencePiece has."""

import numpy as np
import pytest
import sentencepiece

from albert_tf.text import spiece_proto


@pytest.mark.parametrize("name", ["small_model", "albert_model"])
def test_pieces(name, request):
    model = request.getfixturevalue(name).read_bytes()
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    pieces = spiece_proto.read_pieces(model)
    assert len(pieces) == processor.get_piece_size()
    for index, piece in enumerate(pieces):
        assert piece.text == processor.id_to_piece(index)
        assert np.float32(piece.score) == processor.get_score(index)
        is_unknown = piece.kind == spiece_proto.UNKNOWN
        assert is_unknown == processor.is_unknown(index)
    symbols = [p.text for p in pieces if p.kind == spiece_proto.USER_DEFINED]
    assert symbols == ["(", ")", '"', "-", ".", "–", "£", "€"]
    assert spiece_proto.is_plain_unigram(model)


def test_without_normal_pieces(small_model):
    model = small_model.read_bytes()
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    bare = sentencepiece.SentencePieceProcessor(
        model_proto=spiece_proto.without_normal_pieces(model)
    )
    assert bare.get_piece_size() == 14
    for text in ("A  b\u2026", "\uff11\uff0c", "e\u0301", "(\u00a35)", ""):
        assert bare.normalize(text) == processor.normalize(text)
