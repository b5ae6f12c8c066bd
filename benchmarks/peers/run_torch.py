"""Loads and runs transformers' ALBERT in PyTorch; prints its figures.

    python -m benchmarks.peers.run_torch CONFIG.json LENGTH THREADS REPEATS

Float32, eager, new weights instead of loaded ones; `benchmarks.device` runs it.
"""

import sys

import torch
from transformers import AlbertConfig, AlbertModel

from benchmarks.meter import measured


def main():
    config_file, length, threads, repeats = sys.argv[1], *map(int, sys.argv[2:])
    torch.set_num_threads(threads)

    def load():
        config = AlbertConfig.from_json_file(config_file)
        model = AlbertModel(config).eval()
        row = torch.ones((1, length), dtype=torch.long)
        return lambda: model(row, row, row * 0).pooler_output

    with torch.inference_mode():
        measured(load, repeats)


if __name__ == "__main__":
    main()
