"""Puts a flatbuffer, its tokenizer and its facts into one file."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from albert_tf.edge import bundle as reader
from albert_tf.edge.manifest import Manifest

# A fixed time makes the same model give the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_PIECE_BYTES = 16 * 1024


def parts(tokenizer_proto: bytes, labels: list[str]) -> dict[str, bytes]:
    """Returns the files of a bundle beside its manifest, by name."""
    files = {reader.TOKENIZER_FILE: tokenizer_proto}
    if labels:
        text = "".join(f"{label}\n" for label in labels)
        files[reader.LABELS_FILE] = text.encode("utf-8")
    return files


def digests(model: bytes, files: dict[str, bytes]) -> dict[str, str]:
    """Returns the sha256 of every part, as the manifest holds them."""
    return {
        reader.MODEL_PART: reader.digest(model),
        **{name: reader.digest(data) for name, data in files.items()},
    }


def write_in_pieces(path: Path, data: bytes) -> None:
    """Writes a file as a download does, some pages at a time.

    One large write makes Linux cache it in large folios, and a runtime that
    maps the file then holds pages that it never reads.
    """
    with open(path, "wb", buffering=0) as file:
        for start in range(0, len(data), _PIECE_BYTES):
            file.write(data[start : start + _PIECE_BYTES])


def write(
    path: str | os.PathLike[str],
    model: bytes,
    files: dict[str, bytes],
    manifest: Manifest,
    *,
    is_compressed: bool = True,
) -> None:
    """Writes the flatbuffer with a zip of the other parts appended.

    Args:
        path: of the new file.
        model: the flatbuffer.
        files: name to bytes, as `parts` returns them.
        manifest: Manifest.
        is_compressed: bool. False for readers that map the files as they
            lie.

    Source: the TFLite Metadata convention for associated files.
    """
    entries = {
        reader.MANIFEST_FILE: manifest.to_json().encode("utf-8"),
        **files,
    }
    target = Path(path)
    write_in_pieces(target, model)
    with zipfile.ZipFile(target, "a") as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, _TIME)
            if is_compressed:
                info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=9)
