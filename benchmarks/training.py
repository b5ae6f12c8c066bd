"""A training step of ALBERT-base: ours beside KerasHub and PyTorch.

    python -m benchmarks.training --peers-python OTHER_ENVIRONMENT/bin/python

Sequence classification, random ids, AdamW: ours on TensorFlow and on JAX,
KerasHub's backbone with a head, transformers on PyTorch, each in a process of
its own, in turn. bfloat16 (Keras's mixed policy, PyTorch's autocast) only
where the CPU has instructions for it: elsewhere it is emulated and says
nothing. Quote the ratios: machines are shared, and times drift.
"""

import argparse
import sys

from benchmarks.machine import has_bfloat16
from benchmarks.runs import medians, ratio, run_json, write_json

FIGURES = ("step_s", "peak_mb")
_KERAS = {
    "albert_tf, TensorFlow": ("tensorflow", "albert_tf"),
    "albert_tf, JAX": ("jax", "albert_tf"),
    "KerasHub, TensorFlow": ("tensorflow", "keras_hub"),
}


def main():
    options = _parser().parse_args()
    wanted = options.precisions or ["float32", "bfloat16"]
    precisions = [
        each
        for each in wanted
        if options.precisions or each == "float32" or has_bfloat16()
    ]
    runs = {each: {} for each in precisions}
    for _ in range(options.rounds):
        for precision in precisions:
            _measure(precision, options, runs[precision])
        # After each round: what is ended early has measured something.
        write_json(options.json, _result(runs, options))


def _result(runs, options):
    return {
        "batch_size": options.batch_size,
        "length": options.length,
        "steps": options.steps,
        "precisions": {name: summary(each) for name, each in runs.items()},
    }


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training",
        description="Measures a training step beside the peers'.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--peers-python", metavar="FILE", help="its Python has torch")
    add("--batch-size", type=int, default=16)
    add("--length", type=int, default=128, help="tokens")
    add("--steps", type=int, default=3, help="counted ones, after the first")
    add("--rounds", type=int, default=3)
    add("--precisions", nargs="+", help="else what the CPU can")
    add("--json", metavar="FILE", help="also write JSON")
    return parser


def _measure(precision, options, runs):
    """Adds a round of every contestant to `runs`, by name."""
    numbers = [options.batch_size, options.length, options.steps]
    commands = {
        name: ["env", f"KERAS_BACKEND={backend}", sys.executable]
        + ["-m", "benchmarks.step_keras", model]
        for name, (backend, model) in _KERAS.items()
    }
    if options.peers_python:
        commands["transformers, PyTorch"] = [
            options.peers_python,
            "-m",
            "benchmarks.peers.step_torch",
        ]
    for name, command in commands.items():
        found = run_json([*command, precision, *numbers])
        runs.setdefault(name, []).append(found)
        print(
            f"{name:24} {precision:9} {found['step_s']:6.2f} s a step, "
            f"{found['peak_mb']:.0f} MB",
            flush=True,
        )


def summary(runs):
    """Returns rows of figures, and the ratios of the first to the others.

    Args:
        runs: dict of name to a dict of `FIGURES` a round; ours first.
    """
    ours, *others = runs
    return {
        "rounds": len(runs[ours]),
        "rows": {name: medians(each, FIGURES) for name, each in runs.items()},
        "ratios": {
            name: {f: ratio(runs[ours], runs[name], f) for f in FIGURES}
            for name in others
        },
    }


if __name__ == "__main__":
    main()
