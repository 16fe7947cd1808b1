"""Conditions on appointments that several lists share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.domain.people import AppointmentKind
from engine.persistence.tables.agency import appointment, person

if TYPE_CHECKING:
    from datetime import date


def covers(held: sa.FromClause, today: date) -> tuple[sa.ColumnElement[bool], ...]:
    """An appointment (or what has its dates) holds today."""
    ends = held.c.valid_to
    return (held.c.valid_from <= today, sa.or_(ends.is_(None), ends > today))


def main_seat(today: date) -> sa.ScalarSelect[str]:
    """Id of the appointment that gives a `person` of the question his home today."""
    held = appointment.alias("home_seat")
    order = sa.case(
        (held.c.kind == AppointmentKind.DEFINITIVE, 0),
        (held.c.kind == AppointmentKind.PLT, 1),
        else_=2,
    )
    return (
        sa.select(held.c.id)
        .where(held.c.person_id == person.c.id, *covers(held, today))
        .order_by(order, held.c.valid_from, held.c.id)
        .limit(1)
        .correlate(person)
        .scalar_subquery()
    )
