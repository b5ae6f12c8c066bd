"""Where an exported file will run, and what that asks of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from albert_tf.edge.tasks import (
    CLASSIFICATION,
    MULTIPLE_CHOICE,
    QUESTION_ANSWERING,
    REGRESSION,
    TOKEN_CLASSIFICATION,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Target:
    """A kind of device runtime.

    Attributes:
        name: str.
        runtime: str. Package that the file is run on before it is kept.
        quantizations: tuple of str; the first is the default.
        is_per_channel: bool. Whether int8 weights get a scale for each
            output channel, or one for the whole matrix.
        purpose: str. What `--help` says.
        tasks: tuple of str, those it can hold; empty for all.
        length: int or None. Tokens of every input, for runtimes that want
            one subgraph of fixed shapes; None leaves the length open.
        is_length_chosen: bool. Whether the user asked for that length.
        by_task: dict of task to the attributes that differ for it, where
            another library than for other tasks reads the file; see `adapt`.
        input_names: dict of our input's name to the target's, where they
            differ.
        has_metadata: bool. Whether the file carries TFLite metadata.
        is_integer: bool. Whether activations are integers throughout.
        by_head: tuple of str. Quantizations in which attention takes one head
            after another, in dense layers of computed weights.
        has_spare_columns: bool. Whether int8 weights must not have rows whose
            length is a multiple of 16; see `spare_columns`.
    """

    name: str
    runtime: str
    quantizations: tuple[str, ...]
    is_per_channel: bool
    purpose: str
    tasks: tuple[str, ...] = ()
    length: int | None = None
    is_length_chosen: bool = False
    by_task: Mapping[str, Mapping[str, Any]] = dataclasses.field(
        default_factory=dict
    )
    input_names: Mapping[str, str] | None = None
    has_metadata: bool = False
    is_integer: bool = False
    by_head: tuple[str, ...] = ()
    has_spare_columns: bool = False


TARGETS = {
    target.name: target
    for target in (
        Target(
            name="cpu",
            runtime="ai_edge_litert",
            quantizations=(
                "dynamic_int8",
                "int8",
                "int4",
                "float16",
                "float32",
            ),
            is_per_channel=True,
            purpose="LiteRT on Android, Raspberry Pi and Linux",
        ),
        # Its dense kernels know one scale a matrix: version 12 of
        # FULLY_CONNECTED, which per-channel scales need, came after it.
        Target(
            name="tflite-runtime",
            runtime="tflite_runtime",
            quantizations=("dynamic_int8", "int8", "float16", "float32"),
            is_per_channel=False,
            purpose="tflite-runtime 2.14, the last release of that name",
            has_spare_columns=True,
        ),
        # Its graphs have one subgraph; its tokenizer's inputs these names.
        Target(
            name="mediapipe",
            runtime="ai_edge_litert",
            quantizations=("dynamic_int8", "float16", "float32"),
            is_per_channel=True,
            purpose="MediaPipe's TextClassifier, the Task Library's answerer",
            tasks=(CLASSIFICATION, QUESTION_ANSWERING),
            length=128,
            # The Task Library's answerer gives 384 tokens, and its runtime,
            # of 2023, has no FULLY_CONNECTED of version 12 either.
            by_task={
                QUESTION_ANSWERING: {"length": 384, "is_per_channel": False}
            },
            input_names={
                "token_ids": "ids",
                "padding_mask": "mask",
                "segment_ids": "segment_ids",
            },
            has_metadata=True,
        ),
        # What may be looked up by mask alone is: no float is left inside.
        Target(
            name="npu",
            runtime="ai_edge_litert",
            quantizations=("int8", "int16x8"),
            is_per_channel=True,
            purpose="accelerators of integers only, inputs of one length",
            tasks=(
                CLASSIFICATION,
                REGRESSION,
                TOKEN_CLASSIFICATION,
                QUESTION_ANSWERING,
                MULTIPLE_CHOICE,
            ),
            length=128,
            is_integer=True,
            # In 16 bits both kinds of product take the same time.
            by_head=("int8",),
        ),
    )
}

# How far outputs may be from Keras, in units of the largest logit. Wide
# enough for the coarsest honest rounding, far too narrow for zeros or noise.
TOLERANCES = {
    "float32": 1e-4,
    "float16": 0.02,
    "dynamic_int8": 0.25,
    "int8": 0.3,
    "int4": 0.6,
    "int16x8": 0.1,
}

# What others are held against.
FLOAT32 = "float32"
# From the smallest file to the one nearest to Keras.
_GENTLER = ("int4", "int8", "dynamic_int8", "int16x8", "float16", "float32")
NEEDS_CALIBRATION = ("int8", "int16x8")

# Integers that a file may give out instead of floats, by its quantization.
_INTEGERS = {"int8": "int8", "int16x8": "int16"}
OUTPUT_TYPES = ("float32", *_INTEGERS.values())

# Why a target does not take a quantization, and what to take instead.
_NO_LOOP = (
    "It measures and packs the layer in its loop, which MediaPipe does not "
    "take. Take dynamic_int8."
)
_NO_FLOATS = "It runs integers only. Take int8, or the target cpu."
_REASONS = {
    ("npu", "float32"): _NO_FLOATS,
    ("npu", "float16"): _NO_FLOATS,
    ("npu", "dynamic_int8"): _NO_FLOATS,
    ("npu", "int4"): _NO_FLOATS,
    ("mediapipe", "int8"): _NO_LOOP,
    ("mediapipe", "int16x8"): _NO_LOOP,
    ("mediapipe", "int4"): _NO_LOOP,
    ("cpu", "int16x8"): (
        "Its kernels for 16-bit activations are not optimized, and the "
        "converter's calibration does not look into the loop that keeps the "
        "weights shared. Take int8, which keeps all but the dense layers in "
        "float."
    ),
    ("tflite-runtime", "int16x8"): (
        "The converter's calibration does not look into the loop that keeps "
        "the weights shared. Take int8."
    ),
    ("tflite-runtime", "int4"): (
        "Version 2.14 has no dense kernel for 4-bit weights. Take "
        "dynamic_int8, or the target cpu with ai-edge-litert."
    ),
}


def find_target(name: str) -> Target:
    """Returns the target of a name.

    Raises:
        ValueError: there is none.
    """
    if name not in TARGETS:
        raise ValueError(
            f"No target is named {name!r}. Expected one of: "
            f"{', '.join(TARGETS)}."
        )
    return TARGETS[name]


def check_task(target: Target, task: str) -> None:
    """Refuses a head that a target cannot hold.

    Raises:
        ValueError: it cannot.
    """
    if target.tasks and task not in target.tasks:
        raise ValueError(
            f"The target {target.name} holds {', '.join(target.tasks)} only; "
            f"the model is for {task}. Take --target cpu."
        )


def check_case(target: Target, *, do_lower_case: bool) -> None:
    """Refuses a tokenizer that keeps capitals, where what reads files cannot.

    Raises:
        ValueError: it is such a one.
    """
    if target.has_metadata and not do_lower_case:
        raise ValueError(
            "The model's tokenizer keeps capitals (do_lower_case is false); "
            f"what reads files for {target.name} makes ASCII letters small. "
            "Take --target cpu, or train with a tokenizer that lower-cases."
        )


def adapt(target: Target, task: str) -> Target:
    """Returns a target as it is for a task, see `Target.by_task`.

    Raises:
        ValueError: it cannot hold the task's head, or another length was
            asked for than the task's reader gives.
    """
    check_task(target, task)
    changes = target.by_task.get(task)
    if changes is None:
        return target
    needed = changes["length"]
    if target.is_length_chosen and target.length != needed:
        raise ValueError(
            f"What reads {task} for {target.name} gives {needed} tokens. "
            f"Received: --length {target.length}. Leave --length out."
        )
    return dataclasses.replace(target, **changes)


def find_quantization(target: Target, name: str | None) -> str:
    """Returns the quantization to use, the target's default for None.

    Raises:
        ValueError: the target cannot run it.
    """
    if name is None:
        return target.quantizations[0]
    if name not in target.quantizations:
        reason = _REASONS.get((target.name, name))
        raise ValueError(
            f"The target {target.name} takes no {name!r}. "
            + (f"{reason} " if reason else "")
            + f"Expected one of: {', '.join(target.quantizations)}."
        )
    return name


def gentler(target: Target, name: str) -> list[str]:
    """Returns what changes a model less than a quantization, in order."""
    rest = _GENTLER[_GENTLER.index(name) + 1 :]
    return [other for other in rest if other in target.quantizations]


def output_type_of(quantization: str, output_type: str) -> str:
    """Returns the type of a file's outputs: floats, or integers of its own.

    Args:
        quantization: name.
        output_type: str. What was asked for, maybe of another quantization.
    """
    return "float32" if output_type == "float32" else _INTEGERS[quantization]


def check_output_type(
    target: Target, quantization: str, output_type: str
) -> None:
    """Refuses a type of outputs that the file cannot have.

    Raises:
        ValueError: it is not float32, nor what the target computes in.
    """
    if output_type == "float32":
        return
    found = _INTEGERS.get(quantization) if target.is_integer else None
    if output_type != found:
        raise ValueError(
            f"A file of {quantization} for {target.name} cannot give "
            f"{output_type}. Take --inference-output-type float32"
            + (f" or {found}." if found else ", or --target npu.")
        )
