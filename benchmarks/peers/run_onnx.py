"""Loads and runs an ONNX file in this process; prints its figures.

    python -m benchmarks.peers.run_onnx FILE LENGTH THREADS REPEATS

`benchmarks.device` runs it.
"""

import sys

import numpy as np
import onnxruntime

from benchmarks.meter import measured


def main():
    path, length, threads, repeats = sys.argv[1], *map(int, sys.argv[2:])

    def load():
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )
        row = np.ones((1, length), np.int64)
        inputs = {"ids": row, "mask": row, "segments": row * 0}
        # A graph leaves out what it does not read.
        names = {each.name for each in session.get_inputs()}
        inputs = {name: inputs[name] for name in names}
        return lambda: session.run(None, inputs)

    measured(load, repeats)


if __name__ == "__main__":
    main()
