"""Cascading (penyelarasan): links from a result to the leaders' results and objectives it serves.

Source: PermenPANRB 6/2022, direct and non-direct cascading; principle 4: no employee without a
contribution, so that every main result reaches an objective.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import Violation
from engine.domain.plans import ItemKind, RoleKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime


class CascadeMethod(StrEnum):
    """How a result comes out of the one above."""

    #: the same result, split by scope, area, component or quantity (cascading langsung)
    DIRECT = "direct"
    #: a contributing result, possibly for several above (cascading tidak langsung)
    NONDIRECT = "nondirect"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLink:
    """A result serves a leader's result (RHK pimpinan yang diintervensi) or an objective."""

    #: UUIDv7 text
    id: str
    #: the result that serves
    child_id: str
    #: the leader's result served; None: an objective is
    parent_id: str | None = None
    #: the objective served; None: a leader's result is
    objective_id: str | None = None
    #: direct or non-direct
    method: CascadeMethod = CascadeMethod.NONDIRECT
    #: what it contributes, in words
    note: str = ""
    #: the squad that carries the contribution, when one does
    squad_id: str | None = None
    #: who linked; None: proposed by Regu from the leader's plan
    linked_by: str | None = None
    #: when
    at: datetime

    @property
    def serves(self) -> str:
        """Id of what is served."""
        return self.parent_id or self.objective_id or ""


def check_links(links: Sequence[ResultLink]) -> tuple[Violation, ...]:
    """Promise: every fault of a cycle's links, each named by the link or the result.

    One target per link, no result serves itself or comes back to itself, one link per pair, at
    most one direct link per result.
    """
    found: list[Violation] = []
    pairs: set[tuple[str, str]] = set()
    direct: set[str] = set()
    for link in links:
        if (link.parent_id is None) is (link.objective_id is None):
            found.append(_fault("link_target", link.id, "serves one result or one objective"))
        if (link.child_id, link.serves) in pairs:
            found.append(_fault("link_twice", link.child_id, f"serves {link.serves} twice"))
        pairs.add((link.child_id, link.serves))
        if link.method is CascadeMethod.DIRECT:
            if link.child_id in direct:
                found.append(_fault("link_direct", link.child_id, "two results split directly"))
            direct.add(link.child_id)
    found += [_fault("link_circle", item, "serves itself") for item in circles(served(links))]
    return tuple(found)


def served(links: Iterable[ResultLink]) -> dict[str, set[str]]:
    """Promise: for each result the leaders' results it serves, by id."""
    found: dict[str, set[str]] = {}
    for link in links:
        if link.parent_id is not None:
            found.setdefault(link.child_id, set()).add(link.parent_id)
    return found


def circles(parents: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Promise: every id that, followed to what it serves, comes back to itself, sorted.

    Shapes: id to the ids it serves; ids outside the mapping end the line.
    """
    return tuple(item for item in sorted(parents) if item in above([item], parents))


def above(starts: Iterable[str], parents: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Promise: everything that the starts serve, directly or through others."""
    found: set[str] = set()
    open_ids = list(starts)
    while open_ids:
        for parent in parents.get(open_ids.pop(), ()):
            if parent not in found:
                found.add(parent)
                open_ids.append(parent)
    return frozenset(found)


def orphans(mains: Iterable[str], links: Sequence[ResultLink]) -> tuple[str, ...]:
    """Promise: main results from which no line of links reaches an objective, sorted."""
    parents = served(links)
    landed = {link.child_id for link in links if link.objective_id is not None}
    return tuple(item for item in sorted(mains) if not landed & {item, *above([item], parents)})


def uncovered(objectives: Mapping[str, str | None], links: Iterable[ResultLink]) -> tuple[str, ...]:
    """Promise: objectives that no result serves, neither directly nor through one below, sorted.

    Shapes: objective id to the id of the objective above it.
    """
    ladder = {one: [parent] for one, parent in objectives.items() if parent is not None}
    touched = {link.objective_id for link in links if link.objective_id is not None}
    return tuple(sorted(objectives.keys() - touched - above(touched, ladder)))


def kind_of(chosen: ItemKind, role_kind: RoleKind, *, serves_objective: bool) -> ItemKind:
    """Promise: utama for a squad's result that reaches an objective; else as chosen."""
    if role_kind is RoleKind.SQUAD and serves_objective:
        return ItemKind.UTAMA
    return chosen


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
