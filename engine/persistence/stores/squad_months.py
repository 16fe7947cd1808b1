"""Months that squads touch: efforts and signed home time of people by month, as sets."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.squads import Consent
from engine.persistence.tables import contributions as c
from engine.persistence.tables.formation import membership_signature

if TYPE_CHECKING:
    from engine.usecases.ports.workloads import LoadScope

MONTHS: Final = range(1, 13)


def every_month(scope: LoadScope) -> sa.CompoundSelect[Any]:
    """The twelve months of a cycle's year with their first and last days."""
    year = scope.cycle.year
    return sa.union_all(
        *(
            sa.select(
                sa.literal(month).label("month"),
                sa.literal(date(year, month, 1), sa.Date).label("first"),
                sa.literal(date(year, month, monthrange(year, month)[1]), sa.Date).label("last"),
            )
            for month in MONTHS
        )
    )


def member_months(scope: LoadScope, people: sa.CTE | None) -> sa.Select[Any]:
    """Memberships that home agreed to, once for each month that they touch."""
    held, squad, months = c.membership.c, c.squad.c, every_month(scope).subquery("every_month")
    lasts = sa.or_(
        held.valid_to > months.c.first,
        sa.and_(held.valid_to.is_(None), squad.ends_on >= months.c.first),
    )
    wanted = (
        sa.select(
            held.id, held.person_id, held.squad_id, held.effort_bp, squad.host_unit_id,
            months.c.month,
        )
        .join(c.squad, squad.id == held.squad_id)
        .join(months, sa.and_(held.valid_from <= months.c.last, lasts))
        .where(held.consent == Consent.GIVEN, held.valid_from <= scope.cycle.ends_on)
        .where(squad.ends_on >= scope.cycle.starts_on)
        .where(sa.or_(held.valid_to.is_(None), held.valid_to > scope.cycle.starts_on))
    )  # fmt: skip
    if people is not None:
        wanted = wanted.where(held.person_id.in_(sa.select(people.c.person_id)))
    return wanted


def squad_efforts(rows: sa.CTE) -> sa.Select[Any]:
    """Two efforts of one person in one squad and month count the larger."""
    held = rows.c
    return sa.select(
        held.person_id,
        held.squad_id,
        held.month,
        held.host_unit_id,
        sa.func.max(held.effort_bp).label("effort_bp"),
    ).group_by(held.person_id, held.squad_id, held.month, held.host_unit_id)


def home_times(rows: sa.CTE) -> sa.Select[Any]:
    """Home effort by the newest of the newest answers of the memberships of each month."""
    answer = membership_signature.c
    last_round = sa.func.row_number().over(
        partition_by=answer.membership_id, order_by=answer.round.desc()
    )
    newest = (
        sa.select(
            answer.id, answer.membership_id, answer.home_effort_bp, answer.at,
            last_round.label("place"),
        ).subquery("newest")
    )  # fmt: skip
    place = sa.func.row_number().over(
        partition_by=(rows.c.person_id, rows.c.month),
        order_by=(newest.c.at.desc(), newest.c.id.desc()),
    )
    ranked = (
        sa.select(rows.c.person_id, rows.c.month, newest.c.home_effort_bp, place.label("place"))
        .join(newest, sa.and_(newest.c.membership_id == rows.c.id, newest.c.place == 1))
        .subquery("ranked_answers")
    )
    held = ranked.c
    return sa.select(held.person_id, held.month, held.home_effort_bp).where(held.place == 1)
