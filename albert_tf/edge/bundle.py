"""Opens a bundle: one `.tflite` file with its tokenizer inside."""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
import zlib
from pathlib import Path

from albert_tf.edge.manifest import Manifest
from albert_tf.text.tokenizer import AlbertTokenizer

MANIFEST_FILE = "albert.json"
TOKENIZER_FILE = "spiece.model"
LABELS_FILE = "labels.txt"
MODEL_PART = "model"

# What zipfile raises on bytes that were changed: streams that do not unpack,
# ways of packing that nobody used, names and sizes that cannot be.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


class Bundle:
    """A `.tflite` flatbuffer with a zip of its files appended.

    Args:
        path: of the file.

    Attributes:
        path: Path.
        manifest: Manifest.
        tokenizer: AlbertTokenizer.
        part_bytes: dict of part to its size in the file, in bytes; the parts
            are `"model"` and the names in the zip.

    Raises:
        ValueError: the file is missing, truncated, damaged, no TFLite file,
            has no bundle in it, or one of a newer format.

    Source: the TFLite Metadata convention for associated files.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        _check_flatbuffer(self.path)
        try:
            with zipfile.ZipFile(self.path) as archive:
                entries = archive.infolist()
                manifest = archive.read(MANIFEST_FILE).decode("utf-8")
                tokenizer = archive.read(TOKENIZER_FILE)
                self._labels = _read_labels(archive)
        except (zipfile.BadZipFile, KeyError, EOFError) as error:
            raise ValueError(
                f"{self.path} holds no tokenizer: it is a plain TFLite file, "
                "or was cut off while being copied. Expected a file that "
                "export/to_tflite.py wrote; copy or export it again."
            ) from error
        except _DAMAGE as error:
            raise ValueError(
                f"{self.path} is damaged: {error}. Copy or export it again."
            ) from error
        try:
            self.manifest = Manifest.from_json(manifest)
        except ValueError as error:
            raise ValueError(f"{self.path}: {error}") from error
        if self._labels != self.manifest.labels:
            raise ValueError(
                f"{self.path}: {LABELS_FILE} and {MANIFEST_FILE} disagree on "
                "the labels. Export the model again."
            )
        self.tokenizer = self._tokenizer(tokenizer)
        self.part_bytes = {
            MODEL_PART: min(entry.header_offset for entry in entries),
            **{entry.filename: entry.compress_size for entry in entries},
        }

    def _tokenizer(self, proto: bytes) -> AlbertTokenizer:
        try:
            return AlbertTokenizer(
                proto,
                do_lower_case=self.manifest.do_lower_case,
                keep_accents=self.manifest.keep_accents,
            )
        except ValueError as error:
            raise ValueError(
                f"{self.path}: its {TOKENIZER_FILE} is damaged, or not one "
                "of an ALBERT. Copy or export the file again."
            ) from error

    def check_digests(self) -> None:
        """Compares every part with the digest taken when it was written.

        Raises:
            ValueError: a part was changed.
        """
        with open(self.path, "rb") as file:
            digests = {
                MODEL_PART: digest(file.read(self.part_bytes[MODEL_PART]))
            }
        with zipfile.ZipFile(self.path) as archive:
            for name in set(archive.namelist()) - {MANIFEST_FILE}:
                try:
                    digests[name] = digest(archive.read(name))
                except _DAMAGE:
                    digests[name] = "unreadable"
        changed = sorted(
            name
            for name in {*digests, *self.manifest.sha256}
            if digests.get(name) != self.manifest.sha256.get(name)
        )
        if changed:
            raise ValueError(
                f"{self.path} was changed after it was written: "
                f"{', '.join(changed)} has another sha256. Copy or export "
                "it again."
            )


def digest(data: bytes) -> str:
    """Returns the sha256 of data as hex."""
    return hashlib.sha256(data).hexdigest()


def _check_flatbuffer(path: Path) -> None:
    try:
        with open(path, "rb") as file:
            head = file.read(8)
    except OSError as error:
        raise ValueError(
            f"Cannot read {path}: {error.strerror}. Expected a .tflite file "
            "that export/to_tflite.py wrote."
        ) from error
    if head[4:8] != b"TFL3":
        raise ValueError(
            f"{path} is not a TFLite file. Expected one that "
            "export/to_tflite.py wrote."
        )


def _read_labels(archive: zipfile.ZipFile) -> list[str]:
    if LABELS_FILE not in archive.namelist():
        return []
    return archive.read(LABELS_FILE).decode("utf-8").split("\n")[:-1]
