"""Facts behind rating lines, asked for from below: the units above some people, and their heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.domain.people import Appointment
from engine.domain.units import Post, Unit
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.seats import covers
from engine.persistence.tables import agency as t
from engine.usecases.ports.administration import UnitNode
from engine.usecases.ports.agency import Frame

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

_HELD, _POST, _UNIT = t.appointment.c, t.post.c, t.unit.c


class SqlLines:
    """The questions about lines of the `AdministrationStore`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._facts = Entities(connection, {Unit: t.unit, Post: t.post, Appointment: t.appointment})

    def tree(self, agency_id: str, today: date) -> Sequence[UnitNode]:
        """All units by code; two statements."""
        heads: dict[str, list[str]] = {}
        seated = (
            sa.select(_POST.unit_id, _HELD.person_id)
            .join(t.appointment, _HELD.post_id == _POST.id)
            .join(t.unit, _UNIT.id == _POST.unit_id)
            .where(_UNIT.agency_id == agency_id, _POST.is_head, *covers(t.appointment, today))
        )
        for unit_id, person_id in self._connection.execute(seated):
            heads.setdefault(unit_id, []).append(person_id)
        asked = sa.select(_UNIT.id, _UNIT.code, _UNIT.name, _UNIT.parent_id)
        rows = self._connection.execute(
            asked.where(_UNIT.agency_id == agency_id).order_by(_UNIT.code)
        )
        return [
            UnitNode(id=key, code=code, name=name, parent_id=parent, heads=heads.get(key, ()))
            for key, code, name, parent in rows
        ]

    def around(self, people: Collection[str]) -> Frame:
        """Appointments of people, of the raters named for them and of heads of the units above."""
        asked = sorted(people)
        own = (
            sa.select(_POST.unit_id.label("id"))
            .join(t.appointment, _HELD.post_id == _POST.id)
            .where(_HELD.person_id.in_(asked))
        )
        above = _upwards(own)
        head, seat = t.post.alias("head"), t.appointment.alias("head_seat")
        heading = (
            sa.select(seat.c.person_id)
            .join(head, head.c.id == seat.c.post_id)
            .where(head.c.is_head, head.c.unit_id.in_(sa.select(above.c.id)))
        )
        mine = t.appointment.alias("mine")
        named = sa.select(mine.c.rater_id).where(
            mine.c.person_id.in_(asked), mine.c.rater_id.is_not(None)
        )
        who = sa.union(heading, named, sa.select(t.person.c.id).where(t.person.c.id.in_(asked)))
        appointments = self._facts.all(
            Appointment,
            sa.select(t.appointment)
            .where(_HELD.person_id.in_(sa.select(who.subquery().c[0])))
            .order_by(_HELD.id),
        )
        units = self._facts.all(Unit, sa.select(t.unit).where(_UNIT.id.in_(sa.select(above.c.id))))
        return Frame(
            units=units,
            posts=self._posts(appointments),
            appointments=appointments,
            substitutions=(),
        )

    def unit_path(self, unit_id: str) -> Sequence[Unit]:
        """A unit and those above it, in no order."""
        above = _upwards(sa.select(_UNIT.id.label("id")).where(_UNIT.id == unit_id))
        return self._facts.all(Unit, sa.select(t.unit).where(_UNIT.id.in_(sa.select(above.c.id))))

    def heads(self, units: Collection[str]) -> Frame:
        """Appointments to head posts of units, with the posts; two statements."""
        appointments = self._facts.all(
            Appointment,
            sa.select(t.appointment)
            .join(t.post, _POST.id == _HELD.post_id)
            .where(_POST.is_head, _POST.unit_id.in_(sorted(units)))
            .order_by(_HELD.id),
        )
        return Frame(
            units=(), posts=self._posts(appointments), appointments=appointments, substitutions=()
        )

    def rated_from(self, units: Collection[str], on: date) -> Sequence[str]:
        """Everybody whom the heads of these units may rate by office on a day: one statement."""
        reached = _downwards(sorted(units), on)
        here = sa.select(reached.c.id)
        below = sa.select(_UNIT.id).where(_UNIT.parent_id.in_(here))
        query = (
            sa.select(_HELD.person_id)
            .distinct()
            .join(t.post, _POST.id == _HELD.post_id)
            .where(*covers(t.appointment, on))
            .where(
                sa.or_(_POST.unit_id.in_(here), sa.and_(_POST.is_head, _POST.unit_id.in_(below)))
            )
            .order_by(_HELD.person_id)
        )
        return list(self._connection.scalars(query))

    def _posts(self, appointments: Sequence[Appointment]) -> Sequence[Post]:
        wanted = sorted({row.post_id for row in appointments})
        return self._facts.all(Post, sa.select(t.post).where(_POST.id.in_(wanted)))


def _upwards(first: sa.Select[Any]) -> sa.CTE:
    """Units and everything above them."""
    here = first.cte("upwards", recursive=True)
    child, step = t.unit.alias("child"), here.alias("step")
    return here.union(
        sa.select(child.c.parent_id)
        .join(step, child.c.id == step.c.id)
        .where(child.c.parent_id.is_not(None))
    )


def _downwards(units: Sequence[str], on: date) -> sa.CTE:
    """Units and whatever hangs below them without a head of its own on a day."""
    here = sa.select(_UNIT.id).where(_UNIT.id.in_(units)).cte("downwards", recursive=True)
    child, step = t.unit.alias("child"), here.alias("step")
    chair, seat = t.post.alias("chair"), t.appointment.alias("chair_seat")
    headed = sa.exists().where(
        chair.c.unit_id == child.c.id,
        chair.c.is_head,
        seat.c.post_id == chair.c.id,
        *covers(seat, on),
    )
    return here.union(
        sa.select(child.c.id).join(step, child.c.parent_id == step.c.id).where(~headed)
    )
