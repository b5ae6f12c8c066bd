"""`pytorch_model.bin` is read without torch, and never run."""

import collections
import io
import pickle
import zipfile

import numpy as np
import pytest

from albert_tf.checkpoints.torch_file import read_torch_file
from tests.checkpoints.torch_pickle import (
    Call,
    Storage,
    tensor,
    write,
    write_state,
)


def test_torch_file_gives_tensors_with_their_strides(tmp_path):
    values = np.arange(12, dtype=np.float32)
    state = {
        "whole": tensor(Storage("0", 12), 0, (3, 4), (4, 1)),
        "turned": tensor(Storage("0", 12), 4, (4, 2), (1, 4)),
    }
    write(tmp_path / "m.bin", state, {"0": values})
    got = read_torch_file(tmp_path / "m.bin")
    np.testing.assert_array_equal(got["whole"], values.reshape(3, 4))
    expected = values.reshape(3, 4)[1:].T
    np.testing.assert_array_equal(got["turned"], expected)


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("builtins", "eval"), ("torch", "load")],
)
def test_malicious_pickle_is_not_run(tmp_path, module, name):
    command = f"touch {tmp_path / 'ran'}"
    state = {"a": Call(module, name, (command,))}
    write(tmp_path / "m.bin", state, {})
    with pytest.raises(ValueError, match=f"asks to run {module}.{name}"):
        read_torch_file(tmp_path / "m.bin")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("offset", "shape", "stride"),
    [
        (10, (3,), (1,)),
        (0, (3, 9), (4, 1)),
        (-1, (2,), (1,)),
        (5, (3,), (-2,)),
        (0, (-3,), (1,)),
        (0, (3, 2), (1,)),
        (0, (2.5,), (1,)),
        # One number repeated until the memory is full.
        (0, (10**12,), (0,)),
    ],
)
def test_tensor_outside_its_storage_is_refused(tmp_path, offset, shape, stride):
    state = {"a": tensor(Storage("0", 12), offset, shape, stride)}
    write(tmp_path / "m.bin", state, {"0": np.zeros(12, np.float32)})
    with pytest.raises(ValueError, match="lies outside its storage"):
        read_torch_file(tmp_path / "m.bin")


def test_pickle_cannot_change_what_stands_in(tmp_path):
    # BUILD sets attributes of any object: here of the function that the
    # next file would be read with.
    call = b"ctorch._utils\n_rebuild_tensor_v2\n"
    attributes = b"(N(V__defaults__\n(I7\nI7\nI7\nI7\ntdtb"
    with zipfile.ZipFile(tmp_path / "m.bin", "w") as archive:
        data = b"\x80\x02(Va\n" + call + attributes + b"d."
        archive.writestr("archive/data.pkl", data)
    assert read_torch_file(tmp_path / "m.bin") == {}
    values = np.arange(4, dtype=np.float32)
    write_state(tmp_path / "n.bin", {"a": values})
    np.testing.assert_array_equal(
        read_torch_file(tmp_path / "n.bin")["a"], values
    )


def test_storage_that_is_missing_is_named(tmp_path):
    state = {"a": tensor(Storage("0", 12), 0, (3,), (1,))}
    write(tmp_path / "m.bin", state, {})
    with pytest.raises(ValueError, match="cannot be read as tensors"):
        read_torch_file(tmp_path / "m.bin")


@pytest.mark.parametrize("content", [b"", b"\x80\x02}q\x00.", b"PK\x03\x04 no"])
def test_foreign_torch_files_are_named(tmp_path, content):
    (tmp_path / "m.bin").write_bytes(content)
    with pytest.raises(ValueError, match="in torch's format from before"):
        read_torch_file(tmp_path / "m.bin")


def test_torch_file_without_tensors_is_named(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a/data.pkl", pickle.dumps(collections.OrderedDict()))
        archive.writestr("b/data.pkl", b"")
    (tmp_path / "m.bin").write_bytes(buffer.getvalue())
    with pytest.raises(ValueError, match="is no torch file"):
        read_torch_file(tmp_path / "m.bin")
