"""What a benchmark ran on: two files of figures compare only if it agrees."""

import importlib.metadata
import os
import platform
import resource
import subprocess
import time

# What int8 and bfloat16 products run on, where a CPU has it.
_INSTRUCTIONS = """avx2 fma f16c avx512f avx512_vnni avx_vnni avx512_bf16
amx_int8 amx_bf16 asimd asimddp i8mm bf16""".split()
_DOT_PRODUCTS = {"avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm"}
_BFLOAT16 = {"avx512_bf16", "amx_bf16", "bf16"}
_PACKAGES = """tensorflow keras keras-hub jax ai-edge-litert sentencepiece
tokenizers numpy""".split()
_PEERS = ("torch", "transformers", "onnx", "onnxruntime")


def facts(peers_python=None):
    """Returns what the page tells of the machine and the versions.

    Args:
        peers_python: path of the other environment's Python, or None.
    """
    return {
        "cpu": _cpu_field("model name") or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(_memory_bytes() / 1e9),
        "instructions": instructions(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {
            **{name: _version(name) for name in _PACKAGES},
            **(_peer_versions(peers_python) if peers_python else {}),
        },
    }


def instructions():
    """Returns the instruction sets that matter here and are there."""
    flags = _cpu_field("flags") or _cpu_field("Features") or ""
    return [name for name in _INSTRUCTIONS if name in flags.split()]


def has_int8_products(names):
    """Whether instruction sets hold one that multiplies and adds int8."""
    return bool(_DOT_PRODUCTS & set(names))


def has_bfloat16(names=None):
    """Whether instruction sets, else this CPU's, compute in bfloat16."""
    return bool(_BFLOAT16 & set(instructions() if names is None else names))


class OtherWork:
    """What share of the cores other programs took, from now on."""

    def __init__(self):
        self._begin = self._seconds()

    def share(self):
        """Returns a float from 0, idle but for us, to 1."""
        since = [b - a for a, b in zip(self._begin, self._seconds())]
        wall, busy, ours = since
        return max(0.0, busy - ours) / (wall * os.cpu_count())

    @staticmethod
    def _seconds():
        """Returns those of the clock, of all work, and of our children."""
        with open("/proc/stat", encoding="utf-8") as file:
            user, nice, system = map(int, file.readline().split()[1:4])
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (
            time.monotonic(),
            (user + nice + system) / os.sysconf("SC_CLK_TCK"),
            usage.ru_utime + usage.ru_stime,
        )


def _cpu_field(field):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name.strip() == field:
                return value.strip()
    return None


def _memory_bytes():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _peer_versions(python):
    code = "import importlib.metadata as m, sys\n"
    code += "print(*map(m.version, sys.argv[1:]))"
    command = [python, "-c", code, *_PEERS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(zip(_PEERS, done.stdout.split()))
