"""Reads `pytorch_model.bin` without torch, and without running it.

The file is a zip of a pickle and of raw numbers. A pickle may name any
function to call; the one here may name only those that rebuild a tensor, and
ours stand in for them. Everything else is refused before it is looked up.
What ours return are plain descriptions, so that nothing a pickle can do to
an object reaches an array; the numbers are read once the pickle is done.
"""

import collections
import math
import os
import pickle
import zipfile
import zlib

import numpy as np

_DTYPES = {
    "FloatStorage": np.dtype("<f4"),
    "HalfStorage": np.dtype("<f2"),
    "DoubleStorage": np.dtype("<f8"),
    "LongStorage": np.dtype("<i8"),
    "IntStorage": np.dtype("<i4"),
    "BFloat16Storage": np.dtype("<u2"),
}
# What a damaged pickle may raise on its way through the unpickler.
_DAMAGE = (
    pickle.UnpicklingError,
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)
_Tensor = collections.namedtuple("_Tensor", "storage offset shape stride")


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
    except (zipfile.BadZipFile, NotImplementedError) as error:
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
    try:
        with archive.open(names[0]) as file:
            state = _TensorUnpickler(file, path).load()
        if not isinstance(state, dict):
            raise pickle.UnpicklingError(
                f"it holds a {type(state).__name__}, not names with tensors"
            )
        folder = names[0].removesuffix("data.pkl")
        return {
            name: _read_tensor(archive, folder, tensor)
            for name, tensor in state.items()
            if isinstance(tensor, _Tensor)
        }
    except _UnsafeError:
        raise
    except _DAMAGE as error:
        raise ValueError(
            f"{os.fspath(path)} cannot be read as tensors: {error}. Copy "
            "it again, or convert it to model.safetensors."
        ) from error


class _UnsafeError(ValueError):
    """The pickle names something to run."""


class _TensorUnpickler(pickle.Unpickler):
    """Rebuilds a state dict of descriptions and refuses all other names."""

    def __init__(self, file, path):
        super().__init__(file)
        self._path = path
        self._allowed = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            # Made anew for each file, so that none can leave a mark on them.
            ("torch._utils", "_rebuild_tensor_v2"): lambda *a: _Tensor(*a[:4]),
            ("torch._utils", "_rebuild_parameter"): lambda data, *_: data,
            **{("torch", name): name for name in _DTYPES},
        }

    def find_class(self, module, name):
        if (module, name) not in self._allowed:
            raise _UnsafeError(
                f"{os.fspath(self._path)} asks to run {module}.{name}, which "
                "is no part of a tensor; nothing was run. Do not trust this "
                "file; ask for model.safetensors."
            )
        return self._allowed[module, name]

    def persistent_load(self, pid):
        kind, dtype, key, _, _ = pid
        if kind != "storage":
            raise pickle.UnpicklingError(f"unknown reference {kind!r}")
        return dtype, key


def _read_tensor(archive, folder, tensor):
    """Returns the array that a description stands for."""
    dtype_name, key = tensor.storage
    dtype = _DTYPES[dtype_name]
    entry = archive.getinfo(f"{folder}data/{key}")
    num_values = entry.file_size // dtype.itemsize
    _check_bounds(tensor, num_values)
    values = np.frombuffer(archive.read(entry), dtype, count=num_values)
    if dtype_name == "BFloat16Storage":
        values = (values.astype(np.uint32) << 16).view(np.float32)
    elif dtype == np.float16:
        values = values.astype(np.float32)
    strides = [step * values.itemsize for step in tensor.stride]
    view = np.lib.stride_tricks.as_strided(
        values[tensor.offset :], tensor.shape, strides, writeable=False
    )
    return np.array(view)


def _check_bounds(tensor, num_values):
    """Refuses a tensor that would read, or repeat, what is not stored.

    Every index is offset + sum(i * stride) with 0 <= i < size, so with no
    negative term the last one bounds them all.
    """
    shape, stride = tensor.shape, tensor.stride
    sizes = (*shape, *stride, tensor.offset)
    is_plain = len(shape) == len(stride) and all(
        type(size) is int and size >= 0 for size in sizes
    )
    last = tensor.offset + sum((n - 1) * s for n, s in zip(shape, stride))
    count = math.prod(shape)
    if not is_plain or count > num_values or (count and last >= num_values):
        raise pickle.UnpicklingError("a tensor lies outside its storage")
