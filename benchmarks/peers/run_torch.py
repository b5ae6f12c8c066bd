"""Loads and runs transformers' ALBERT in PyTorch; prints its figures.

    python benchmarks/peers/run_torch.py CONFIG.json LENGTH THREADS REPEATS

Float32, eager, new weights instead of loaded ones. Figures as of
`benchmarks.run_tflite`; `benchmarks.device` runs it.
"""

import sys

import torch
from figures import measured
from transformers import AlbertConfig, AlbertModel


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
