"""`info`: what a bundle holds, and whether it is whole."""

from __future__ import annotations

import argparse
import dataclasses
import json
from typing import Any

from albert_tf.edge.bundle import Bundle
from albert_tf.edge.commands import common
from albert_tf.edge.session import Session


def add(commands: Any) -> None:
    """Adds the command."""
    command = common.add_command(
        commands, "info", _run, "Show what a bundle holds, and check it."
    )
    command.add_argument(
        "--no-self-test",
        action="store_true",
        help="only read the file; needs no runtime",
    )


def _run(options: argparse.Namespace) -> None:
    bundle = Bundle(options.file)
    bundle.check_digests()
    fields = dataclasses.asdict(bundle.manifest)
    num_tests = len(fields.pop("self_tests"))
    fields["part_bytes"] = bundle.part_bytes
    if options.no_self_test:
        fields["self_test"] = "not run"
    else:
        session = Session(
            bundle,
            runtime=options.runtime,
            num_threads=options.threads,
            self_test=True,
        )
        fields["self_test"] = f"{num_tests} passed on {session.runtime}"
    if options.json:
        print(json.dumps(fields, ensure_ascii=False))
        return
    for name, value in fields.items():
        if isinstance(value, dict):
            value = ", ".join(f"{k}: {v}" for k, v in value.items())
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        print(f"{name:16} {value}")
