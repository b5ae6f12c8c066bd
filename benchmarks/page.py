"""The page of `python -m benchmarks`, made from its JSON alone."""

from benchmarks import machine
from benchmarks.parts import PARTS
from benchmarks.tables import markdown, ratios, spread, table

_HEAD = """# Benchmarks

What `make bench` measured, part by part on one machine: this page is made from
[its figures](benchmarks.json). Machines are shared and times drift, so every
ratio is of runs in turn, with the lowest and the highest pair behind it: the
ratios are what to quote. Below 1, ours takes less.
"""


def page(results, pictures=()):
    """Returns the page as Markdown.

    Args:
        results: dict with `machine` and `parts`, as `python -m benchmarks`
            writes it.
        pictures: names of the pictures that were drawn.
    """
    texts = [_HEAD, _machine(results["machine"])]
    for name in PARTS:
        write = _SECTIONS[name]
        part = results["parts"].get(name, {})
        title, *body = write(part.get("figures"), results)
        if "figures" not in part:
            why = part.get("failed", "It was not run.")
            body = [f"No figures: {why}"]
        elif "failed" in part:
            body.append(f"Ended early: it {part['failed']}.")
        if part.get("other_work", 0) >= 0.1:
            body.append(
                f"Other work took {part['other_work']:.0%} of the cores "
                "meanwhile: times are longer than on a quiet machine, spreads "
                "wider, and PyTorch, whose threads wait for each other, loses "
                "far more than the rest. Quote no time of here; what quiet "
                "cores gave is in [figures](figures.md)."
            )
        if f"benchmarks_{name}.svg" in pictures:
            body.append(f"![{title}](pictures/benchmarks_{name}.svg)")
        texts.append("\n\n".join([f"## {title}", *body]) + "\n")
    return "\n".join(texts)


def _machine(facts):
    names = ", ".join(facts["instructions"]) or "none that matter here"
    versions = ", ".join(
        f"{name} {version}" for name, version in facts["versions"].items()
    )
    products = "It has" if _has_products(facts) else "It has no"
    return (
        f"{facts['cpu']}, {facts['cores']} cores, {facts['memory_gb']} GB, "
        f"{facts['system']}, Python {facts['python']}. Instructions: {names}. "
        f"{products} instructions that multiply and add int8, which the "
        f"times of int8 hang on.\n\nVersions: {versions}.\n"
    )


def _has_products(facts):
    return machine.has_int8_products(facts["instructions"])


def _device(figures, results):
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
        floor = _floor(growth, "128", threads)
        yield (
            f"The products alone take {floor:.0f} of our {time:.0f} ms at the "
            "rate of a lone product on the same runtime "
            "([below](#how-time-grows)). "
            + (
                "Rivals have no less to multiply: nobody can be far ahead "
                "without instructions for it."
                if floor > time / 2 and not _has_products(results["machine"])
                else ""
            )
        ).strip()


def _growth(figures, results):
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
        "layer normalization and GELU are not in it."
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
    last = f"128 tokens, {threads[-1]} threads. " + "; ".join(
        f"{what}: "
        + ", ".join(f"{n} in {t:.0f} ms" for n, t in figures[what].items())
        for what in ("layers", "rows")
    )
    return title, intro, markdown(head, rows), last + "."


def _cells(figures, length, threads):
    time = figures["lengths"][length][threads]
    floor = _floor(figures, length, threads)
    return f"{time:.1f}", f"{floor:.1f}", f"{time / floor:.2f}"


def _floor(figures, length, threads):
    """Returns the milliseconds that no run can be below."""
    floor = figures["floor"]
    rate = floor["multiply_adds_per_s"][threads]
    return 1e3 * floor["multiply_adds"][length] / rate


def _training(figures, results):
    title = "A training step"
    if not figures:
        return (title,)
    rounds = figures["precisions"]["float32"]["rounds"]
    body = [
        f"ALBERT-base, {figures['batch_size']} rows of {figures['length']} "
        "tokens, AdamW, gradients clipped, each in a process of its own; "
        f"median of {figures['steps']} steps after the first, "
        f"rounds: {rounds}. Memory is above what the imports hold."
    ]
    names = {"step_s": "a step, s", "peak_mb": "peak memory, MB"}
    shown = {"step_s": "time", "peak_mb": "peak memory"}
    for precision, found in figures["precisions"].items():
        ours = next(iter(found["rows"]))
        body += [
            f"**{precision}**",
            table(found["rows"], names),
            f"{ours} divided by the others:",
            ratios(found["ratios"], shown),
        ]
    facts = results["machine"]
    if not machine.has_bfloat16(facts["instructions"]):
        body.append(
            "No bfloat16: this CPU has no instructions for it "
            "(`avx512_bf16`, `amx_bf16`), and emulated it says nothing."
        )
    return title, *body


def _tokenizer(figures, results):
    title = "Text to ids"
    if not figures:
        return (title,)
    intro = (
        f"{figures['text_mb']:.1f} MB on one core, in turn; times as fast as "
        "bare SentencePiece, which leaves out ALBERT's normalization and "
        "gives other ids. Here more is better."
    )
    rows = [
        [name, f"{row['mb_per_s']:.2f}", spread(_as_ratio(row))]
        for name, row in figures["rows"].items()
    ]
    head = ["", "MB/s", "times bare SentencePiece (lowest to highest)"]
    return title, intro, markdown(head, rows)


def _as_ratio(row):
    names = {"ratio": "median", "ratio_lowest": "low", "ratio_highest": "high"}
    return {new: row[old] for old, new in names.items()}


def _prepare(figures, results):
    title = "Text to a corpus"
    if not figures:
        return (title,)
    intro = (
        f"`albert prepare` on {figures['text_mb']:.1f} MB, "
        f"{figures['rounds']} rounds. What one document takes, the start of "
        "Python and Beam, is taken off in the last two columns, which are to "
        "be held against SentencePiece alone on the same sentences: "
        f"{figures['floor_mb_per_s']:.1f} MB a second of a core. Here more is "
        "better."
    )
    head = [
        "workers",
        "s",
        "s of a core",
        "of that, start",
        "MB a second of a core",
    ]
    head.append("of SentencePiece alone")
    rows = [
        [
            count,
            f"{row['wall_s']:.1f}",
            f"{row['cpu_s']:.1f}",
            f"{row['start_cpu_s']:.1f}",
            f"{row['mb_per_cpu_s']:.2f}",
            spread(row["share"]),
        ]
        for count, row in figures["rows"].items()
    ]
    same = "the same" if figures["same_bytes"] else "NOT the same"
    return title, intro, markdown(head, rows), f"The shards are {same} bytes."


_SECTIONS = {
    "device": _device,
    "growth": _growth,
    "training": _training,
    "tokenizer": _tokenizer,
    "prepare": _prepare,
}
