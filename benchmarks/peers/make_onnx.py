"""Exports a transformers ALBERT of random weights to ONNX, in dynamic int8.

    python -m benchmarks.peers.make_onnx CONFIG.json LENGTH OUTPUT.onnx

In an environment with torch, transformers, onnx and onnxruntime;
`benchmarks.device` runs it.
"""

import sys
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AlbertConfig, AlbertModel


class Pooled(torch.nn.Module):
    """ALBERT with the one output that the rivals give, too."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids, mask, segments):
        return self.model(ids, mask, segments).pooler_output


def main():
    config_file, length, output = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    config = AlbertConfig.from_json_file(config_file)
    config._attn_implementation = "eager"
    model = Pooled(AlbertModel(config).eval())
    row = torch.ones((1, length), dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            model,
            (row, row, row * 0),
            plain,
            input_names=["ids", "mask", "segments"],
            output_names=["pooled"],
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(plain, output, weight_type=QuantType.QInt8)


if __name__ == "__main__":
    main()
