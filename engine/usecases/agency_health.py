"""Whether an agency's data lets the year work: people, units, tasks, imports that lack something.

Every reading takes a constant number of statements, whatever the size of the agency.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain import organisation
from engine.usecases import audit_tags
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.ports.administration import Unrated
from engine.usecases.rating_lines import organisation_around
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.administration import AgencyCounts, UnitNode
    from engine.usecases.ports.work import House, UnitOfWork

#: the right to look at the data of an agency as a whole
OVERSEE: Final = "agency:oversee"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportNote:
    """The newest import that brought the agency's data."""

    at: datetime
    #: name of the file
    file: str
    #: rows that stayed out, and rows that came in flagged; None: not noted then
    errors: int | None = None
    warnings: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyHealth:
    """What HR and administrators look at first."""

    today: date
    counts: AgencyCounts
    #: people whom nobody rates; the head of a unit at the top is not counted
    without_rater: int
    #: units that nobody heads today, by code
    headless: Sequence[UnitNode]
    #: None: the data came in another way
    last_import: ImportNote | None

    @property
    def sound(self) -> bool:
        """Whether nothing lacks."""
        counts = self.counts
        return not (
            self.without_rater
            or self.headless
            or counts.without_post
            or counts.without_account
            or counts.orphaned
            or counts.incidents
        )


def agency_health(house: House, actor: Actor) -> AgencyHealth:
    """The figures of the actor's agency; `AccessRefused` without the right, `NotFound` without one.

    A handful of statements.
    """
    require(actor, OVERSEE)
    agency_id = agency_of(actor)
    now = house.clock.now()
    with house.reading() as uow:
        today = Standing(uow, now).today(agency_id)
        lines = _Lines(uow, agency_id, today)
        unrated = lines.unrated()
        return AgencyHealth(
            today=today,
            counts=uow.administration.counts(agency_id, today, now),
            without_rater=uow.administration.unrated(agency_id, today, unrated),
            headless=lines.headless,
            last_import=_last_import(uow, agency_id),
        )


def agency_of(actor: Actor) -> str:
    """The actor's agency; `NotFound` for an account of none."""
    if actor.agency_id is None:
        raise NotFound("agency", "")
    return actor.agency_id


def _last_import(uow: UnitOfWork, agency_id: str) -> ImportNote | None:
    row = uow.administration.last(f"agency:{agency_id}", audit_tags.WORKBOOK_IMPORTED)
    if row is None:
        return None
    facts = json.loads(row.facts)
    return ImportNote(
        at=row.at,
        file=facts.get("file", ""),
        errors=facts.get("errors"),
        warnings=facts.get("warnings"),
    )


def unrated_of(uow: UnitOfWork, agency_id: str, today: date) -> Unrated:
    """Where nobody is found who rates: heads without a head above, and units without any head."""
    return _Lines(uow, agency_id, today).unrated()


class _Lines:
    """Rating lines of a whole agency, worked out from its tree; heads in doubt are asked."""

    def __init__(self, uow: UnitOfWork, agency_id: str, today: date) -> None:
        self._uow, self._today = uow, today
        self._nodes = {node.id: node for node in uow.administration.tree(agency_id, today)}
        self.headless: Sequence[UnitNode] = [
            node for node in self._nodes.values() if not node.heads
        ]

    def unrated(self) -> Unrated:
        """Heads without a head above them, and units with no head on the way up."""
        without = self._units_without()
        doubtful = self._doubtful(without)
        if not doubtful:
            return Unrated(units=without)
        org = organisation_around(self._uow, doubtful, self._today)
        lonely = {
            person
            for person in doubtful
            if organisation.rater(org, person, self._today) is None
            and not self._at_the_top(organisation.home_unit(org, person, self._today))
        }
        return Unrated(heads=lonely, units=without)

    def _doubtful(self, without: Collection[str]) -> set[str]:
        """Heads with nobody above, and whoever heads several units: one may lie above another."""
        found: set[str] = set()
        seen: set[str] = set()
        for node in self._nodes.values():
            alone = node.parent_id is not None and node.parent_id in without
            for person in node.heads:
                if alone or person in seen:
                    found.add(person)
                seen.add(person)
        return found

    def _at_the_top(self, unit_id: str | None) -> bool:
        node = self._nodes.get(unit_id or "")
        return node is None or node.parent_id is None

    def _units_without(self) -> set[str]:
        known: dict[str, bool] = {}
        for unit_id in self._nodes:
            self._reaches_a_head(unit_id, known)
        return {unit_id for unit_id, reached in known.items() if not reached}

    def _reaches_a_head(self, unit_id: str, known: dict[str, bool]) -> None:
        """Note whether the unit or one above it is headed, for all units on the way up."""
        way: list[str] = []
        step: str | None = unit_id
        while step is not None and step not in known and step not in way:
            way.append(step)
            node = self._nodes.get(step)
            step = None if node is None or node.heads else node.parent_id
        last = self._nodes.get(way[-1]) if way else None
        reached = known.get(step, False) if step is not None else bool(last and last.heads)
        known.update(dict.fromkeys(way, reached))
