"""Records that forecasts learn from, and early warnings, on SQL: one statement a question."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.coaching import CoachingKind
from engine.domain.forecasts import EarlyWarning, History, Need, Point, elapsed_e4
from engine.domain.plans import PlanStatus, RoleKind
from engine.persistence.stores.entities import Entities, columns_of
from engine.persistence.stores.homes import home_once
from engine.persistence.tables import agency as a
from engine.persistence.tables import coaching as co
from engine.persistence.tables import performance as t
from engine.persistence.tables.columns import ID_LENGTH
from engine.persistence.tables.forecasts import early_warning
from engine.persistence.tables.planning import measurement
from engine.usecases.ports.forecasts import Cluster, Track, WarningRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from engine.usecases.ports.forecasts import WarningScope

_W: Final = early_warning.c
#: the end of an identity is chance, so its order is a sample that stays the same
_CHANCE: Final = ID_LENGTH - 11
#: of 5: a competency that a coach scored so low asks for learning
_LOW_SCORE: Final = 2


class SqlForecastStore:
    """`ForecastStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = Entities(connection, {EarlyWarning: early_warning})

    def histories(self, agency_id: str, limit: int = 1_000) -> Sequence[History]:
        """At most so many recorded histories of the agency's cycles, the same ones each time."""
        chance = sa.func.substr(t.indicator.c.id, _CHANCE)
        recorded = sa.exists().where(measurement.c.indicator_id == t.indicator.c.id)
        chosen = (
            _indicators(sa.select(t.indicator.c.id, chance.label("chance")))
            .where(t.cycle.c.agency_id == agency_id, recorded)
            .order_by(chance)
            .limit(limit)
            .subquery("chosen")
        )
        wanted = _recorded(outer=False).join(chosen, chosen.c.id == t.indicator.c.id)
        return [one.history for one in self._tracks(wanted)]

    def tracks(
        self, cycle_id: str, *, person_id: str | None = None, after: str = "", people: int = 500
    ) -> Sequence[Track]:
        """Indicators of home results in fixed plans, of one person or of the next people by id."""
        wanted = _recorded(outer=True).where(t.plan.c.cycle_id == cycle_id)
        if person_id is not None:
            return self._tracks(wanted.where(t.plan.c.person_id == person_id))
        held = t.plan.alias("held")
        chosen = (
            sa.select(held.c.person_id)
            .where(
                held.c.cycle_id == cycle_id,
                held.c.status == PlanStatus.FIXED,
                held.c.person_id > after,
            )
            .order_by(held.c.person_id)
            .limit(people)
            .subquery("chosen")
        )
        return self._tracks(wanted.join(chosen, chosen.c.person_id == t.plan.c.person_id))

    def add(self, rows: Sequence[EarlyWarning]) -> None:
        """Keep new warnings."""
        self._rows.add(rows)

    def put(self, row: EarlyWarning) -> None:
        """Write what people said to a warning; its figures never change."""
        self._rows.put(row)

    def warnings_of(self, person_id: str, cycle_id: str) -> Sequence[EarlyWarning]:
        """A person's warnings, newest first."""
        wanted = sa.select(early_warning).where(_W.person_id == person_id, _W.cycle_id == cycle_id)
        return self._rows.all(EarlyWarning, wanted.order_by(_W.at.desc(), _W.id.desc()))

    def named(self, indicator_id: str) -> tuple[str, str]:
        """Result and words of an indicator, empty when there is none."""
        wanted = (
            sa.select(t.plan_item.c.title, t.indicator.c.text)
            .join(t.indicator, t.indicator.c.item_id == t.plan_item.c.id)
            .where(t.indicator.c.id == indicator_id)
        )
        row = self._connection.execute(wanted).first()
        return ("", "") if row is None else (row[0], row[1])

    def known(self, cycle_id: str, people: Collection[str]) -> Collection[tuple[str, str]]:
        """(indicator, period) pairs that these people were warned of."""
        wanted = sa.select(_W.indicator_id, _W.period_id).where(
            _W.cycle_id == cycle_id, _W.person_id.in_(people)
        )
        return {(row[0], row[1]) for row in self._connection.execute(wanted)}

    def opened(
        self, scope: WarningScope, *, after: tuple[str, str] | None = None, limit: int
    ) -> Sequence[WarningRow]:
        """Warnings open to others, keyset paged by (name, id)."""
        home = home_once(scope.on).subquery("home")
        names = (a.person.c.name.label("whose"), home.c.unit_id.label("unit"))
        about = (t.plan_item.c.title.label("result"), t.indicator.c.text.label("measure"))
        wanted = (
            _open(sa.select(*columns_of(EarlyWarning, early_warning), *names, *about), scope, home)
            .join(t.indicator, t.indicator.c.id == _W.indicator_id)
            .join(t.plan_item, t.plan_item.c.id == t.indicator.c.item_id)
            .order_by(a.person.c.name, _W.id)
            .limit(limit)
        )
        if after is not None:
            wanted = wanted.where(sa.tuple_(a.person.c.name, _W.id) > sa.tuple_(*after))
        return [_listed(row) for row in self._mappings(wanted)]

    def clusters(self, scope: WarningScope) -> Sequence[Cluster]:
        """Needs that were said to warnings, and low competencies of guidance, by size."""
        home = home_once(scope.on).subquery("home")
        counts = (
            sa.func.count(sa.distinct(home.c.person_id)).label("people"),
            sa.func.count(sa.distinct(home.c.unit_id)).label("units"),
        )
        said = (_W.aspect, _W.need, _W.competency)
        needs = _open(sa.select(*said, *counts), scope, home).where(
            _W.need.is_not(None), _W.need != Need.NOTHING
        )
        found = [Cluster(**row) for row in self._mappings(needs.group_by(*said))]
        found += [
            Cluster(aspect=None, need=None, **row)
            for row in self._mappings(_low(scope, counts, home))
        ]
        return sorted(found, key=lambda one: (-one.people, str(one.need), str(one.competency)))

    def _mappings(self, wanted: sa.Select[Any]) -> Iterable[Mapping[str, Any]]:
        return [dict(row) for row in self._connection.execute(wanted).mappings()]

    def _tracks(self, wanted: sa.Select[Any]) -> list[Track]:
        ordered = wanted.order_by(
            t.plan.c.person_id, t.plan_item.c.number, t.indicator.c.number, t.indicator.c.id
        ).order_by(t.period.c.number)
        rows = self._connection.execute(ordered).mappings()
        return [_track(list(group)) for _, group in groupby(rows, key=itemgetter("indicator_id"))]


def _indicators(selected: sa.Select[Any]) -> sa.Select[Any]:
    """From indicators of home results in fixed plans."""
    return (
        selected.select_from(t.indicator)
        .join(t.plan_item, t.plan_item.c.id == t.indicator.c.item_id)
        .join(t.plan, t.plan.c.id == t.plan_item.c.plan_id)
        .join(t.cycle, t.cycle.c.id == t.plan.c.cycle_id)
        .where(t.plan.c.status == PlanStatus.FIXED, t.plan_item.c.role_kind == RoleKind.HOME)
    )


def _recorded(*, outer: bool) -> sa.Select[Any]:
    """A row for each recorded period of each indicator; `outer`: also without any."""
    selected = sa.select(
        t.indicator.c.id.label("indicator_id"),
        *(t.indicator.c.text, t.indicator.c.aspect, t.plan_item.c.title),
        *(t.plan.c.person_id, t.plan.c.cycle_id),
        t.cycle.c.starts_on.label("cycle_from"),
        t.cycle.c.ends_on.label("cycle_to"),
        t.period.c.id.label("period_id"),
        *(t.period.c.number, t.period.c.ends_on),
        measurement.c.attainment,
    )
    return (
        _indicators(selected)
        .join(measurement, measurement.c.indicator_id == t.indicator.c.id, isouter=outer)
        .join(t.progress, t.progress.c.id == measurement.c.progress_id, isouter=outer)
        .join(t.period, t.period.c.id == t.progress.c.period_id, isouter=outer)
    )


def _track(rows: list[Any]) -> Track:
    points, last = [], 0
    for row in rows:
        if row["number"] is None:
            continue
        share = elapsed_e4(row["cycle_from"], row["cycle_to"], row["ends_on"])
        silent = row["number"] - last - 1
        points.append(Point(elapsed_e4=share, attainment=row["attainment"], silent=max(0, silent)))
        last = row["number"]
    first = rows[0]
    return Track(
        person_id=first["person_id"],
        cycle_id=first["cycle_id"],
        indicator_id=first["indicator_id"],
        title=first["title"],
        text=first["text"],
        aspect=first["aspect"],
        history=History(indicator_id=first["indicator_id"], points=tuple(points)),
        last_number=last,
        last_period_id=rows[-1]["period_id"],
    )


def _open(selected: sa.Select[Any], scope: WarningScope, home: sa.Subquery) -> sa.Select[Any]:
    """Warnings that others may read: seen by the employee, or his days are over."""
    wanted = (
        selected.select_from(early_warning)
        .join(a.person, a.person.c.id == _W.person_id)
        .join(home, home.c.person_id == _W.person_id)
        .where(
            _W.cycle_id == scope.cycle_id,
            sa.or_(_W.seen_at.is_not(None), _W.opens_at <= scope.now),
        )
    )
    if scope.but is not None:
        wanted = wanted.where(_W.person_id != scope.but)
    if scope.unit_ids is not None:
        wanted = wanted.where(home.c.unit_id.in_(scope.unit_ids))
    return wanted


def _low(scope: WarningScope, counts: tuple[Any, ...], home: sa.Subquery) -> sa.Select[Any]:
    """Competencies that coaches scored low in guidance at work; never out of counselling."""
    score = co.competency_score.c
    wanted = (
        sa.select(score.competency, *counts)
        .join(co.coaching_session, co.coaching_session.c.id == score.session_id)
        .join(co.coaching, co.coaching.c.id == co.coaching_session.c.coaching_id)
        .join(home, home.c.person_id == co.coaching.c.person_id)
        .where(
            co.coaching.c.cycle_id == scope.cycle_id,
            co.coaching.c.kind == CoachingKind.BIMBINGAN,
            score.score <= _LOW_SCORE,
        )
        .group_by(score.competency)
    )
    if scope.unit_ids is not None:
        wanted = wanted.where(home.c.unit_id.in_(scope.unit_ids))
    return wanted


def _listed(row: Mapping[str, Any]) -> WarningRow:
    facts = {name: row[name] for name in EarlyWarning.__dataclass_fields__}
    return WarningRow(
        warning=EarlyWarning(**facts),
        name=row["whose"],
        unit_id=row["unit"],
        title=row["result"],
        text=row["measure"],
    )
