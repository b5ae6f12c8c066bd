"""Time and memory of this process, in whichever environment it runs.

Prints figures as one line of JSON. The standard library alone: some
environments have little else.
"""

import json
import statistics
import time


def measured(load, repeats):
    """Prints the load time, the latency and the memory of a model.

    Memory is the most the process held above what it held before loading.

    Args:
        load: returns what runs the model, a function without arguments.
        repeats: int. Counted runs, after two that warm up.
    """
    before = _memory_mb("VmRSS")
    start = time.perf_counter()
    run = load()
    loaded = time.perf_counter() - start
    times = _seconds(run, repeats + 2)[2:]
    figures = {
        "load_ms": loaded * 1e3,
        "median_ms": statistics.median(times) * 1e3,
        "lowest_ms": min(times) * 1e3,
        "peak_mb": _memory_mb("VmHWM") - before,
    }
    print(json.dumps(figures))


def measured_step(make_step, steps):
    """Prints the time of a training step and the memory that it took.

    The first step compiles and is not counted. Memory is the most the process
    held above what it held before there was a model.

    Args:
        make_step: builds model and batch; returns what runs one step.
        steps: int. Counted ones.
    """
    before = _memory_mb("VmRSS")
    times = _seconds(make_step(), steps + 1)[1:]
    figures = {
        "step_s": statistics.median(times),
        "peak_mb": _memory_mb("VmHWM") - before,
    }
    print(json.dumps(figures))


def _seconds(run, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return times


def _memory_mb(field):
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(f"/proc/self/status has no {field}.")
