"""Keeps the C library from holding on to memory that a model gave back."""

from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
_THRESHOLD_BYTES = 64 * 1024


def return_freed_memory() -> None:
    """Makes glibc give large freed blocks back to the system at once.

    A loop step allocates and frees hidden states of a few hundred kB. glibc
    takes the first such free as a hint to serve that size from its heap,
    where the holes add up to some MB; a fixed threshold turns that off. Does
    nothing where the C library has no `mallopt`.

    Source: mallopt(3), `M_MMAP_THRESHOLD`.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _THRESHOLD_BYTES)
    except (OSError, AttributeError):
        return  # Another C library: slightly more memory, nothing else.
