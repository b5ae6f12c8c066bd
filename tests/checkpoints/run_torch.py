"""Makes and checks models with transformers on torch, in a process of its own.

torch and TensorFlow do not always survive in one process, and torch may live
in another environment: `ALBERT_TF_TORCH_PYTHON` names its Python.
"""

import os
import pathlib
import sys

os.environ["USE_TF"] = "0"

import numpy as np
import torch
import transformers


def make(folder):
    """Writes each model as safetensors and as torch.save does, with outputs."""
    torch.manual_seed(0)
    for place in sorted(folder.iterdir()):
        fields = np.load(place / "fields.npz", allow_pickle=False)
        config = transformers.AlbertConfig(
            **{k: fields[k].item() for k in fields.files}
        )
        model = getattr(transformers, place.name)(config).eval()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(torch.randn_like(parameter) * 0.1)
        model.save_pretrained(place / "safe")
        config.save_pretrained(place / "bin")
        torch.save(model.state_dict(), place / "bin" / "pytorch_model.bin")
        np.savez(place / "outputs.npz", **_run(model, place))


def check(folder):
    """Loads what we wrote and compares outputs; fails on any report."""
    for place in sorted(folder.iterdir()):
        model, report = getattr(transformers, place.name).from_pretrained(
            place / "ours", output_loading_info=True
        )
        assert not any(report.values()), (place.name, report)
        expected = np.load(place / "outputs.npz")
        for name, value in _run(model.eval(), place).items():
            difference = np.abs(value - expected[name]).max()
            assert difference <= 1e-5, (place.name, name, difference)


def _run(model, place):
    inputs = np.load(place / "inputs.npz")
    names = {
        "input_ids": "token_ids",
        "token_type_ids": "segment_ids",
        "attention_mask": "padding_mask",
    }
    arguments = {k: torch.tensor(inputs[v]).long() for k, v in names.items()}
    with torch.no_grad():
        values = model(**arguments).values()
    return {str(i): value.numpy() for i, value in enumerate(values)}


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
