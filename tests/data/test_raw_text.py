"""Files in parts: wherever they are cut, documents stay whole."""

import gzip

import pytest

from albert_tf.data import raw_text


def _texts(number):
    """Returns documents of one to three lines, all of them different."""
    return [
        "\n".join([f"Document {i}", "is " * (1 + i % 7), "here."][: 1 + i % 3])
        for i in range(number)
    ]


@pytest.mark.parametrize("num_bytes", [1, 10, 11, 12, 13, 40, 41, 1000])
@pytest.mark.parametrize("blank", ["\n\n", "\n \n", "\n\n  \n\n"])
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_cuts_part_no_document(tmp_path, monkeypatch, num_bytes, blank, name):
    monkeypatch.setattr(raw_text, "BLOCK_BYTES", num_bytes)
    texts = _texts(60)
    opened = gzip.open if name.endswith("gz") else open
    with opened(tmp_path / name, "wt") as file:
        file.write(blank.join(texts))
    sources = raw_text.find_sources([tmp_path / name])
    for num_workers in (1, 2, 3, 4, 8):
        parts = raw_text.cut(sources, num_workers)
        found = [
            document
            for part in parts
            for block in part.documents()
            for document in block
        ]
        if name.endswith("gz"):
            found.sort(key=texts.index)
        assert found == texts
