"""Runs the `Example` section of a docstring."""

import inspect
import re
import textwrap

_SECTION = re.compile(r"^Example:\n(.*?)(?=^\S|\Z)", re.DOTALL | re.MULTILINE)


def run_example(documented, **names):
    """Executes the example; a failing assertion in it fails the test.

    Args:
        documented: function or class with an `Example` section.
        **names: what the example takes for granted.
    """
    found = _SECTION.search(inspect.getdoc(documented))
    code = textwrap.dedent(found[1])
    names.setdefault(documented.__name__, documented)
    exec(compile(code, documented.__qualname__, "exec"), names)
