"""The distribution of a unit against its pattern: warned about, never a bar (SE 3/2023)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.distribution import Miss, Pool, misses, pools
from engine.usecases.evaluation_tables import pattern, smallest_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.cycles import Cycle
    from engine.domain.ratings import OrgLevel, Predikat
    from engine.usecases.decisions import Tables
    from engine.usecases.ports.work import UnitOfWork

PREDIKAT_NAMES: Final[Mapping[str, str]] = {
    "sangat_baik": "Sangat baik",
    "baik": "Baik",
    "butuh_perbaikan": "Butuh perbaikan",
    "kurang": "Kurang",
    "sangat_kurang": "Sangat kurang",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A pool of units before and after calibration, and what its pattern misses."""

    pool: Pool
    org_level: OrgLevel | None
    people: int
    rated: int
    before: Mapping[Predikat, int]
    after: Mapping[Predikat, int]
    misses: tuple[Miss, ...]

    @property
    def whole(self) -> bool:
        """Whether everybody in it is rated."""
        return self.rated >= self.people


def pool_of(uow: UnitOfWork, tables: Tables, unit_id: str, agency_id: str, on: date) -> Pool:
    """The units that a unit is counted with."""
    people = uow.judging.headcount(agency_id, on)
    parents = {unit.id: unit.parent_id for unit in uow.agency.units(agency_id)}
    return pools(people, parents, smallest_unit(tables))[unit_id]


def distribution(
    uow: UnitOfWork, tables: Tables, unit_id: str, cycle: Cycle, on: date
) -> Distribution:
    """How the pool of a unit stands; no pattern is missed while its level is not set."""
    pool = pool_of(uow, tables, unit_id, cycle.agency_id, on)
    before: Counter[Predikat] = Counter()
    after: Counter[Predikat] = Counter()
    for shift in uow.judging.shifts(cycle.id, on):
        if shift.unit_id in pool.unit_ids:
            before[shift.before] += shift.people
            after[shift.after] += shift.people
    level = uow.performance.org_rating(pool.unit_id, cycle.id)
    people = uow.judging.headcount(cycle.agency_id, on)
    return Distribution(
        pool=pool,
        org_level=level.level if level else None,
        people=sum(people.get(unit, 0) for unit in pool.unit_ids),
        rated=after.total(),
        before=dict(before),
        after=dict(after),
        misses=misses(after, pattern(tables, level.level)) if level and after else (),
    )


def words(found: Sequence[Miss]) -> list[str]:
    """What a pattern misses, as a screen says it; counts of people, nobody's name."""
    return [_words(miss) for miss in found]


def _words(miss: Miss) -> str:
    names = " + ".join(PREDIKAT_NAMES[predikat] for predikat in miss.predikats)
    bound = f"paling banyak {miss.at_most}" if miss.at_most is not None else ""
    bound = bound or f"paling sedikit {miss.at_least}"
    return f"{names}: {miss.has} dari {miss.people} pegawai, pola {bound}"
