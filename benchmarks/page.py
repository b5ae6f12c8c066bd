"""The page of `python -m benchmarks`, made from its JSON alone."""

from benchmarks import machine, page_device, page_text
from benchmarks.parts import PARTS
from benchmarks.tables import ratios, table

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
    if "bfloat16" in figures["precisions"]:
        body.append(
            "In bfloat16 Keras follows its policy `mixed_bfloat16`, PyTorch "
            "its autocast; both keep the weights in float32."
        )
    if not machine.has_bfloat16(facts["instructions"]):
        body.append(
            "No bfloat16: this CPU has no instructions for it "
            "(`avx512_bf16`, `amx_bf16`), and emulated it says nothing."
        )
    return title, *body


_SECTIONS = {
    "device": page_device.device,
    "quantizations": page_device.quantizations,
    "growth": page_device.growth,
    "training": _training,
    "tokenizer": page_text.tokenizer,
    "prepare": page_text.prepare,
}
