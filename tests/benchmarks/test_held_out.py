"""What is told of held-out pieces and orders."""

import numpy as np

from benchmarks.held_out import in_sight, summary


def test_pieces_in_sight_of_their_mask():
    mask = 4
    inputs = {
        # Hidden, seen, seen, hidden, kept at its place.
        "token_ids": np.array([[mask, 700, 900, mask, 800]]),
        "masked_positions": np.array([[0, 3, 4]]),
    }
    # The last is not hidden; of two 700s only the other row's is in sight.
    wanted = np.array([[700, 600, 800]])
    assert in_sight(inputs, wanted, mask).tolist() == [[1, 0, -1]]
    frequent = np.array([[10, 700, 800]])
    assert in_sight(inputs, frequent, mask).tolist() == [[-1, 1, -1]]
    twice = {name: np.concatenate([v, v]) for name, v in inputs.items()}
    twice["token_ids"][1, 1] = 5
    both = in_sight(twice, np.concatenate([wanted, wanted]), mask)
    assert both.tolist() == [[1, 0, -1], [0, 0, -1]]


def test_orders_of_long_sequences_are_told_apart():
    pieces = np.array([[9, 9, 700], [9, 8, 700], [-1, 0, 1]])
    draws = [
        (pieces, np.array([[0, 1], [0, 1], [1, 1]])),
        (pieces, np.array([[1, 0, 1], [0, 1, 0], [0, 0, 1]])),
    ]
    found = summary(draws)
    assert found["orders"] == 5 and found["orders_long"] == 3
    assert found["sentence_order"] == 0.4
    assert found["sentence_order_long"] == 0.6667
    assert found["sentence_order_spread"] == 0.5
    assert found["masked_lm"] == 0.6667
    assert found["rare_in_sight"] == 1.0
    assert found["rare_out_of_sight"] == 0.0
