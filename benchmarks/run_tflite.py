"""Loads and runs one `.tflite` file in this process; prints its figures.

    python -m benchmarks.run_tflite FILE LENGTH THREADS REPEATS [ROWS]

The file is opened as `albert_tf.edge` opens it. Memory is above what the
process held with the runtime imported.
"""

import sys

import numpy as np

from albert_tf.edge.runtime import import_interpreter, open_interpreter
from benchmarks.meter import measured


def main():
    path, length, threads, repeats = sys.argv[1], *map(int, sys.argv[2:5])
    shape = [int((sys.argv[5:] or [1])[0]), length]

    def load():
        interpreter = open_interpreter(
            path, runtime="ai_edge_litert", num_threads=threads
        )
        details = interpreter.get_input_details()
        for detail in details:
            interpreter.resize_tensor_input(detail["index"], shape)
        interpreter.allocate_tensors()
        for detail in details:
            value = 0 if "segment" in detail["name"] else 1
            interpreter.set_tensor(
                detail["index"], np.full(shape, value, np.int32)
            )
        return interpreter.invoke

    import_interpreter("ai_edge_litert")
    measured(load, repeats)


if __name__ == "__main__":
    main()
