"""A simulated year: the day, the open unit of work, chance, and the lives that go on in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bench.population import FIRST, LAST, Town
from engine.usecases.actor import Actor, ActorKind, system
from engine.usecases.errors import AccessRefused
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from random import Random

    from bench.population import Team
    from bench.stage import Stage
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import UnitOfWork

    #: a course of acts: gives the days until its next act, or a command with its own transaction
    Life = Generator["int | Alone", Any, None]

_DAY: Final = timedelta(days=1)
_OFFICE: Final = 3


@dataclass(frozen=True, slots=True)
class Alone:
    """A command that opens a transaction of its own; done the next day before all other acts."""

    act: Callable[[], Json]


@dataclass(slots=True)
class Year:
    """What the lives share: the day, the open unit of work, chance, and what happened."""

    stage: Stage
    random: Random
    towns: dict[str, Town]
    teams: list[Team]
    counts: Counter[str] = field(default_factory=Counter)
    day: date = FIRST
    #: people who left their agency
    gone: set[str] = field(default_factory=set)
    #: output or period -> last row of the ledger when it was sealed
    sealed: dict[str, int] = field(default_factory=dict)
    _uow: UnitOfWork | None = None
    _standing: Standing | None = None

    @property
    def uow(self) -> UnitOfWork:
        """The unit of work of the day."""
        assert self._uow is not None
        return self._uow

    def open(self, uow: UnitOfWork | None) -> None:
        """The unit of work of the day, or none."""
        self._uow, self._standing = uow, None

    def standing(self) -> Standing:
        """Who stands where today; asked anew once somebody's roles changed."""
        if self._standing is None:
            self._standing = Standing(self.uow, self.stage.clock.now())
        return self._standing

    def do(
        self, name: str, actor: Actor, form: Mapping[str, Json] | None = None, **variables: Json
    ) -> Mapping[str, Json]:
        """One operation in the day's transaction."""
        self.counts["operations"] += 1
        if name.startswith("regu.role."):
            self._standing = None
        return self.stage.do(self.uow, name, actor, form, **variables)

    def must_refuse(
        self, name: str, actor: Actor, form: Mapping[str, Json] | None = None, **variables: Json
    ) -> None:
        """An act that is not this actor's: refused before anything is written."""
        try:
            self.stage.do(self.uow, name, actor, form, **variables)
        except AccessRefused:
            self.counts["acts refused to whom they do not belong"] += 1
        else:
            raise AssertionError(f"{name} by {actor.name} was not refused")

    def town_of(self, person_id: str) -> Town:
        """The agency somebody belongs to."""
        return next(town for town in self.towns.values() if person_id in town.nips)

    def person(self, person_id: str, *groups: str) -> Actor:
        """Somebody at his desk."""
        return Actor(
            kind=ActorKind.PERSON,
            name=person_id,
            person_id=person_id,
            groups=frozenset(groups),
            agency_id=self.town_of(person_id).agency_id,
        )

    def officer(self, agency_id: str, name: str, group: str) -> Actor:
        """An officer of an agency in his group."""
        return self.person(self.towns[agency_id].officer(name), group)

    @staticmethod
    def engine(on_behalf_of: str | None = None) -> Actor:
        """The engine itself."""
        return system(on_behalf_of)

    def seal(self, subject_id: str) -> None:
        """Remember where the ledger stood when an output or a period was sealed."""
        self.sealed[subject_id] = self.rows_so_far()

    def rows_so_far(self) -> int:
        """Number of the newest row of the ledger."""
        return self.uow.contributions.ledger_extent()[1]

    def chance(self, percent: int) -> bool:
        """Whether something happens that happens so often."""
        return self.random.randrange(100) < percent


def run(year: Year, begun: list[tuple[date, Life]]) -> None:
    """Day after day to the last: every life that is due does its next act."""
    due: dict[date, list[tuple[Life, Json]]] = {}
    for day, life in begun:
        due.setdefault(day, []).append((life, None))
    alone: list[tuple[Life, Alone]] = []
    while year.day <= LAST:
        year.stage.clock.at = datetime.combine(year.day, datetime.min.time(), UTC) + timedelta(
            hours=_OFFICE
        )
        ready = due.pop(year.day, [])
        for life, command in alone:
            year.counts["operations"] += 1
            ready.append((life, command.act()))
        alone = []
        if ready:
            with year.stage.house.writing() as uow:
                year.open(uow)
                for life, answer in ready:
                    _step(year, life, answer, due, alone)
                uow.commit()
            year.open(None)
            year.counts["days"] += 1
        year.day += _DAY
    assert not alone, "a command is left over"
    left = sum(len(rows) for rows in due.values())
    assert not left, f"{left} lives did not end with the year, first {min(due)}"


def _step(
    year: Year,
    life: Life,
    answer: Json,
    due: dict[date, list[tuple[Life, Json]]],
    alone: list[tuple[Life, Alone]],
) -> None:
    try:
        wish = life.send(answer)
    except StopIteration:
        return
    if isinstance(wish, Alone):
        alone.append((life, wish))
    else:
        due.setdefault(year.day + max(wish, 1) * _DAY, []).append((life, None))
