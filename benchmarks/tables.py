"""Tables and ratios in Markdown."""


def table(rows, names):
    """Returns a table of figures: a row each, a column each name."""
    cells = [
        [name, *(_number(row.get(figure)) for figure in names)]
        for name, row in rows.items()
    ]
    return markdown(["", *names.values()], cells)


def ratios(pairs, names):
    """Returns a table of ratios: a row each peer, a column each figure."""
    rows = [
        [name, *(spread(each[figure]) for figure in names)]
        for name, each in pairs.items()
    ]
    return markdown(["", *names.values()], rows)


def spread(ratio):
    """Returns a ratio with its lowest and highest pair."""
    return "{median:.2f} ({low:.2f} to {high:.2f})".format(**ratio)


def between(time):
    """Returns a time with the lowest and highest of its rounds."""
    return f"{_number(time['median'])} (" + (
        f"{_number(time['low'])} to {_number(time['high'])})"
    )


def _number(value):
    """Returns three digits that count; a text stays as it is."""
    if value is None or isinstance(value, str):
        return value or ""
    decimals = (value < 100) + (value < 10)
    return f"{value:.{decimals}f}"


def markdown(head, rows):
    """Returns a table: the first column to the left, numbers to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
