"""Whose month of a year a post is, of many people: `domain.staffing.posts_by_month` as a set."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.people import AppointmentKind
from engine.persistence.tables import agency as a

if TYPE_CHECKING:
    from collections.abc import Collection

_LAST: Final = 12


def month_posts(year: int, people: sa.Select[Any]) -> sa.Select[Any]:
    """(person_id, unit_id, job, first, last): runs of months of the posts of these people.

    The runs of one person do not meet; `people` selects one column of person ids.
    """
    held = _in_year(year, people).subquery("in_year").c
    before = sa.func.max(held.last_touched).over(
        partition_by=held.person_id,
        order_by=(held.starts_on, held.unit_id, held.post_id, held.id),
        rows=(None, -1),
    )
    begun = sa.select(
        held.person_id, held.unit_id, held.job, held.first_touched, held.last_touched,
        sa.func.coalesce(before, 0).label("taken"),
    ).subquery("begun").c  # fmt: skip
    first = sa.case(
        (begun.taken >= begun.first_touched, begun.taken + 1), else_=begun.first_touched
    )
    return sa.select(
        begun.person_id,
        begun.unit_id,
        begun.job,
        first.label("first_month"),
        begun.last_touched.label("last_month"),
    ).where(first <= begun.last_touched)


def ever_in(year: int, unit_ids: Collection[str]) -> sa.Select[Any]:
    """Ids of people with a definitive post in these units at some time of the year."""
    return (
        sa.select(a.appointment.c.person_id)
        .join(a.post, a.post.c.id == a.appointment.c.post_id)
        .where(a.post.c.unit_id.in_(sorted(unit_ids)), *_held_in(year))
    )


def _in_year(year: int, people: sa.Select[Any]) -> sa.Select[Any]:
    """Definitive posts that touch the year, with the months they touch of it."""
    held, first, last = a.appointment.c, date(year, 1, 1), date(year, _LAST, 31)
    begins_before = held.valid_from < first
    month, day = (sa.cast(sa.extract(part, held.valid_to), sa.Integer) for part in ("month", "day"))
    whole = sa.or_(held.valid_to.is_(None), held.valid_to > last)
    begins = sa.cast(sa.extract("month", held.valid_from), sa.Integer)
    return (
        sa.select(
            held.id, held.person_id, held.post_id, a.post.c.unit_id, a.post.c.title.label("job"),
            sa.case((begins_before, sa.literal(first, sa.Date)), else_=held.valid_from).label(
                "starts_on"
            ),
            sa.case((begins_before, 1), else_=begins).label("first_touched"),
            # a post that ends on the 1st does not hold on it
            sa.case((whole, _LAST), (day == 1, month - 1), else_=month).label("last_touched"),
        )
        .join(a.post, a.post.c.id == held.post_id)
        .where(held.person_id.in_(people), *_held_in(year))
    )  # fmt: skip


def _held_in(year: int) -> tuple[sa.ColumnElement[bool], ...]:
    held = a.appointment.c
    return (
        held.kind == AppointmentKind.DEFINITIVE,
        held.valid_from <= date(year, _LAST, 31),
        sa.or_(held.valid_to.is_(None), held.valid_to > date(year, 1, 1)),
    )
