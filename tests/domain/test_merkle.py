from __future__ import annotations

import hashlib

import pytest

from engine.domain.merkle import (
    EMPTY_ROOT,
    CompactRange,
    consistency_path,
    consistent,
    included,
    inclusion_path,
    leaf_hash,
    tree_root,
)

LEAVES = [leaf_hash(bytes([n])) for n in range(40)]


def by_the_book(low, high):
    """MTH as RFC 6962 section 2.1 writes it."""
    if high == low:
        return hashlib.sha256(b"").digest()
    if high - low == 1:
        return LEAVES[low]
    k = 1
    while k * 2 < high - low:
        k *= 2
    left, right = by_the_book(low, low + k), by_the_book(low + k, high)
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_hashes_are_those_that_certificate_transparency_publishes():
    assert EMPTY_ROOT.hex().startswith("e3b0c44298fc1c149afbf4c8996fb924")
    assert leaf_hash(b"").hex().startswith("6e340b9cffb37a989ca544e6bb780a2c")


def test_a_compact_range_gives_the_root_of_every_size_and_goes_on_from_any():
    for size in range(len(LEAVES)):
        assert tree_root(LEAVES[:size]) == by_the_book(0, size)
        half = CompactRange()
        for leaf in LEAVES[: size // 2]:
            half.append(leaf)
        going_on = CompactRange(half.size, half.nodes)
        for leaf in LEAVES[size // 2 : size]:
            going_on.append(leaf)
        assert going_on.root() == by_the_book(0, size)
    with pytest.raises(ValueError, match="3 leaves have 2 roots, not 1"):
        CompactRange(3, [LEAVES[0]])


def test_every_entry_is_proved_in_every_tree_and_nothing_else_is():
    for size in range(1, 24):
        root = by_the_book(0, size)
        for index in range(size):
            path = inclusion_path(index, size, by_the_book)
            assert included(LEAVES[index], index, size, path, root)
            assert not included(LEAVES[index + 1], index, size, path, root)
            assert not included(LEAVES[index], index, size, path, LEAVES[0][::-1])
            assert not included(LEAVES[index], index, size, [*path, root], root)
            assert not path or not included(LEAVES[index], index, size, path[:-1], root)


def test_every_tree_is_proved_to_go_on_from_every_smaller_one_and_from_no_other():
    for large in range(1, 24):
        after = (large, by_the_book(0, large))
        for small in range(large + 1):
            path = consistency_path(small, large, by_the_book)
            assert consistent((small, by_the_book(0, small)), after, path)
            assert not consistent((small, LEAVES[39]), after, path)
            if 0 < small < large:
                other = [*path[:-1], LEAVES[39]]
                assert not consistent((small, by_the_book(0, small)), after, other)
                assert not consistent((small, by_the_book(0, small)), after, path[:-1])
