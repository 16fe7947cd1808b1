"""A Merkle tree over a log that only grows: RFC 6962 section 2.1, checks of RFC 9162 section 2.1.

Pure: hashes in, hashes out. A leaf's hash and a node's hash begin with different bytes, so that
neither can be passed off as the other.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: root of a tree without leaves
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Hash of a leaf (RFC 6962: 0x00 before its content)."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node (RFC 6962: 0x01 before both children)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The roots of the perfect subtrees that make up the first `size` leaves, largest first.

    They are all that is needed to append: at most one hash per bit of the size.
    """

    def __init__(self, size: int = 0, nodes: Sequence[bytes] = ()) -> None:
        """As it stood after `size` leaves; `ValueError` when the nodes do not fit the size."""
        if len(nodes) != size.bit_count():
            raise ValueError(f"{size} leaves have {size.bit_count()} roots, not {len(nodes)}")
        self.size = size
        self.nodes = list(nodes)

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf (or, all alike, of the next perfect subtree)."""
        node, before = leaf, self.size
        while before & 1:
            node = node_hash(self.nodes.pop(), node)
            before >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Hash of the whole tree."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = node_hash(node, root)
        return root


def tree_root(hashes: Iterable[bytes]) -> bytes:
    """Root over leaf hashes; also over roots of equal perfect subtrees, the last one smaller."""
    tree = CompactRange()
    for one in hashes:
        tree.append(one)
    return tree.root()


def inclusion_path(index: int, size: int, root: Callable[[int, int], bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1, lowest first; `root(lo, hi)` hashes a range of leaves."""
    return _path(index, 0, size, root)


def _path(index: int, low: int, high: int, root: Callable[[int, int], bytes]) -> list[bytes]:
    if high - low <= 1:
        return []
    middle = low + _split(high - low)
    if index < middle:
        return [*_path(index, low, middle, root), root(middle, high)]
    return [*_path(index, middle, high, root), root(low, middle)]


def consistency_path(first: int, second: int, root: Callable[[int, int], bytes]) -> list[bytes]:
    """PROOF of RFC 6962 section 2.1.2 that the first `first` of `second` leaves stayed."""
    if first in (0, second):
        return []
    path: list[bytes] = []
    low, high, whole = 0, second, True
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(root(middle, high))
            high = middle
        else:
            path.append(root(low, middle))
            low, whole = middle, False
    if not whole:
        path.append(root(low, high))
    return path[::-1]


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << ((count - 1).bit_length() - 1)


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from a leaf's hash to the root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for node in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(node, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, node)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistent(first: tuple[int, bytes], second: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Whether a tree (size, root) goes on from an earlier one (RFC 9162 section 2.1.4.2)."""
    (small, old), (large, new) = first, second
    if small in (large, 0):
        return not path and (old == new if small == large else old == EMPTY_ROOT)
    if small > large:
        return False
    nodes = [old, *path] if small & (small - 1) == 0 else list(path)
    if not nodes:
        return False
    at, last = small - 1, large - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(node, before), node_hash(node, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, node)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old and after == new
