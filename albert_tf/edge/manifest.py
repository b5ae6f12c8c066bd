"""What `albert.json` in a bundle says, read strictly."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

FORMAT_VERSION = 1


@dataclasses.dataclass(frozen=True)
class SelfTest:
    """A sentence that travels with the model, and what it must give.

    Attributes:
        text: str. For masked LM with `[MASK]` where a piece is missing.
        token_ids: list[int], special tokens included.
        outputs: dict of output name to nested lists of float, without the
            batch's axis: what Keras gave in float32.
        pair: str or None. The second text, packed behind the first.
        masked_positions: list[int] or None. For masked LM: where the masks
            stand in `token_ids`.
        indices: list[int] or None. For masked LM: the entries of the
            outputs' last axis that are given; None where all are.
    """

    text: str
    token_ids: list[int]
    outputs: dict[str, Any]
    pair: str | None = None
    masked_positions: list[int] | None = None
    indices: list[int] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Manifest:
    """The facts a runner needs, and those that prove a file whole.

    Attributes:
        format_version: int. Raised when older runners would misread a file.
        producer: str. Name and version of what wrote the file.
        task: str, a name in `albert_tf.edge.tasks`.
        signature: str. TFLite signature to call.
        inputs: dict of our input name to the signature's.
        outputs: dict of our output name to the signature's.
        max_length: int. Most tokens, special ones included.
        fixed_length: bool. Whether every input must have `max_length`.
        do_lower_case: bool. Of the tokenizer.
        keep_accents: bool. Of the tokenizer.
        labels: list[str] in the order of the logits; empty without labels.
        quantization: str, such as `"dynamic_int8"`.
        target: str. The export target.
        minimum_runtime: str. First TensorFlow Lite version with all
            operators, as the converter found it.
        sha256: dict of part to hex digest; `"model"` is the flatbuffer.
        tolerance: float. Largest difference from the self-tests' outputs,
            in units of the largest absolute value that the output has in
            any of them.
        self_tests: list[SelfTest].
        question_answering: dict or None. Lengths and threshold of question
            answering, the fields of `albert_tf.edge.answerer.AnswerSettings`;
            None for the runner's own.
        early_exit: dict or None. `num_layers` of the model and `patience`,
            the input of that name where the caller gives none; None for a
            model that always runs all its layers.
        max_answer_length: int or None. Of multiple choice: most tokens of a
            question with its choice; None for the runner's own.
    """

    format_version: int
    producer: str
    task: str
    signature: str
    inputs: dict[str, str]
    outputs: dict[str, str]
    max_length: int
    fixed_length: bool
    do_lower_case: bool
    keep_accents: bool
    labels: list[str]
    quantization: str
    target: str
    minimum_runtime: str
    sha256: dict[str, str]
    tolerance: float
    self_tests: list[SelfTest]
    question_answering: dict[str, Any] | None = None
    early_exit: dict[str, int] | None = None
    max_answer_length: int | None = None

    def to_json(self) -> str:
        """Returns the text of `albert.json`; optional keys at their
        default are left out, which older runners did not know."""
        fields = _without_defaults(self)
        fields["self_tests"] = [_without_defaults(t) for t in self.self_tests]
        return json.dumps(fields, indent=1, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Reads the text of `albert.json`.

        Raises:
            ValueError: a newer format, an unknown or missing key, or a value
                of another type.
        """
        try:
            fields = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"albert.json is not JSON: {error}.") from error
        _check_object(fields, "albert.json")
        version = fields.get("format_version")
        if version != FORMAT_VERSION:
            raise ValueError(
                f"The file has bundle format {version!r}; this version of "
                f"albert_tf reads format {FORMAT_VERSION}. Upgrade albert_tf, "
                "or export the model again."
            )
        _check_keys(fields, cls, "albert.json")
        tests = fields["self_tests"]
        for test in tests:
            _check_object(test, "albert.json self_tests")
            _check_keys(test, SelfTest, "albert.json self_tests")
            _check_outputs(test["outputs"], fields["outputs"])
        _check_exits(fields.get("early_exit"))
        return cls(**{**fields, "self_tests": [SelfTest(**t) for t in tests]})


def _without_defaults(values: Any) -> dict[str, Any]:
    return {
        field.name: getattr(values, field.name)
        for field in dataclasses.fields(values)
        if getattr(values, field.name) != field.default
    }


_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "str": (str,),
    "bool": (bool,),
    "float": (int, float),
    "list": (list,),
    "dict": (dict,),
    # Read by those who know what is in them.
    "Any": (object,),
    "SelfTest": (object,),
}


def _check_object(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise ValueError(
            f"{where} must be an object of JSON, with keys. Received: "
            f"{value!r}. Export the model again."
        )


def _check_outputs(values: dict[str, Any], known: dict[str, str]) -> None:
    """Refuses outputs of a self-test that the file lacks, or no numbers."""
    for name, numbers in values.items():
        if name not in known or not _are_numbers(numbers):
            raise ValueError(
                f"albert.json self_tests: `outputs` must have numbers for "
                f"{', '.join(known)}. Received: {name}. Export the model "
                "again."
            )


def _check_exits(early_exit: dict[str, int] | None) -> None:
    if early_exit is None:
        return
    if not {"patience", "num_layers"} <= set(early_exit):
        raise ValueError(
            "albert.json: `early_exit` must have `patience` and `num_layers`. "
            f"Received: {early_exit!r}. Export the model again."
        )


def _are_numbers(values: Any) -> bool:
    if isinstance(values, list):
        return bool(values) and all(map(_are_numbers, values))
    return _is_of(values, "float")


def _is_of(value: Any, type_name: str) -> bool:
    # In Python, True is an int.
    is_bool = isinstance(value, bool) and type_name in ("int", "float")
    return isinstance(value, _TYPES[type_name]) and not is_bool


def _fits(value: Any, type_text: str) -> bool:
    """Whether a value of JSON is of a type such as `list[int]`."""
    name, *inner = re.findall(r"\w+", type_text)
    if not _is_of(value, name) or not inner:
        return _is_of(value, name)
    entries = value.values() if name == "dict" else value
    return all(_is_of(entry, inner[-1]) for entry in entries)


def _check_keys(fields: dict[str, Any], kind: type, where: str) -> None:
    known = {field.name: field for field in dataclasses.fields(kind)}
    required = {
        name
        for name, field in known.items()
        if field.default is dataclasses.MISSING
    }
    unknown = sorted(set(fields) - set(known))
    missing = sorted(required - set(fields))
    if unknown or missing:
        raise ValueError(
            f"{where} must have exactly the keys of format {FORMAT_VERSION}. "
            f"Unknown: {', '.join(unknown) or 'none'}; missing: "
            f"{', '.join(missing) or 'none'}. Export the model again."
        )
    for name, value in fields.items():
        type_text = str(known[name].type).removesuffix(" | None")
        if not _fits(value, type_text):
            raise ValueError(
                f"{where}: `{name}` must be of type {type_text}. Received: "
                f"{value!r}. Export the model again."
            )
