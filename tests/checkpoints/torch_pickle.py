"""Writes files as `torch.save` does, without torch."""

import pickle
import zipfile


class Storage:
    """Pickles as torch's storage references do."""

    def __init__(self, key, count):
        self.reference = ("storage", Type("FloatStorage"), key, "cpu", count)


class Type:
    def __init__(self, name):
        self.name = name


class Call:
    """Pickles as a call of a function that is not here."""

    def __init__(self, module, name, arguments):
        self.function = module, name
        self.arguments = arguments


def _pickle(value):
    """Writes the pickle by hand, since torch need not be here."""
    if isinstance(value, Type):
        return f"ctorch\n{value.name}\n".encode()
    if isinstance(value, Storage):
        return _pickle(value.reference) + b"Q"
    if isinstance(value, Call):
        module, name = value.function
        head = f"c{module}\n{name}\n".encode()
        return head + _pickle(value.arguments) + b"R"
    if isinstance(value, tuple):
        return b"(" + b"".join(map(_pickle, value)) + b"t"
    if isinstance(value, dict):
        items = b"".join(_pickle(k) + _pickle(v) for k, v in value.items())
        return b"(" + items + b"d"
    return pickle.dumps(value, protocol=0)[:-1].replace(b"p0\n", b"")


def write(path, state, storages):
    with zipfile.ZipFile(path, "w") as archive:
        data = b"\x80\x02" + _pickle(state) + b"."
        archive.writestr("archive/data.pkl", data)
        for key, values in storages.items():
            archive.writestr(f"archive/data/{key}", values.tobytes())


def tensor(storage, offset, shape, stride):
    hooks = Call("collections", "OrderedDict", ())
    arguments = (storage, offset, shape, stride, False, hooks)
    return Call("torch._utils", "_rebuild_tensor_v2", arguments)


def write_state(path, tensors):
    """Writes arrays as `torch.save` does a state dict."""
    state = {
        name: tensor(
            Storage(name, array.size),
            0,
            array.shape,
            tuple(step // array.itemsize for step in array.strides),
        )
        for name, array in tensors.items()
    }
    write(path, state, tensors)
