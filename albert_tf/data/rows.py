"""Examples of a task as rows of tokens, before they are batched."""

from __future__ import annotations

import dataclasses
from typing import Any

# Label of a token that has none: the loss leaves it out.
IGNORED = -1


@dataclasses.dataclass(frozen=True)
class Rows:
    """What a task makes of its examples.

    Attributes:
        inputs: list of (token_ids, segment_ids), or, for multiple choice, of
            lists of C such pairs. An example may have several rows, as
            windows of a long text.
        labels: one for each row, as `BucketedBatches` takes them, or None
            where there are none.
        details: list, one for each row, of whatever the task needs to read
            the row's outputs, such as the example it is of; or empty.
    """

    inputs: list[Any]
    labels: Any = None
    details: list[Any] = dataclasses.field(default_factory=list)
