"""Where people belong on a day: the units of their definitive posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.domain.people import AppointmentKind
from engine.persistence.tables import agency as a

if TYPE_CHECKING:
    from datetime import date


def homes(on: date) -> sa.Select[Any]:
    """(person_id, unit_id) of everybody's definitive post on a day."""
    held = a.appointment.c
    return (
        sa.select(held.person_id, a.post.c.unit_id)
        .distinct()
        .join(a.post, a.post.c.id == held.post_id)
        .where(held.kind == AppointmentKind.DEFINITIVE, holds(on))
    )


def home_once(on: date) -> sa.Select[Any]:
    """(person_id, unit_id) with one unit for everybody, also for who holds two posts."""
    every = homes(on).subquery("every")
    unit_id = sa.func.min(every.c.unit_id).label("unit_id")
    return sa.select(every.c.person_id, unit_id).group_by(every.c.person_id)


def holds(on: date) -> sa.ColumnElement[bool]:
    """Whether an appointment holds on a day."""
    held = a.appointment.c
    return sa.and_(held.valid_from <= on, sa.or_(held.valid_to.is_(None), held.valid_to > on))
