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
_YEAR: Final = 12
#: how many times more people each look for those above full time takes in than the one before
_MORE: Final = 8


class SqlWorkloadStore:
    """`WorkloadStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def page(
        self, scope: LoadScope, *, after: tuple[str, str] | None = None, limit: int
    ) -> Sequence[LoadRow]:
        """People with their load, keyset paged by (name, id)."""
        if not scope.over_only:
            return self._rows(scope, _people(scope), after, limit)
        perhaps = _people(scope).where(_perhaps_over(scope))
        found: list[LoadRow] = []
        asked = limit
        while len(found) < limit:
            rows = self._rows(scope, perhaps, after, asked)
            found += [row for row in rows if row.most > WHOLE_BP]
            if len(rows) < asked:
                break
            after, asked = (rows[-1].name, rows[-1].person_id), asked * _MORE
        return found[:limit]

    def _rows(
        self, scope: LoadScope, people: sa.Select[Any], after: tuple[str, str] | None, limit: int
    ) -> Sequence[LoadRow]:
        if after is not None:
            people = people.where(sa.tuple_(a.person.c.name, a.person.c.id) > sa.tuple_(*after))
        chosen = _once(people.order_by(a.person.c.name, a.person.c.id).limit(limit), "people")
        load = _once(_loads(scope, chosen), "load")
        months = [_in_month(load, month).label(f"m{month}") for month in _MONTHS]
        wanted = (
            sa.select(*chosen.c, *months)
            .join(load, load.c.person_id == chosen.c.person_id)
            .group_by(*chosen.c)
            .order_by(chosen.c.name, chosen.c.person_id)
        )
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

    def people(self, scope: LoadScope) -> Mapping[str, int]:
        """Unit -> how many people belong to it."""
        chosen = _people(scope).subquery("people")
        wanted = sa.select(chosen.c.unit_id, sa.func.count().label("people"))
        grouped = wanted.group_by(chosen.c.unit_id)
        return {row.unit_id: row.people for row in self._connection.execute(grouped)}

    def units(self, scope: LoadScope) -> Sequence[UnitLoad]:
        """Totals of each unit."""
        chosen = _once(_people(scope), "people")
        held = _once(_years(chosen, *_monthly(scope, chosen)), "years").c
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
        touched = _touched(scope, None)
        if scope.unit_ids is not None:
            touched = touched.where(c.squad.c.host_unit_id.in_(sorted(scope.unit_ids)))
        by_squad = _by_squad(_once(touched, "touched")).subquery("by_squad")
        wanted = (
            sa.select(by_squad.c.host_unit_id, sa.func.sum(by_squad.c.effort_bp).label("bp"))
            .outerjoin(home, home.c.person_id == by_squad.c.person_id)
            .where(sa.func.coalesce(home.c.unit_id, "") != by_squad.c.host_unit_id)
            .group_by(by_squad.c.host_unit_id)
        )
        return {row.host_unit_id: int(row.bp) for row in self._connection.execute(wanted)}


def _once(query: sa.Select[Any] | sa.CompoundSelect[Any], name: str) -> sa.CTE:
    """A part of a question that both databases work out once, whoever refers to it."""
    return query.cte(name).prefix_with("MATERIALIZED")


def _people(scope: LoadScope) -> sa.Select[Any]:
    """(person_id, name, nip, unit_id, planned_bp) of everybody in the scope."""
    home = home_once(scope.on).subquery("home")
    wanted = (
        sa.select(
            a.person.c.id.label("person_id"),
            a.person.c.name,
            a.person.c.nip,
            home.c.unit_id,
            _planned(scope).label("planned_bp"),
        )
        .join(home, home.c.person_id == a.person.c.id)
        .where(a.person.c.agency_id == scope.cycle.agency_id)
    )
    if scope.unit_ids is not None:
        wanted = wanted.where(home.c.unit_id.in_(sorted(scope.unit_ids)))
    return wanted


def _perhaps_over(scope: LoadScope) -> sa.ColumnElement[bool]:
    """Whether somebody's efforts together could exceed full time if they met in one month."""
    held, answer = c.membership.c, membership_signature.c
    mine = sa.and_(
        held.person_id == a.person.c.id,
        held.consent == Consent.GIVEN,
        held.valid_from <= scope.cycle.ends_on,
        sa.or_(held.valid_to.is_(None), held.valid_to > scope.cycle.starts_on),
    )
    efforts = sa.select(sa.func.sum(held.effort_bp)).where(mine)
    signed = (
        sa.select(sa.func.max(answer.home_effort_bp))
        .join_from(membership_signature, c.membership, held.id == answer.membership_id)
        .where(mine)
    )
    squads_bp, home_bp = (one.correlate(a.person).scalar_subquery() for one in (efforts, signed))
    most = sa.func.coalesce(squads_bp, 0) + sa.func.coalesce(_planned(scope), home_bp, 0)
    return most > WHOLE_BP


def _monthly(scope: LoadScope, people: sa.CTE) -> tuple[sa.CTE, sa.CTE]:
    """Efforts in squads, and home time as signed, by person and month that a squad touches."""
    touched = _once(_touched(scope, people), f"touched_{people.name}")
    return (
        _once(_squads(touched, people), f"squads_{people.name}"),
        _once(_signed(touched), f"signed_{people.name}"),
    )


def _years(people: sa.CTE, squads: sa.CTE, signed: sa.CTE) -> sa.Select[Any]:
    """(person_id, unit_id, home_bp, own_bp, lent_bp, most) of a year, months without rows too."""
    held = squads.c
    in_squads = held.own_bp + held.lent_bp
    home = sa.func.coalesce(signed.c.home_effort_bp, _left(in_squads))
    same = sa.and_(signed.c.person_id == held.person_id, signed.c.month == held.month)
    busy = (
        sa.select(
            held.person_id,
            sa.func.count().label("months"),
            sa.func.sum(held.own_bp).label("own_bp"),
            sa.func.sum(held.lent_bp).label("lent_bp"),
            sa.func.max(in_squads).label("squads_most"),
            sa.func.sum(home).label("home_bp"),
            sa.func.max(in_squads + home).label("most"),
        )
        .outerjoin(signed, same)
        .group_by(held.person_id)
        .subquery(f"busy_{people.name}")
    )
    year, planned = busy.c, people.c.planned_bp
    idle_months = _YEAR - sa.func.coalesce(year.months, 0)
    unplanned = sa.func.coalesce(year.home_bp, 0) + idle_months * WHOLE_BP
    return sa.select(
        people.c.person_id,
        people.c.unit_id,
        sa.func.coalesce(planned * _YEAR, unplanned).label("home_bp"),
        sa.func.coalesce(year.own_bp, 0).label("own_bp"),
        sa.func.coalesce(year.lent_bp, 0).label("lent_bp"),
        sa.func.coalesce(
            planned + sa.func.coalesce(year.squads_most, 0), year.most, WHOLE_BP
        ).label("most"),
    ).outerjoin(busy, year.person_id == people.c.person_id)


def _left(squads_bp: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """What squads leave of full time."""
    return sa.case((squads_bp < WHOLE_BP, WHOLE_BP - squads_bp), else_=0)


def _loads(scope: LoadScope, people: sa.CTE) -> sa.Select[Any]:
    """(person_id, month, load_bp) of everybody chosen, every month."""
    months = _once(_months(scope), "months")
    squads, signed = _monthly(scope, people)
    in_squads = sa.func.coalesce(squads.c.own_bp + squads.c.lent_bp, 0)
    same_month = [
        sa.and_(one.c.person_id == people.c.person_id, one.c.month == months.c.month)
        for one in (squads, signed)
    ]
    joined = (
        people.join(months, sa.true())
        .outerjoin(squads, same_month[0])
        .outerjoin(signed, same_month[1])
    )
    home = sa.func.coalesce(people.c.planned_bp, signed.c.home_effort_bp, _left(in_squads))
    return sa.select(
        people.c.person_id, months.c.month, (home + in_squads).label("load_bp")
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


def _planned(scope: LoadScope) -> sa.ScalarSelect[Any]:
    """Home effort of a person's plan that holds: the fixed one, else the newest not dropped."""
    held = t.plan.c
    return (
        sa.select(held.home_effort_bp)
        .where(held.person_id == a.person.c.id, held.cycle_id == scope.cycle.id)
        .where(held.status != PlanStatus.DROPPED)
        .order_by(sa.case((held.status == PlanStatus.FIXED, 0), else_=1), held.version.desc())
        .limit(1)
        .correlate(a.person)
        .scalar_subquery()
    )


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


def _in_month(load: sa.CTE, month: int) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((load.c.month == month, load.c.load_bp), else_=0))
