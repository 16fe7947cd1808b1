"""The one search of the pages: what its reader may see, refused by default (docs/access.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from engine.domain import organisation
from engine.usecases.organisation import Standing
from engine.usecases.ports.finding import Reader
from engine.usecases.rating_lines import organisation_around
from engine.usecases.rights import AUDITOR, HR, PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from engine.usecases.actor import Actor
    from engine.usecases.ports.finding import FoundOutput, FoundPerson, FoundSquad, FoundTask
    from engine.usecases.ports.work import House, UnitOfWork

#: groups to whom the matrix opens plans and ledgers of their whole agency
_READERS: Final = frozenset({HR, PERF_ADMIN, AUDITOR})
#: letters of the shortest question
LETTERS_MIN: Final = 2
#: rows of each kind
ROWS: Final = 10
#: of how many rows that a decree might take away the rating line is asked
_LOOKED_AT: Final = 40
#: the longest question
LETTERS_MAX: Final = 80

Row = TypeVar("Row", "FoundSquad", "FoundOutput")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What fits; at most `ROWS` of each kind, `more` names kinds that have others."""

    people: Sequence[FoundPerson] = ()
    tasks: Sequence[FoundTask] = ()
    squads: Sequence[FoundSquad] = ()
    outputs: Sequence[FoundOutput] = ()
    more: Collection[str] = ()

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.people or self.tasks or self.squads or self.outputs)


def find(house: House, actor: Actor, words: str) -> Found:
    """People, open tasks, squads and outputs for some words; nothing for less than two letters.

    People: whom the matrix lets the actor read something of (oneself, peers, people of squads he
    leads or sponsors, everybody below him, the agency for hr, perf_admin and auditor). Squads and
    outputs: where he may read a member's ledger lines. Tasks: those he may take. A constant number
    of statements.
    """
    words = words.strip()[:LETTERS_MAX]
    if len(words) < LETTERS_MIN:
        return Found()
    now = house.clock.now()
    with house.reading() as uow:
        search = _Search(uow, actor, Standing(uow, now).today(actor.agency_id))
        kinds = {
            "people": search.people(words),
            "tasks": uow.finding.tasks(actor, words, now, ROWS + 1),
            "squads": search.visible(uow.finding.squads(search.reader, words, _LOOKED_AT)),
            "outputs": search.of_squads(uow.finding.outputs(search.reader, words, _LOOKED_AT)),
        }
    return Found(
        **{name: rows[:ROWS] for name, rows in kinds.items()},  # type: ignore[arg-type]
        more={name for name, rows in kinds.items() if len(rows) > ROWS},
    )


class _Search:
    """One question's reader, and the rating lines that decide about rows in doubt."""

    def __init__(self, uow: UnitOfWork, actor: Actor, today: date) -> None:
        cycles = uow.performance.cycles(actor.agency_id) if actor.agency_id else ()
        cycle = next((one for one in cycles if one.starts_on <= today <= one.ends_on), None)
        self._uow = uow
        self._actor = actor
        self._today = today
        self.reader = Reader(
            person_id=actor.person_id,
            agency_id=actor.agency_id if actor.groups & _READERS else None,
            today=today,
            first=cycle.starts_on if cycle else today,
            last=cycle.ends_on if cycle else today,
        )

    def people(self, words: str) -> Sequence[FoundPerson]:
        """People he may read something of."""
        found = self._uow.finding.people(self.reader, words, _LOOKED_AT)
        below = self._below(row.id for row in found if not row.near)
        return [row for row in found if row.near or row.id in below]

    def visible(self, rows: Sequence[FoundSquad]) -> Sequence[FoundSquad]:
        """Squads with a member he may read."""
        seen = self._squads_below({row.id for row in rows if not row.near})
        return [row for row in rows if row.near or row.id in seen]

    def of_squads(self, rows: Sequence[FoundOutput]) -> Sequence[FoundOutput]:
        """Outputs of squads with a member he may read."""
        seen = self._squads_below({row.squad_id for row in rows if not row.near})
        return [row for row in rows if row.near or row.squad_id in seen]

    def _squads_below(self, squads: Collection[str]) -> Collection[str]:
        if not squads:
            return ()
        members = self._uow.finding.members_below(self.reader, squads)
        below = self._below(person for _, person in members)
        return {squad for squad, person in members if person in below}

    def _below(self, people: Iterable[str]) -> Collection[str]:
        """Those in whose rating line the reader stands."""
        asked, me = sorted(set(people)), self._actor.person_id
        if not asked or me is None or self._actor.agency_id is None:
            return ()
        org = organisation_around(self._uow, asked, self._today)
        return {one for one in asked if organisation.is_subordinate(org, one, me, self._today)}
