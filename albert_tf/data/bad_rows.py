"""Rows that cannot be used: all are counted, then refused or skipped."""

from __future__ import annotations

_SHOWN = 3


class BadRows:
    """Collects what is wrong with the rows of files.

    Refusing at the first bad row makes mending a file a long guessing game:
    a reader notes every bad row and calls `finish` at the end of the file.

    Args:
        skip: bool. False refuses a file with a bad row; True leaves such
            rows out.

    Attributes:
        messages: list of str, one a bad row: file, line, what is wrong.
    """

    def __init__(self, skip: bool = False):
        self.skip = skip
        self.messages: list[str] = []
        self._num_finished = 0

    def add(self, place: str, problem: str) -> None:
        """Notes a row.

        Args:
            place: str. File and line.
            problem: str. What is wrong and how to mend it, a sentence or two.
        """
        self.messages.append(f"{place}: {problem}")

    def finish(self) -> None:
        """Ends a file.

        Raises:
            ValueError: it had bad rows, and they are not to be skipped.
        """
        new = self.messages[self._num_finished :]
        self._num_finished = len(self.messages)
        if not new or self.skip:
            return
        if len(new) == 1:
            raise ValueError(new[0])
        raise ValueError(
            f"{new[0]} {len(new) - 1} more bad "
            f"{'row' if len(new) == 2 else 'rows'} in this file; "
            "--skip-bad-rows leaves them out."
        )

    def report(self) -> list[str]:
        """Returns lines for the user on what was skipped; none if nothing."""
        if not self.messages:
            return []
        count = len(self.messages)
        lines = [f"skipped {count} bad {'row' if count == 1 else 'rows'}:"]
        lines += [f"  {message}" for message in self.messages[:_SHOWN]]
        if count > _SHOWN:
            lines.append(f"  and {count - _SHOWN} more")
        return lines
