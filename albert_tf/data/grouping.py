"""Which sequences of a pretraining share a batch, and in which order."""

import itertools

# Buckets end at the longest length, and at a half, a quarter, an eighth.
_NUM_HALVINGS = 3


def shuffled(rows, num_held, generator):
    """Yields the rows, each picked at random from those that are held.

    Args:
        rows: iterable.
        num_held: int >= 1.
        generator: numpy.random.Generator.
    """
    held = []
    for row in rows:
        if len(held) < num_held:
            held.append(row)
            continue
        place = int(generator.integers(num_held))
        yield held[place]
        held[place] = row
    generator.shuffle(held)
    yield from held


def unbucketed(rows, batch_size, max_length):
    """Yields batches of rows as they come, all with room for the longest.

    Args:
        rows: iterable of Row.
        batch_size: int >= 1, B.
        max_length: int, S.

    Yields:
        (list of Row, int): B rows, in the last batch perhaps fewer, and S.
    """
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, batch_size)):
        yield chunk, max_length


def bucketed(rows, batch_size, max_length):
    """Yields batches of rows that fill them, whatever their length.

    A batch of sequences half as long has twice as many, so that each update
    learns from about as many tokens. What the buckets hold in the end goes
    into longer ones; what is left then fills no batch.

    Args:
        rows: iterable of Row, none longer than `max_length`.
        batch_size: int >= 1. Rows of a batch of the longest, B.
        max_length: int. End of the longest bucket, S.

    Yields:
        (list of Row, int): B rows and S, 2B rows and S // 2, 4B and S // 4,
        or 8B and S // 8.

    Source: Ott et al., fairseq, arXiv:1904.01038 section 3: batches of so many
    tokens.
    """
    # From the shortest: an end, and the rows that fill a batch.
    sizes = {
        max_length >> n: batch_size << n for n in range(_NUM_HALVINGS, -1, -1)
    }
    held = {length: [] for length in sizes}
    for row in rows:
        length = next(n for n in sizes if len(row.token_ids) <= n)
        held[length].append(row)
        if len(held[length]) == sizes[length]:
            yield held[length], length
            held[length] = []
    left = []
    for length, size in sizes.items():
        left += held[length]
        while len(left) >= size:
            yield left[:size], length
            left = left[size:]
