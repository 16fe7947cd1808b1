"""The load of many people by month, on SQL: what `usecases.load` says of one, as sets."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.plans import PlanStatus
from engine.domain.scales import WHOLE_BP
from engine.domain.squads import Consent
from engine.persistence.stores.homes import home_once
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as t
from engine.persistence.tables.formation import membership_signature
from engine.usecases.ports.workloads import LoadRow, UnitLoad

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.workloads import LoadScope

_MONTHS: Final = range(1, 13)


class SqlWorkloadStore:
    """`WorkloadStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def page(
        self, scope: LoadScope, *, after: tuple[str, str] | None = None, limit: int
    ) -> Sequence[LoadRow]:
        """People with their load, keyset paged by (name, id)."""
        people = _people(scope)
        if after is not None:
            people = people.where(sa.tuple_(a.person.c.name, a.person.c.id) > sa.tuple_(*after))
        if not scope.over_only:
            people = people.order_by(a.person.c.name, a.person.c.id).limit(limit)
        chosen = people.cte("people")
        load = _loads(scope, chosen).cte("load")
        total = load.c.home_bp + load.c.own_bp + load.c.lent_bp
        months = [_in_month(load, total, month).label(f"m{month}") for month in _MONTHS]
        wanted = (
            sa.select(*chosen.c, *months)
            .join(load, load.c.person_id == chosen.c.person_id)
            .group_by(*chosen.c)
            .order_by(chosen.c.name, chosen.c.person_id)
            .limit(limit)
        )
        if scope.over_only:
            wanted = wanted.having(sa.func.max(total) > WHOLE_BP)
        return [
            LoadRow(
                person_id=row["person_id"],
                name=row["name"],
                nip=row["nip"],
                unit_id=row["unit_id"],
                months=tuple(int(row[f"m{month}"]) for month in _MONTHS),
            )
            for row in self._connection.execute(wanted).mappings()
        ]

    def units(self, scope: LoadScope) -> Sequence[UnitLoad]:
        """Totals of each unit."""
        chosen = _people(scope).cte("people")
        load = _loads(scope, chosen).cte("load")
        total = load.c.home_bp + load.c.own_bp + load.c.lent_bp
        by_person = (
            sa.select(
                chosen.c.unit_id,
                sa.func.sum(load.c.home_bp).label("home_bp"),
                sa.func.sum(load.c.own_bp).label("own_bp"),
                sa.func.sum(load.c.lent_bp).label("lent_bp"),
                sa.func.max(total).label("most"),
            )
            .join(load, load.c.person_id == chosen.c.person_id)
            .group_by(chosen.c.person_id, chosen.c.unit_id)
            .subquery("by_person")
        )
        held = by_person.c
        wanted = (
            sa.select(
                held.unit_id,
                sa.func.count().label("people"),
                sa.func.sum(sa.case((held.most > WHOLE_BP, 1), else_=0)).label("over"),
                sa.func.sum(held.home_bp).label("home_bp"),
                sa.func.sum(held.own_bp).label("own_squads_bp"),
                sa.func.sum(held.lent_bp).label("lent_bp"),
            )
            .group_by(held.unit_id)
            .order_by(held.unit_id)
        )
        borrowed = self.borrowed(scope)
        return [
            UnitLoad(
                unit_id=row["unit_id"],
                people=row["people"],
                over=int(row["over"]),
                home_bp=int(row["home_bp"]),
                own_squads_bp=int(row["own_squads_bp"]),
                lent_bp=int(row["lent_bp"]),
                borrowed_bp=borrowed.get(row["unit_id"], 0),
            )
            for row in self._connection.execute(wanted).mappings()
        ]

    def borrowed(self, scope: LoadScope) -> Mapping[str, int]:
        """Host unit -> what people of other units bring to its squads."""
        home = home_once(scope.on).subquery("belongs")
        by_squad = _by_squad(_touched(scope, None).cte("touched")).subquery("by_squad")
        wanted = (
            sa.select(by_squad.c.host_unit_id, sa.func.sum(by_squad.c.effort_bp).label("bp"))
            .outerjoin(home, home.c.person_id == by_squad.c.person_id)
            .where(sa.func.coalesce(home.c.unit_id, "") != by_squad.c.host_unit_id)
            .group_by(by_squad.c.host_unit_id)
        )
        if scope.unit_ids is not None:
            wanted = wanted.where(by_squad.c.host_unit_id.in_(sorted(scope.unit_ids)))
        return {row.host_unit_id: int(row.bp) for row in self._connection.execute(wanted)}


def _people(scope: LoadScope) -> sa.Select[Any]:
    """(person_id, name, nip, unit_id) of everybody in the scope."""
    home = home_once(scope.on).subquery("home")
    wanted = (
        sa.select(a.person.c.id.label("person_id"), a.person.c.name, a.person.c.nip, home.c.unit_id)
        .join(home, home.c.person_id == a.person.c.id)
        .where(a.person.c.agency_id == scope.cycle.agency_id)
    )
    if scope.unit_ids is not None:
        wanted = wanted.where(home.c.unit_id.in_(sorted(scope.unit_ids)))
    return wanted


def _loads(scope: LoadScope, people: sa.CTE) -> sa.Select[Any]:
    """(person_id, month, home_bp, own_bp, lent_bp) of everybody chosen, every month."""
    months, touched = _months(scope).cte("months"), _touched(scope, people).cte("touched")
    squads = _squads(touched, people).cte("squads")
    plan, signed = _planned(scope).cte("planned"), _signed(touched).cte("signed")
    own, lent = (sa.func.coalesce(squads.c[name], 0) for name in ("own_bp", "lent_bp"))
    left = sa.case((own + lent < WHOLE_BP, WHOLE_BP - own - lent), else_=0)
    same_month = [
        sa.and_(one.c.person_id == people.c.person_id, one.c.month == months.c.month)
        for one in (squads, signed)
    ]
    joined = (
        people.join(months, sa.true())
        .outerjoin(plan, plan.c.person_id == people.c.person_id)
        .outerjoin(squads, same_month[0])
        .outerjoin(signed, same_month[1])
    )
    home = sa.func.coalesce(plan.c.home_effort_bp, signed.c.home_effort_bp, left)
    return sa.select(
        people.c.person_id,
        months.c.month,
        home.label("home_bp"),
        own.label("own_bp"),
        lent.label("lent_bp"),
    ).select_from(joined)


def _months(scope: LoadScope) -> sa.CompoundSelect[Any]:
    """The twelve months of a cycle's year with their first and last days."""
    year = scope.cycle.year
    return sa.union_all(
        *(
            sa.select(
                sa.literal(month).label("month"),
                sa.literal(date(year, month, 1), sa.Date).label("first"),
                sa.literal(date(year, month, monthrange(year, month)[1]), sa.Date).label("last"),
            )
            for month in _MONTHS
        )
    )


def _touched(scope: LoadScope, people: sa.CTE | None) -> sa.Select[Any]:
    """Memberships that home agreed to, once for each month that they touch."""
    held, squad, months = c.membership.c, c.squad.c, _months(scope).subquery("every_month")
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


def _by_squad(touched: sa.CTE) -> sa.Select[Any]:
    """Two efforts of one person in one squad and month count the larger."""
    held = touched.c
    return sa.select(
        held.person_id,
        held.squad_id,
        held.month,
        held.host_unit_id,
        sa.func.max(held.effort_bp).label("effort_bp"),
    ).group_by(held.person_id, held.squad_id, held.month, held.host_unit_id)


def _squads(touched: sa.CTE, people: sa.CTE) -> sa.Select[Any]:
    """Effort in squads of the home unit and of others by person and month."""
    held = _by_squad(touched).subquery("by_squad").c
    at_home = held.host_unit_id == people.c.unit_id
    return (
        sa.select(
            held.person_id,
            held.month,
            sa.func.sum(sa.case((at_home, held.effort_bp), else_=0)).label("own_bp"),
            sa.func.sum(sa.case((at_home, 0), else_=held.effort_bp)).label("lent_bp"),
        )
        .join(people, people.c.person_id == held.person_id)
        .group_by(held.person_id, held.month)
    )


def _planned(scope: LoadScope) -> sa.Select[Any]:
    """Home effort of the plan that holds: the fixed one, else the newest not dropped."""
    held = t.plan.c
    place = sa.func.row_number().over(
        partition_by=held.person_id,
        order_by=(sa.case((held.status == PlanStatus.FIXED, 0), else_=1), held.version.desc()),
    )
    ranked = (
        sa.select(held.person_id, held.home_effort_bp, place.label("place"))
        .where(held.cycle_id == scope.cycle.id, held.status != PlanStatus.DROPPED)
        .subquery("ranked_plans")
    )
    return sa.select(ranked.c.person_id, ranked.c.home_effort_bp).where(ranked.c.place == 1)


def _signed(touched: sa.CTE) -> sa.Select[Any]:
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
        partition_by=(touched.c.person_id, touched.c.month),
        order_by=(newest.c.at.desc(), newest.c.id.desc()),
    )
    ranked = (
        sa.select(
            touched.c.person_id, touched.c.month, newest.c.home_effort_bp, place.label("place")
        )
        .join(newest, sa.and_(newest.c.membership_id == touched.c.id, newest.c.place == 1))
        .subquery("ranked_answers")
    )
    held = ranked.c
    return sa.select(held.person_id, held.month, held.home_effort_bp).where(held.place == 1)


def _in_month(load: sa.CTE, total: sa.ColumnElement[Any], month: int) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((load.c.month == month, total), else_=0))
