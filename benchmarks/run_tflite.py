"""Loads and runs one `.tflite` file in this process; prints its figures.

    python -m benchmarks.run_tflite FILE LENGTH THREADS REPEATS [ROWS]

Memory is the most the process held, above what it held with the runtime
imported and an empty interpreter's worth of nothing loaded. The file is opened
as `albert_tf.edge` opens it.
"""

import json
import statistics
import sys
import time

import numpy as np

from albert_tf.edge.runtime import import_interpreter, open_interpreter


def main():
    path, length, threads, repeats = sys.argv[1], *map(int, sys.argv[2:5])
    shape = [int((sys.argv[5:] or [1])[0]), length]
    import_interpreter("ai_edge_litert")
    before = _memory_mb("VmRSS")
    start = time.perf_counter()
    interpreter = open_interpreter(
        path, runtime="ai_edge_litert", num_threads=threads
    )
    details = interpreter.get_input_details()
    for detail in details:
        interpreter.resize_tensor_input(detail["index"], shape)
    interpreter.allocate_tensors()
    load = time.perf_counter() - start
    for detail in details:
        value = 0 if "segment" in detail["name"] else 1
        interpreter.set_tensor(detail["index"], np.full(shape, value, np.int32))
    times = []
    for _ in range(repeats + 2):
        start = time.perf_counter()
        interpreter.invoke()
        times.append(time.perf_counter() - start)
    figures = {
        "load_ms": load * 1e3,
        "median_ms": statistics.median(times[2:]) * 1e3,
        "lowest_ms": min(times[2:]) * 1e3,
        "peak_mb": _memory_mb("VmHWM") - before,
    }
    print(json.dumps(figures))


def _memory_mb(field):
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(f"/proc/self/status has no {field}.")


if __name__ == "__main__":
    main()
