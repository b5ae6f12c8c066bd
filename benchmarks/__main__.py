"""Runs the benchmarks one after the other and makes a page of their figures.

    python -m benchmarks
    python -m benchmarks --only device --overwrite
    python -m benchmarks --page

`make bench` sets up the peers' environment first. A part that fails or takes
too long is told, and the others go on. Figures are kept from run to run until
`--overwrite`; copy the folder into docs/ to publish them.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from albert_tf.command import HelpFormatter, run
from albert_tf.files import written_aside
from benchmarks import machine, parts
from benchmarks.runs import ROOT, write_json

_JSON = "benchmarks.json"
_PAGE = "benchmarks.md"


def main(options):
    for name in ("peers_python", "text", "tokenizer"):
        if path := getattr(options, name):
            # Parts run from the root. A link is kept: it is an environment.
            setattr(options, name, os.path.abspath(path))
    folder = Path(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    results = _read(folder / _JSON, options)
    failed = [] if options.page else _measure(results, folder, options)
    _write_page(results, folder)
    print(f"the page is {folder / _PAGE}")
    if failed:
        raise ValueError(
            f"{', '.join(failed)} gave no figures; the rest is on the page. "
            "Mend what is told above and run again: figures are kept."
        )


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=HelpFormatter,
    )
    add = parser.add_argument
    add("--output", default="build/bench", metavar="FOLDER")
    add("--only", nargs="+", choices=parts.PARTS, metavar="PART", default=None)
    add("--overwrite", action="store_true", help="measure again")
    add("--page", action="store_true", help="only make the page")
    add(
        "--peers-python",
        metavar="FILE",
        help="Python of an environment with what requirements-peers.txt names",
    )
    add("--text", metavar="FILE", help="else documentation of packages")
    add("--tokenizer", metavar="FILE", help="spiece.model; else one is trained")
    parser.epilog = "parts: " + ", ".join(
        f"{name} ({part.about})" for name, part in parts.PARTS.items()
    )
    return parser


def _read(path, options):
    """Returns the results so far, of this machine unless only for a page."""
    if not path.exists():
        if options.page:
            raise ValueError(
                f"{path} is missing. Measure first: python -m benchmarks."
            )
        here = machine.facts(options.peers_python)
        return {"machine": here, "parts": {}}
    results = json.loads(path.read_text(encoding="utf-8"))
    if options.page:
        return results
    here = machine.facts(options.peers_python)
    if results["machine"] != here:
        if not options.overwrite or options.only:
            raise ValueError(
                f"{path} is of another machine or other versions. Measure "
                "all with --overwrite, or choose another --output."
            )
        results = {"machine": here, "parts": {}}
    return results


def _measure(results, folder, options):
    """Runs the parts; returns the names of those that failed."""
    names = options.only or [*parts.PARTS]
    failed = []
    for number, name in enumerate(names, 1):
        part = parts.PARTS[name]
        begin = time.monotonic()
        start = f"[{number}/{len(names)}] {name}: {part.about}"
        known = results["parts"].get(name, {})
        if "figures" in known and not options.overwrite:
            print(f"{start}; kept, of {known['date']}", flush=True)
            continue
        print(f"{start}, at most {part.limit_s} s", flush=True)
        found = _run(part, options, folder / f"{name}.log")
        found["seconds"] = round(time.monotonic() - begin)
        results["parts"][name] = found
        write_json(folder / _JSON, results)
        if "figures" not in found:
            failed.append(name)
        print(f"    {found.get('failed', 'done')} ({found['seconds']} s)")
    return failed


def _run(part, options, log):
    """Returns a part's figures, or why there are none."""
    found = {"date": time.strftime("%Y-%m-%d", time.gmtime())}
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "figures.json"
        others = machine.OtherWork()
        try:
            parts.run(part, options, result, log)
        except RuntimeError as error:
            found["failed"] = str(error)
            if not result.exists():
                return found
        figures = json.loads(result.read_text(encoding="utf-8"))
    found["other_work"] = round(others.share(), 2)
    return {**found, "arguments": part.arguments, "figures": figures}


def _write_page(results, folder):
    from benchmarks import page, plots

    names = plots.draw(results, folder / "pictures")
    with written_aside(folder / _PAGE) as aside:
        aside.write_text(page.page(results, names), encoding="utf-8")


if __name__ == "__main__":
    if platform.system() != "Linux":
        sys.exit("python -m benchmarks: error: reads /proc, so needs Linux.")
    # Modules are run from the root, whatever folder this was called from.
    sys.path.insert(0, str(ROOT))
    sys.exit(run(main, _parser()))
