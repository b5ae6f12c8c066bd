"""Load time, memory and latency, for scripts outside the main environment."""

import json
import statistics
import time


def measured(load, repeats):
    """Prints the figures of what `load` returns, a function without arguments.

    Memory is the most the process held above what it held before loading.
    """
    before = _memory_mb("VmRSS")
    start = time.perf_counter()
    run = load()
    loaded = time.perf_counter() - start
    times = []
    for _ in range(repeats + 2):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    figures = {
        "load_ms": loaded * 1e3,
        "median_ms": statistics.median(times[2:]) * 1e3,
        "peak_mb": _memory_mb("VmHWM") - before,
    }
    print(json.dumps(figures))


def _memory_mb(field):
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(f"/proc/self/status has no {field}.")
