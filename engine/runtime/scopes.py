"""Variables live in scopes, as in Camunda 8: read up the chain, write where the name is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.usecases.ports.process import Json


class Scope:
    """One level of variables; `owner` is the token of the sub-process whose inside it is.

    `records`: what was completed inside and can be undone, oldest first (see `compensation`).
    """

    __slots__ = ("owner", "records", "up", "variables")

    def __init__(
        self,
        up: int | None,
        owner: int | None,
        variables: dict[str, Json],
        records: tuple[Json, ...] = (),
    ) -> None:
        self.up = up
        self.owner = owner
        self.variables = variables
        self.records = records


class View(Mapping[str, Any]):
    """What an expression sees at a scope: its chain, then the parent's row, then the host."""

    __slots__ = ("_instance", "_scope")

    def __init__(self, instance: Instance, scope: int) -> None:
        self._instance = instance
        self._scope = scope

    def __getitem__(self, name: str) -> Any:
        scopes = self._instance.scopes
        at: int | None = self._scope
        while at is not None:
            scope = scopes[at]
            if name in scope.variables:
                return scope.variables[name]
            at = scope.up
        return self._instance.beyond(name)

    def __contains__(self, name: object) -> bool:
        try:
            self[str(name)]
        except KeyError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        names: dict[str, None] = {}
        at: int | None = self._scope
        while at is not None:
            scope = self._instance.scopes[at]
            names.update(dict.fromkeys(scope.variables))
            at = scope.up
        above = self._instance.above()
        if above is not None:
            names.update(dict.fromkeys(above))
        return iter(names)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Overlay(Mapping[str, Any]):
    """A view with a few more names before it."""

    __slots__ = ("_first", "_then")

    def __init__(self, first: Mapping[str, Any], then: Mapping[str, Any]) -> None:
        self._first = first
        self._then = then

    def __getitem__(self, name: str) -> Any:
        return self._first[name] if name in self._first else self._then[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._then), **dict.fromkeys(self._first)})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def merged(old: Json, path: tuple[str, ...], value: Json) -> Json:
    """The old value with one entry changed at a path of names; contexts are made as needed."""
    if not path:
        return value
    context = dict(old) if isinstance(old, Mapping) else {}
    context[path[0]] = merged(context.get(path[0]), path[1:], value)
    return context
