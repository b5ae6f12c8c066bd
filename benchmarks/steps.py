"""The clock of a training step, for every environment that trains."""

import json
import statistics
import time


def report(make_step, steps):
    """Prints the seconds of a step and the memory that training took.

    The first step compiles and is not counted. Memory is the most the process
    held above what it held before there was a model.

    Args:
        make_step: builds model and batch; returns what runs one step.
        steps: int. Counted ones.
    """
    before = _memory_mb("VmRSS")
    step = make_step()
    times = []
    for _ in range(steps + 1):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    figures = {
        "step_s": statistics.median(times[1:]),
        "peak_mb": _memory_mb("VmHWM") - before,
    }
    print(json.dumps(figures))


def _memory_mb(field):
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(f"/proc/self/status has no {field}.")
