"""How many processors there are for us."""

import os


def num_processors() -> int:
    """Returns those that we may use, where the system can tell."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
