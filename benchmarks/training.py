"""A training step of ALBERT-base: ours beside transformers on PyTorch.

    python -m benchmarks.training --torch-python OTHER_ENVIRONMENT/bin/python

Sequence classification, 16 texts of 128 tokens, AdamW, float32 and bfloat16
(Keras's mixed policy, PyTorch's autocast), in processes of their own, in
turn. Torch and transformers are in another environment, since TensorFlow's
has no torch. Quote the ratios: machines are shared, and times drift.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_STEP_FILES = {
    "ours": Path(__file__).parent / "step_keras.py",
    "pytorch": Path(__file__).parent / "step_torch.py",
}


def main():
    options = _parser().parse_args()
    pythons = {"ours": sys.executable, "pytorch": options.torch_python}
    seconds = {}
    for _ in range(options.rounds):
        for precision in options.precisions:
            for name, python in pythons.items():
                found = _run(python, _STEP_FILES[name], precision, options)
                seconds.setdefault(f"{name} {precision}", []).append(found)
                print(
                    f"{name:8} {precision:9} {found:.2f} s a step", flush=True
                )
    result = {name: statistics.median(all_) for name, all_ in seconds.items()}
    for precision in options.precisions:
        ratio = result[f"pytorch {precision}"] / result[f"ours {precision}"]
        result[f"ratio {precision}"] = ratio
        print(f"{precision}: {ratio:.2f} times PyTorch's examples a second")
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=1) + "\n")


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training",
        description="Measures a training step beside PyTorch's.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--torch-python", required=True, metavar="FILE")
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--length", type=int, default=128, help="tokens")
    parser.add_argument("--steps", type=int, default=5, help="counted ones")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--precisions", nargs="+", default=["float32", "bfloat16"]
    )
    parser.add_argument("--json", metavar="FILE", help="also write JSON")
    return parser


def _run(python, file, precision, options):
    """Returns the median seconds of a step, in a process of its own."""
    numbers = [options.batch_size, options.length, options.steps]
    command = [python, str(file), precision, *map(str, numbers)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
