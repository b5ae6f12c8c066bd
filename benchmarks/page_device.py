"""The page's sections of what runs on a device's runtime.

Each returns its title and its paragraphs; without figures, only the title.
"""

from benchmarks.machine import has_int8_products
from benchmarks.quantizations import BASE
from benchmarks.tables import between, markdown, ratios, spread, table


def device(figures, results):
    title = "On the device's runtime"
    if not figures:
        return (title,)
    intro = (
        "ALBERT-base of random weights, one row of 128 tokens, two threads, "
        f"{figures['rounds']} rounds, each run in a fresh process: ours and a "
        "KerasHub backbone through TensorFlow's converter, in dynamic int8 "
        "on ai-edge-litert; transformers in ONNX Runtime's dynamic int8, and "
        "in PyTorch."
    )
    names = {
        "file_mb": "file, MB",
        "load_ms": "load, ms",
        "median_ms": "run, ms",
        "peak_mb": "peak memory, MB",
    }
    shown = {name: names[name].split(",")[0] for name in [*names][1:]}
    return (
        title,
        intro,
        table(figures["rows"], names),
        "Ours divided by theirs:",
        ratios(figures["ratios"], shown),
        *_why(results),
    )


def _why(results):
    """Yields where the time of a run goes, as far as the figures tell it."""
    figures = results["parts"]["device"]["figures"]
    other = figures["ratios"].get("ONNX Runtime", {}).get("median_ms")
    if other:
        goal = "reached" if other["median"] <= 0.3 else "not reached"
        yield (
            "The aim of 0.30 of ONNX Runtime's time, set on a processor with "
            f"int8 products, is {goal} here: {spread(other)}."
        )
    part = results["parts"].get("growth", {})
    growth = part.get("figures")
    if part.get("other_work", 0) >= 0.1:
        # Measured at other times than the runs: on busy cores it is no floor.
        return
    if growth and "128" in growth["lengths"]:
        times = growth["lengths"]["128"]
        threads, time = [*times.items()][-1]
        time, floor = time["median"], _floor(growth, "128", threads)
        yield (
            f"The products alone take {floor:.0f} of our {time:.0f} ms at the "
            "rate of a lone product on the same runtime "
            "([below](#how-time-grows)). "
            + (
                "Rivals have no less to multiply: nobody can be far ahead "
                "without instructions for it."
                if floor > time / 2
                and not has_int8_products(results["machine"]["instructions"])
                else ""
            )
        ).strip()


def quantizations(figures, results):
    title = "Number formats"
    if not figures:
        return (title,)
    intro = (
        "The same ALBERT-base in each number format of `cpu`, and in integers "
        f"alone as for `npu`; 128 tokens, two threads, {figures['rounds']} "
        "rounds, each run in a fresh process."
    )
    names = {
        "file_mb": "file, MB",
        "load_ms": "load, ms",
        "median_ms": "run, ms",
        "peak_mb": "peak memory, MB",
    }
    beside = f"run, of {BASE}'s (lowest to highest)"
    rows = {
        name: {**row, "times": spread(row["times"])}
        for name, row in figures["rows"].items()
    }
    body = table(rows, {**names, "times": beside})
    return title, intro, body, _aims(figures["rows"])


def _aims(rows):
    """Returns whether the formats keep what was wanted of them."""
    time, size = rows["int8"]["times"], rows["int4"]["file_mb"]
    kept = "kept" if time["median"] <= 1.05 else "not kept"
    fits = "kept" if size <= 7.5 else "not kept"
    return (
        f"The aim for `int8` of at most 1.05 of {BASE}'s time is {kept} here: "
        f"{spread(time)}; that for `int4` of at most 7.5 MB is {fits}: "
        f"{size:.1f}."
    )


def growth(figures, results):
    title = "How time grows"
    if not figures:
        return (title,)
    threads = [*next(iter(figures["lengths"].values()))]
    rates = figures["floor"]["multiply_adds_per_s"]
    told = " and ".join(
        f"{rates[n] / 1e9:.0f} · 10⁹ a second with {n}" for n in threads
    )
    intro = (
        "One file over all lengths. The floor is the layers' multiply-adds at "
        "the fastest rate of a lone int8 product of the feed-forward's shape, "
        f"on the same runtime: {told} of its threads. Embeddings, softmax, "
        "layer normalization and GELU are not in it. "
        f"Rounds: {figures['rounds']}; in brackets the fastest and the slowest."
    )
    head = ["tokens"]
    for count in threads:
        unit = f"{count} thread" + "s" * (count != "1")
        head += [f"{unit}, ms", "floor, ms", "times the floor"]
    rows = [
        [
            length,
            *(cell for n in threads for cell in _cells(figures, length, n)),
        ]
        for length in figures["lengths"]
    ]
    more = f"128 tokens, {threads[-1]} threads, with more layers and more rows:"
    body = [intro, markdown(head, rows), more, _counts(figures)]
    if results["parts"].get("prepare", {}).get("figures"):
        body.append("With more workers: [text to a corpus](#text-to-a-corpus).")
    return title, *body


def _cells(figures, length, threads):
    time = figures["lengths"][length][threads]
    floor = _floor(figures, length, threads)
    return between(time), f"{floor:.1f}", f"{time['median'] / floor:.2f}"


def _counts(figures):
    """Returns a table of times by layers and by rows, and of each one's."""
    rows = [
        [
            f"{what}: {count}",
            between(time),
            f"{time['median'] / int(count):.1f}",
        ]
        for what in ("layers", "rows")
        for count, time in figures[what].items()
    ]
    return markdown(["", "ms", "ms each"], rows)


def _floor(figures, length, threads):
    """Returns the milliseconds that no run can be below."""
    floor = figures["floor"]
    rate = floor["multiply_adds_per_s"][threads]
    return 1e3 * floor["multiply_adds"][length] / rate
