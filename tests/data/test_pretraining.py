"""Batches for pretraining: reproducible, resumable, weighted exactly."""

import numpy as np
import pytest

from albert_tf.data.corpus import Corpus
from albert_tf.data.masking import MaskingOptions
from albert_tf.data.pretraining import PretrainingBatches
from albert_tf.data.segments import SegmentOptions
from tests.corpora import documents, write_corpus


@pytest.fixture(scope="module")
def corpus(small_tokenizer, tmp_path_factory):
    texts = documents(small_tokenizer)
    folder = tmp_path_factory.mktemp("corpus")
    return Corpus.open(
        write_corpus(folder, small_tokenizer, texts[3:], texts[:3], 2)
    )


def _batches(corpus, tokenizer, batch_size=4, **options):
    return PretrainingBatches(
        corpus,
        tokenizer,
        options.pop("segments", SegmentOptions(max_length=48)),
        MaskingOptions(),
        batch_size=batch_size,
        seed=options.pop("seed", 1),
        num_shuffled=16,
        **options,
    )


# Of many lengths, so that buckets of several are used.
_MIXED = SegmentOptions(max_length=256, short_sequence_rate=1.0)


def _taken(dataset, count):
    return [_flat(b) for b in dataset.take(count).as_numpy_iterator()]


def _flat(batch):
    return {
        (part, name): value
        for part, values in enumerate(batch)
        for name, value in values.items()
    }


def _same(one, other):
    return one.keys() == other.keys() and all(
        np.array_equal(one[key], other[key]) for key in one
    )


def test_a_batch_says_what_it_hides(corpus, small_tokenizer):
    batches = _batches(corpus, small_tokenizer)
    for inputs, targets, weights in batches.training().take(5):
        inputs = {name: value.numpy() for name, value in inputs.items()}
        is_real = inputs["padding_mask"] == 1
        assert ((inputs["token_ids"] == 0) == ~is_real).all()
        assert (inputs["segment_ids"][~is_real] == 0).all()
        predicted = weights["masked_lm_logits"].numpy() > 0
        for row in range(4):
            places = inputs["masked_positions"][row][predicted[row]]
            assert is_real[row][places].all()
            answers = targets["masked_lm_logits"][row].numpy()[predicted[row]]
            text = inputs["token_ids"][row][is_real[row]].copy()
            text[places] = answers
            assert 4 not in text and text[0] == 2 and text[-1] == 3
        for values in weights.values():
            np.testing.assert_allclose(np.mean(values), 1.0, rtol=1e-6)


def test_training_ends_after_the_steps_asked_for(corpus, small_tokenizer):
    """Over the end of an epoch, and in parts."""
    batches = _batches(corpus, small_tokenizer, num_parts=2)
    got = list(batches.training(1, num_steps=30).as_numpy_iterator())
    assert len(got) == 60 and batches.num_batches[0] < 31
    endless = _batches(corpus, small_tokenizer, num_parts=2).training(1)
    for one, other in zip(got, _taken(endless, 60), strict=True):
        assert _same(_flat(one), other)


def test_every_training_token_is_seen_in_an_epoch(corpus, small_tokenizer):
    batches = _batches(corpus, small_tokenizer, batch_size=1)
    seen = 0
    # Rows are made ahead of use: the epoch may be counted before its end.
    for count, (inputs, *_) in enumerate(batches.training()):
        if count == batches.num_batches.get(0):
            break
        seen += int(np.sum(inputs["padding_mask"])) - 3
    total = corpus.splits["train"].num_tokens
    # Lone sentences have one special token less; pairs lose what is too much.
    assert 0.75 * total < seen < 1.05 * total


def test_the_seed_and_the_epoch_decide(corpus, small_tokenizer):
    first = _batches(corpus, small_tokenizer)
    one = _taken(first.training(), 40)
    again = _taken(_batches(corpus, small_tokenizer).training(), 40)
    assert all(map(_same, one, again))
    other = _taken(_batches(corpus, small_tokenizer, seed=2).training(), 4)
    assert not any(map(_same, one, other))
    length = first.num_batches[0]
    assert length < 40 and not _same(one[0], one[length])


@pytest.mark.parametrize("is_grouped", [False, True])
@pytest.mark.parametrize("start", [1, 7, 23, 38])
def test_goes_on_where_it_stopped(corpus, small_tokenizer, start, is_grouped):
    options = {"length_buckets": is_grouped}
    if is_grouped:
        options |= {"batch_size": 1, "segments": _MIXED}
    whole = _batches(corpus, small_tokenizer, **options)
    batches = _taken(whole.training(), 40)
    shapes = {batch[0, "token_ids"].shape for batch in batches}
    assert len(shapes) == (3 if is_grouped else 1)
    expected = batches[start:]
    rest = _batches(corpus, small_tokenizer, **options)
    rest.num_batches.update(whole.num_batches)
    got = _taken(rest.training(start), 40 - start)
    assert all(map(_same, expected, got))
    # Also where no epoch was over, and the numbers are unknown.
    fresh = _batches(corpus, small_tokenizer, **options).training(start)
    fresh = _taken(fresh, 2)
    assert start > whole.num_batches[0] or all(map(_same, expected, fresh))


def test_repeats_are_for_training_alone(corpus, small_tokenizer):
    plain, repeating = (
        PretrainingBatches(
            corpus,
            small_tokenizer,
            SegmentOptions(max_length=256, repeated_rate=rate),
            MaskingOptions(),
            batch_size=4,
            seed=1,
            num_shuffled=16,
        )
        for rate in (0.0, 1.0)
    )
    one, other = (_taken(b.held_out(), 40) for b in (plain, repeating))
    assert len(one) == len(other) and all(map(_same, one, other))
    weights = [
        int(np.count_nonzero(batch[2]["sentence_order_logits"]))
        for batches in (plain, repeating)
        for batch in batches.training().take(20)
    ]
    # Of what is repeated no order is asked.
    assert sum(weights[:20]) > 40 and not any(weights[20:])


def _sequences(batches, count):
    """Returns what is asked of each sequence, by its tokens, without padding.

    Tokens of which nothing is hidden, and nothing asked, are left out.
    """
    found = {}
    for inputs, targets, weights in batches.training().take(count):
        places = np.array(inputs["masked_positions"])
        answers = np.array(targets["masked_lm_logits"])
        asked = np.array(weights["masked_lm_logits"]) > 0
        orders = np.where(
            np.array(weights["sentence_order_logits"]) > 0,
            np.array(targets["sentence_order_logits"]),
            -1,
        )
        for row, mask in enumerate(np.array(inputs["padding_mask"])):
            text = tuple(
                tuple(np.array(inputs[name])[row][mask == 1].tolist())
                for name in ("token_ids", "segment_ids")
            )
            found[text] = (
                tuple(places[row][asked[row]].tolist()),
                tuple(answers[row][asked[row]].tolist()),
                int(orders[row]),
            )
    return found


def test_buckets_change_no_sequence(corpus, small_tokenizer):
    plain, grouped = (
        _batches(
            corpus,
            small_tokenizer,
            1,
            length_buckets=is_grouped,
            segments=_MIXED,
        )
        for is_grouped in (False, True)
    )
    for batches in (plain, grouped):
        _taken(batches.training(), 200)
    expected = _sequences(plain, plain.num_batches[0])
    found = _sequences(grouped, grouped.num_batches[0])
    # Batches of one row leave none over at the end of an epoch.
    assert found == expected and len(found) > 20


def test_buckets_leave_little_padding(corpus, small_tokenizer):
    shares, shapes = [], []
    for is_grouped in (False, True):
        batches = _batches(
            corpus,
            small_tokenizer,
            1,
            length_buckets=is_grouped,
            segments=_MIXED,
        )
        dataset = batches.training().take(100)
        masks = [np.array(inputs["padding_mask"]) for inputs, *_ in dataset]
        shares.append(np.mean([mask.mean() for mask in masks]))
        shapes.append({mask.shape for mask in masks})
    assert shapes == [{(1, 256)}, {(1, 256), (2, 128), (4, 64)}]
    assert shares[1] > 1.2 * shares[0]


@pytest.mark.parametrize("is_grouped", [False, True])
def test_parts_make_up_the_whole(corpus, small_tokenizer, is_grouped):
    options = {"length_buckets": is_grouped}
    if is_grouped:
        options |= {"batch_size": 2, "segments": _MIXED}
    whole = _taken(_batches(corpus, small_tokenizer, **options).training(), 3)
    halves = _batches(corpus, small_tokenizer, num_parts=2, **options)
    parts = _taken(halves.training(), 6)
    for batch, first, second in zip(whole, parts[::2], parts[1::2]):
        joined = {k: np.concatenate([first[k], second[k]]) for k in batch}
        assert _same(batch, joined)


def test_held_out_is_always_the_same(corpus, small_tokenizer):
    batches = _batches(corpus, small_tokenizer)
    dataset = batches.held_out()
    one = [_flat(b) for b in dataset.as_numpy_iterator()]
    again = [_flat(b) for b in dataset.as_numpy_iterator()]
    assert len(one) == int(dataset.cardinality()) > 1
    assert all(map(_same, one, again))
    assert int(batches.held_out(max_batches=1).cardinality()) == 1


@pytest.mark.parametrize("num_parts", [2, 4])
def test_held_out_comes_in_the_same_parts(corpus, small_tokenizer, num_parts):
    whole = _batches(corpus, small_tokenizer)
    batches = _batches(corpus, small_tokenizer, num_parts=num_parts)
    (trained,) = _taken(batches.training(), 1)
    for max_batches in (None, 2):
        dataset = batches.held_out(max_batches)
        expected = _taken(whole.held_out(max_batches), -1)
        parts = _taken(dataset, -1)
        assert len(parts) == int(dataset.cardinality())
        assert len(parts) == num_parts * len(expected) > num_parts
        for part in parts:
            assert all(part[k].shape == trained[k].shape for k in trained)
        for key in trained:
            np.testing.assert_array_equal(
                np.concatenate([part[key] for part in parts]),
                np.concatenate([batch[key] for batch in expected]),
            )


@pytest.mark.parametrize("batch_size", [4, 7, 500])
def test_all_of_held_out_counts_alike(corpus, small_tokenizer, batch_size):
    """Also where the last batch is not full, or the only one."""
    one_by_one = _batches(corpus, small_tokenizer, 1).held_out()
    num_rows = int(one_by_one.cardinality())
    assert 7 < num_rows < 500 and num_rows % 4 and num_rows % 7
    got = list(_batches(corpus, small_tokenizer, batch_size).held_out())
    assert len(got) == -(-num_rows // batch_size)
    for name in got[0][2]:
        weights = np.stack([batch[2][name].numpy() for batch in got])
        assert weights.shape[1] == batch_size
        asked = [np.sum(row[2][name] > 0) for row in one_by_one]
        assert np.sum(weights > 0) == sum(asked) > 0
        assert len(np.unique(weights)) <= 2
        np.testing.assert_allclose(weights.mean(), 1.0, rtol=1e-5)


def test_another_tokenizer_is_refused(corpus, tmp_path):
    from albert_tf import AlbertTokenizer

    lines = [f"some words of another text {i}" for i in range(200)]
    path = tmp_path / "text.txt"
    path.write_text("\n".join(lines))
    other = AlbertTokenizer.train(path, vocab_size=40)
    with pytest.raises(ValueError, match="does not match the corpus"):
        _batches(corpus, other)


def test_nothing_held_out(small_tokenizer, tmp_path):
    texts = documents(small_tokenizer)
    corpus = Corpus.open(write_corpus(tmp_path, small_tokenizer, texts, []))
    with pytest.raises(ValueError, match="no held-out documents"):
        _batches(corpus, small_tokenizer).held_out()


def test_a_truncated_shard_is_named(small_tokenizer, tmp_path):
    texts = documents(small_tokenizer)
    write_corpus(tmp_path, small_tokenizer, texts, texts[:1])
    path = next(tmp_path.glob("train-*"))
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(ValueError, match="expected .*bytes|damaged"):
        Corpus.open(tmp_path)
