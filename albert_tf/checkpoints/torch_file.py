"""Reads `pytorch_model.bin` without torch, and without running it.

The file is a zip of a pickle and of raw numbers. A pickle may name any
function to call; the one here may name only those that rebuild a tensor, and
ours stand in for them. Everything else is refused before it is looked up.
"""

import collections
import os
import pickle
import zipfile

import numpy as np

_DTYPES = {
    "FloatStorage": np.dtype("<f4"),
    "HalfStorage": np.dtype("<f2"),
    "DoubleStorage": np.dtype("<f8"),
    "LongStorage": np.dtype("<i8"),
    "IntStorage": np.dtype("<i4"),
    "BFloat16Storage": np.dtype("<u2"),
}


def read_torch_file(path):
    """Returns the tensors of a file that `torch.save` wrote.

    Args:
        path: of a state dict in torch's zip format (torch 1.6 and later).

    Returns:
        dict of name to numpy array; half precision becomes float32.

    Raises:
        ValueError: the file is broken, in the older format, or names
            anything but tensors.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_archive(path, archive)
    except zipfile.BadZipFile as error:
        raise ValueError(
            f"{os.fspath(path)} is broken, or in torch's format from before "
            "1.6. Copy it again, or load it in torch and save it as "
            "model.safetensors."
        ) from error


def _read_archive(path, archive):
    names = [n for n in archive.namelist() if n.endswith("/data.pkl")]
    if len(names) != 1:
        raise ValueError(
            f"{os.fspath(path)} is no torch file: it holds no data.pkl. "
            "Expected what torch.save wrote."
        )
    folder = names[0].removesuffix("data.pkl")
    with archive.open(names[0]) as file:
        unpickler = _TensorUnpickler(file, archive, folder, path)
        try:
            state = unpickler.load()
        except (
            pickle.UnpicklingError,
            AttributeError,
            EOFError,
            IndexError,
            KeyError,
            TypeError,
        ) as error:
            raise ValueError(
                f"{os.fspath(path)} cannot be read as tensors: {error}. Copy "
                "it again, or convert it to model.safetensors."
            ) from error
    if not isinstance(state, dict):
        raise ValueError(
            f"{os.fspath(path)} holds a {type(state).__name__}. Expected a "
            "state dict, name to tensor."
        )
    return {k: v for k, v in state.items() if isinstance(v, np.ndarray)}


class _TensorUnpickler(pickle.Unpickler):
    """Rebuilds tensors as numpy arrays and refuses all other names."""

    def __init__(self, file, archive, folder, path):
        super().__init__(file)
        self._archive = archive
        self._folder = folder
        self._path = path
        self._allowed = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
            ("torch._utils", "_rebuild_parameter"): lambda data, *_: data,
            **{("torch", name): dtype for name, dtype in _DTYPES.items()},
        }

    def find_class(self, module, name):
        if (module, name) not in self._allowed:
            raise ValueError(
                f"{os.fspath(self._path)} asks to run {module}.{name}, which "
                "is no part of a tensor; nothing was run. Do not trust this "
                "file; ask for model.safetensors."
            )
        return self._allowed[module, name]

    def persistent_load(self, pid):
        kind, dtype, key, _, count = pid
        if kind != "storage":
            raise pickle.UnpicklingError(f"unknown reference {kind!r}")
        data = self._archive.read(f"{self._folder}data/{key}")
        values = np.frombuffer(data, dtype, count=count)
        if dtype == _DTYPES["BFloat16Storage"]:
            return (values.astype(np.uint32) << 16).view(np.float32)
        if dtype.itemsize != 4 and dtype.kind == "f":
            return values.astype(np.float32)
        return values


def _rebuild_tensor(storage, offset, shape, stride, *_):
    last = offset + sum((n - 1) * s for n, s in zip(shape, stride))
    if offset < 0 or min(stride, default=0) < 0 or last >= max(1, storage.size):
        raise pickle.UnpicklingError("a tensor lies outside its storage")
    strides = [step * storage.itemsize for step in stride]
    view = np.lib.stride_tricks.as_strided(
        storage[offset:], shape, strides, writeable=False
    )
    return np.array(view)
