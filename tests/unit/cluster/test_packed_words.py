"""Embeddings that are unpacked row by row are those that are unpacked all at once."""

from __future__ import annotations

import numpy as np
import pytest

from research.cluster.encoder import pack_words, read_words

WORDS = np.random.default_rng(3).normal(size=(50, 8)).astype(np.float32)


def unpacked(stored):
    """Two numbers a byte, by the definition of the format."""
    rows = [[n for byte in row for n in (byte // 16, byte % 16)] for row in stored["words.whole"].tolist()]
    return (np.array(rows, dtype=np.float32) - 8) * stored["words.scale"]


@pytest.mark.parametrize("rows", [[0], [49, 0, 0, 7], [[1, 2, 3], [4, 5, 6]], []])
def test_rows_are_equal_bit_for_bit(rows):
    stored = pack_words(WORDS)
    found = read_words(stored)[np.array(rows, dtype=np.int64)]
    assert found.dtype == np.float32
    assert np.array_equal(found, unpacked(stored)[np.array(rows, dtype=np.int64)])


def test_a_row_that_was_given_may_be_changed():
    words = read_words(pack_words(WORDS))
    before = words[np.array([3])].copy()
    changed = words[np.array([3])]
    changed += 1
    assert np.array_equal(words[np.array([3])], before)


def test_all_of_them_are_an_array_and_pack_to_the_same_bytes():
    stored = pack_words(WORDS)
    words = read_words(stored)
    assert words.shape == WORDS.shape
    assert np.array_equal(np.asarray(words), unpacked(stored))
    assert np.array_equal(pack_words(np.asarray(words))["words.whole"], stored["words.whole"])
