"""Big questions about ratings: each one set-based statement, equal on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.domain.people import AppointmentKind
from engine.domain.ratings import Level, Predikat, Rating
from engine.domain.spread import Sums
from engine.persistence.stores.homes import holds, homes
from engine.persistence.tables import agency as a
from engine.persistence.tables import judging as t
from engine.persistence.tables.performance import rating
from engine.usecases.ports.judging import RaterSums, SessionLine, Shift, UnitRating

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.persistence.stores.entities import Entities


#: columns of a session that its line shows
_SESSION = ("id", "unit_id", "leader_id", "state", "opened_at", "closed_at")


class SqlJudgingCounts:
    """The part of `JudgingStore` that counts."""

    def __init__(self, connection: sa.Connection, rows: Entities) -> None:
        self._connection = connection
        self._rows = rows

    def headcount(self, agency_id: str, on: date) -> Mapping[str, int]:
        """Unit -> people whose definitive post is in it."""
        home = homes(on).subquery("home")
        query = (
            sa.select(home.c.unit_id, sa.func.count().label("people"))
            .join(a.unit, a.unit.c.id == home.c.unit_id)
            .where(a.unit.c.agency_id == agency_id)
            .group_by(home.c.unit_id)
        )
        return {row.unit_id: row.people for row in self._connection.execute(query)}

    def ratings_of(self, unit_ids: Sequence[str], cycle_id: str, on: date) -> Sequence[UnitRating]:
        """The newest ratings of everybody in the units, by name."""
        home = homes(on).subquery("home")
        query = (
            sa.select(home.c.unit_id, a.person.c.name.label("person_name"), rating)
            .select_from(rating)
            .join(home, home.c.person_id == rating.c.person_id)
            .join(a.person, a.person.c.id == rating.c.person_id)
            .where(rating.c.cycle_id == cycle_id, home.c.unit_id.in_(unit_ids), _newest())
            .order_by(a.person.c.name, rating.c.person_id)
        )
        found = []
        for row in self._connection.execute(query).mappings():
            facts = {name: row[name] for name in rating.c.keys()}  # noqa: SIM118 - columns by name
            found.append(
                UnitRating(
                    unit_id=row["unit_id"],
                    person_name=row["person_name"],
                    rating=Rating(**facts),
                )
            )
        return found

    def sessions(
        self, cycle_id: str, on: date, *, person_id: str | None, after: str = "", limit: int
    ) -> Sequence[SessionLine]:
        """Sessions of a cycle (in which a person takes part) with their figures, by unit code."""
        held, seat = t.calibration.c, t.calibration_participant.c
        columns = [held[name] for name in _SESSION]
        figures = [
            query.scalar_subquery().label(name) for name, query in _session_figures(cycle_id, on)
        ]
        query = (
            sa.select(*columns, *figures)
            .join(a.unit, a.unit.c.id == held.unit_id)
            .where(held.cycle_id == cycle_id, a.unit.c.code > after)
            .order_by(a.unit.c.code)
            .limit(limit)
        )
        if person_id is not None:
            sits = sa.exists().where(seat.calibration_id == held.id, seat.person_id == person_id)
            query = query.where(sits)
        return [SessionLine(**row) for row in self._connection.execute(query).mappings()]

    def unrated(self, unit_ids: Sequence[str], cycle_id: str, on: date) -> int:
        """How many of the units have no predikat yet."""
        home = homes(on).subquery("home")
        rated = sa.exists().where(
            rating.c.person_id == home.c.person_id,
            rating.c.cycle_id == cycle_id,
            rating.c.predikat.is_not(None),
        )
        query = sa.select(sa.func.count()).where(home.c.unit_id.in_(unit_ids), ~rated)
        return int(self._connection.scalar(query.select_from(home)) or 0)

    def shifts(self, cycle_id: str, on: date) -> Sequence[Shift]:
        """Predikats before and after calibration by home unit."""
        home = homes(on).subquery("home")
        first = _first_moves().subquery("first")
        before = sa.func.coalesce(
            sa.cast(first.c.before_predikat, sa.Text), sa.cast(rating.c.predikat, sa.Text)
        ).label("before")
        after = sa.cast(rating.c.predikat, sa.Text).label("after")
        query = (
            sa.select(home.c.unit_id, before, after, sa.func.count().label("people"))
            .select_from(rating)
            .join(home, home.c.person_id == rating.c.person_id)
            .outerjoin(
                first,
                sa.and_(
                    first.c.person_id == rating.c.person_id, first.c.cycle_id == rating.c.cycle_id
                ),
            )
            .where(rating.c.cycle_id == cycle_id, rating.c.predikat.is_not(None), _newest())
            .group_by(home.c.unit_id, before, after)
            .order_by(home.c.unit_id, before, after)
        )
        return [
            Shift(
                unit_id=row["unit_id"],
                before=Predikat(row["before"]),
                after=Predikat(row["after"]),
                people=row["people"],
            )
            for row in self._connection.execute(query).mappings()
        ]

    def rater_sums(self, cycle_id: str) -> Sequence[RaterSums]:
        """Levels per rater and of all raters together: whole numbers, one statement."""
        points = sa.case(
            (rating.c.result_level == Level.DI_ATAS, 3),
            (rating.c.result_level == Level.SESUAI, 2),
            else_=1,
        )
        sums = (sa.func.count(), sa.func.sum(points), sa.func.sum(points * points))
        names = ("people", "total", "squares")
        departed = (
            sa.select(t.deviation.c.rater_id, sa.func.count().label("departed"))
            .where(t.deviation.c.cycle_id == cycle_id)
            .group_by(t.deviation.c.rater_id)
            .subquery("departed")
        )
        query = (
            sa.select(
                rating.c.rater_id,
                *(one.label(name) for one, name in zip(sums, names, strict=True)),
                *(
                    sa.func.sum(one).over().label(f"all_{name}")
                    for one, name in zip(sums, names, strict=True)
                ),
                sa.func.coalesce(sa.func.max(departed.c.departed), 0).label("departed"),
            )
            .select_from(rating)
            .outerjoin(departed, departed.c.rater_id == rating.c.rater_id)
            .where(rating.c.cycle_id == cycle_id, rating.c.rater_id.is_not(None))
            .where(rating.c.result_level.is_not(None), _newest())
            .group_by(rating.c.rater_id)
            .order_by(rating.c.rater_id)
        )
        return [
            RaterSums(
                rater_id=row["rater_id"],
                own=Sums(**{name: int(row[name]) for name in names}),
                everybody=Sums(**{name: int(row[f"all_{name}"]) for name in names}),
                deviations=int(row["departed"]),
            )
            for row in self._connection.execute(query).mappings()
        ]


def _session_figures(cycle_id: str, on: date) -> Sequence[tuple[str, sa.Select[Any]]]:
    """People, rated people and moved people of each session, correlated to it."""
    inside, held = t.calibration_unit.c, t.calibration.c
    seated, post = a.appointment.c, a.post.c
    people = (
        sa.select(sa.func.count(sa.distinct(seated.person_id)))
        .select_from(a.appointment)
        .join(a.post, post.id == seated.post_id)
        .join(t.calibration_unit, inside.unit_id == post.unit_id)
        .where(inside.calibration_id == held.id, seated.kind == AppointmentKind.DEFINITIVE)
        .where(holds(on))
    )
    rated = people.join(rating, rating.c.person_id == seated.person_id).where(
        rating.c.cycle_id == cycle_id, rating.c.predikat.is_not(None)
    )
    moved = sa.select(sa.func.count(sa.distinct(t.calibration_move.c.person_id))).where(
        t.calibration_move.c.calibration_id == held.id
    )
    return (("people", people), ("rated", rated), ("moved", moved))


def _first_moves() -> sa.Select[Any]:
    """What each moved person's predikat was before the first move of the cycle."""
    moved, session = t.calibration_move, t.calibration
    place = sa.func.row_number().over(
        partition_by=(moved.c.person_id, session.c.cycle_id), order_by=(moved.c.at, moved.c.id)
    )
    ranked = (
        sa.select(
            moved.c.person_id, session.c.cycle_id, moved.c.before_predikat, place.label("place")
        )
        .join(session, session.c.id == moved.c.calibration_id)
        .subquery("ranked")
    )
    return sa.select(ranked).where(ranked.c.place == 1)


def _newest() -> sa.ColumnElement[Any]:
    other = rating.alias("other")
    return ~sa.exists().where(
        other.c.person_id == rating.c.person_id,
        other.c.cycle_id == rating.c.cycle_id,
        other.c.version > rating.c.version,
    )
