"""The order of the guide's pages. A page it does not name comes last."""

ORDER = {
    "Start": ("index.md", "install.md", "concepts.md"),
    "How to": (
        "tasks.md",
        "question_answering.md",
        "pretraining.md",
        "weights.md",
        "export.md",
        "early_exit.md",
        "raspberry_pi.md",
        "android.md",
        "troubleshooting.md",
    ),
    "Coming from": (
        "from_google.md",
        "from_transformers.md",
        "from_keras_hub.md",
        "from_model_maker.md",
    ),
    "Measured": ("figures.md", "benchmarks.md", "comparison.md"),
    "Reference": ("bundle.md",),
    "Commands": ("commands/",),
    "Python": ("python/",),
}
REST = "More"


def ordered(paths):
    """Returns MkDocs' navigation of pages.

    Args:
        paths: list of str. Every page, relative to `docs`.

    Returns:
        list of {section: list of str}: each page once; pages of the table
        that do not exist are left out.
    """
    left = sorted(paths)
    sections = []
    for title, names in ORDER.items():
        found = [
            path
            for name in names
            for path in left
            if path == name or (name.endswith("/") and path.startswith(name))
        ]
        left = [path for path in left if path not in found]
        if found:
            sections.append({title: found})
    return [*sections, {REST: left}] if left else sections
