"""The page's sections of text: to ids, and to a corpus.

Each returns its title and its paragraphs; without figures, only the title.
"""

from benchmarks import kotlin
from benchmarks.tables import markdown, spread


def tokenizer(figures, results):
    title = "Text to ids"
    if not figures:
        return (title,)
    intro = (
        f"{figures['text_mb']:.1f} MB on one core, {figures['rounds']} rounds, "
        "in turn; times as fast as bare SentencePiece, which leaves out "
        "ALBERT's normalization and gives other ids. Here more is better."
    )
    rows = [
        [name, f"{row['mb_per_s']:.2f}", spread(_as_ratio(row))]
        for name, row in figures["rows"].items()
    ]
    head = ["", "MB/s", "times bare SentencePiece (lowest to highest)"]
    return title, intro, markdown(head, rows), *_about_kotlin(figures)


def _about_kotlin(figures):
    if kotlin.NAME in figures["rows"]:
        yield (
            "Kotlin is the tokenizer of `android_demo` on a Java virtual "
            "machine that has warmed up: it returns arrays, where the others, "
            "SentencePiece too, make lists of Python's numbers."
        )
    for name, why in figures["missing"].items():
        yield (
            f"Left out: {name}, the tokenizer of `android_demo`, which needs "
            f"Maven and JDK 17: here {why}."
        )


def _as_ratio(row):
    names = {"ratio": "median", "ratio_lowest": "low", "ratio_highest": "high"}
    return {new: row[old] for old, new in names.items()}


def prepare(figures, results):
    title = "Text to a corpus"
    if not figures:
        return (title,)
    several = f", the text {figures['copies']} times over in as many files"
    intro = (
        f"`albert prepare` on {figures['text_mb']:.1f} MB"
        + several * (figures["copies"] > 1)
        + f", {figures['rounds']} rounds. What one document takes, the start "
        "of Python and Beam, is taken off in all columns after it. The last "
        "one holds what a core does against SentencePiece alone on the same "
        f"sentences: {figures['floor_mb_per_s']:.1f} MB a second. Here more "
        "is better."
    )
    head = ["workers", "s", "of that, start", "MB/s", "times one worker"]
    head += ["MB a second of a core", "of SentencePiece alone"]
    rows = [
        [
            count,
            f"{row['wall_s']:.1f}",
            f"{row['start_wall_s']:.1f}",
            f"{row['mb_per_s']['median']:.2f}",
            spread(row["times_one"]),
            f"{row['mb_per_cpu_s']:.2f}",
            spread(row["share"]),
        ]
        for count, row in figures["rows"].items()
    ]
    same = "the same" if figures["same_bytes"] else "NOT the same"
    return title, intro, markdown(head, rows), f"The shards are {same} bytes."
