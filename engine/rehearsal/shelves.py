"""Rows in memory whose writes can be taken back, one by one, newest first."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

K = TypeVar("K")
V = TypeVar("V")

_GONE: Final = object()


class Undo:
    """What stood before each write, oldest first."""

    def __init__(self) -> None:
        self._before: list[tuple[dict[object, object], object, object]] = []

    def remember(self, shelf: dict[object, object], key: object, before: object) -> None:
        """Note what a write is about to replace."""
        self._before.append((shelf, key, before))

    def mark(self) -> int:
        """A place to return to."""
        return len(self._before)

    def back_to(self, mark: int) -> None:
        """Take back every write since that place."""
        while len(self._before) > mark:
            shelf, key, before = self._before.pop()
            if before is _GONE:
                dict.pop(shelf, key, None)
            else:
                dict.__setitem__(shelf, key, before)

    def forget(self) -> None:
        """Let everything stand for good."""
        self._before.clear()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What raises inside leaves nothing behind."""
        mark = self.mark()
        try:
            yield
        except BaseException:
            self.back_to(mark)
            raise


class Shelf(dict[K, V], Generic[K, V]):
    """Rows by key; each write goes into the undo list. Rows are copied when put and taken."""

    def __init__(self, undo: Undo) -> None:
        super().__init__()
        self._undo = undo

    def __setitem__(self, key: K, row: V) -> None:
        """Put a copy of a row, in the place of another of its key."""
        self._undo.remember(self, key, super().get(key, _GONE))  # type: ignore[arg-type]
        super().__setitem__(key, copy.copy(row))

    def __delitem__(self, key: K) -> None:
        """Take a row away."""
        self._undo.remember(self, key, self[key])  # type: ignore[arg-type]
        super().__delitem__(key)

    def take(self, key: K | None) -> V | None:
        """A copy of a row, or None."""
        row = None if key is None else self.get(key)
        return copy.copy(row)
