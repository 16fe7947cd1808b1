"""The load of many people by month, on SQL: what `usecases.load` says of one, as sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.plans import PlanStatus
from engine.domain.scales import WHOLE_BP
from engine.domain.squads import Consent
from engine.persistence.stores.month_posts import ever_in, month_posts
from engine.persistence.stores.squad_months import (
    MONTHS,
    every_month,
    home_times,
    member_months,
    squad_efforts,
)
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as t
from engine.persistence.tables.formation import membership_signature
from engine.usecases.ports.workloads import LoadRow, UnitLoad

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.workloads import LoadScope

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
        posts = _posts(scope)
        people = people.where(a.person.c.id.in_(sa.select(posts.c.person_id)))
        chosen = _once(people.order_by(a.person.c.name, a.person.c.id).limit(limit), "people")
        load = _once(_loads(scope, chosen, posts), "load")
        newest = _newest(posts, chosen).subquery("newest_post")
        months = [_in_month(load, month).label(f"m{month}") for month in MONTHS]
        shown = (*chosen.c, newest.c.unit_id)
        wanted = (
            sa.select(*shown, *months)
            .join(load, load.c.person_id == chosen.c.person_id)
            .join(newest, newest.c.person_id == chosen.c.person_id)
            .group_by(*shown)
            .order_by(chosen.c.name, chosen.c.person_id)
        )
        return [
            LoadRow(
                person_id=row["person_id"],
                name=row["name"],
                nip=row["nip"],
                unit_id=row["unit_id"],
                months=tuple(int(row[f"m{month}"]) for month in MONTHS),
            )
            for row in self._connection.execute(wanted).mappings()
        ]

    def people(self, scope: LoadScope) -> Mapping[str, int]:
        """Unit -> how many people belong to it at some time of the year."""
        posts = _posts(scope).c
        found = sa.func.count(posts.person_id.distinct()).label("people")
        grouped = sa.select(posts.unit_id, found).group_by(posts.unit_id)
        return {row.unit_id: row.people for row in self._connection.execute(grouped)}

    def units(self, scope: LoadScope) -> Sequence[UnitLoad]:
        """Totals of each unit."""
        posts = _posts(scope)
        held = _once(_years(scope, posts, *_monthly(scope, posts, posts)), "years").c
        wanted = (
            sa.select(
                held.unit_id,
                sa.func.sum(held.months).label("person_months"),
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
                person_months=int(row["person_months"]),
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
        touched = member_months(scope, None)
        if scope.unit_ids is not None:
            touched = touched.where(c.squad.c.host_unit_id.in_(sorted(scope.unit_ids)))
        there = _once(touched, "touched")
        by_squad = squad_efforts(there).subquery("by_squad")
        guests = month_posts(scope.cycle.year, sa.select(there.c.person_id))
        home = _once(guests, "belongs")
        wanted = (
            sa.select(by_squad.c.host_unit_id, sa.func.sum(by_squad.c.effort_bp).label("bp"))
            .outerjoin(home, _his_month(home, by_squad.c))
            .where(sa.func.coalesce(home.c.unit_id, "") != by_squad.c.host_unit_id)
            .group_by(by_squad.c.host_unit_id)
        )
        return {row.host_unit_id: int(row.bp) for row in self._connection.execute(wanted)}


def _once(query: sa.Select[Any] | sa.CompoundSelect[Any], name: str) -> sa.CTE:
    """A part of a question that both databases work out once, whoever refers to it."""
    return query.cte(name).prefix_with("MATERIALIZED")


def _people(scope: LoadScope) -> sa.Select[Any]:
    """(person_id, name, nip, planned_bp) of everybody of the agency."""
    return sa.select(
        a.person.c.id.label("person_id"),
        a.person.c.name,
        a.person.c.nip,
        _planned(scope).label("planned_bp"),
    ).where(a.person.c.agency_id == scope.cycle.agency_id)


def _posts(scope: LoadScope) -> sa.CTE:
    """(person_id, unit_id, job, first_month, last_month) of the posts in the scope."""
    year = scope.cycle.year
    people = sa.select(a.person.c.id).where(a.person.c.agency_id == scope.cycle.agency_id)
    if scope.unit_ids is None:
        return _once(month_posts(year, people), "posts")
    # all posts of whoever was ever there: one elsewhere may have the month
    people = people.where(a.person.c.id.in_(ever_in(year, scope.unit_ids)))
    every = month_posts(year, people).subquery("every_post")
    return _once(sa.select(every).where(every.c.unit_id.in_(sorted(scope.unit_ids))), "posts")


def _his_month(posts: sa.CTE, held: Any) -> sa.ColumnElement[bool]:
    """Whether a row's month, of a person, is of a post."""
    return sa.and_(
        posts.c.person_id == held.person_id,
        held.month >= posts.c.first_month,
        held.month <= posts.c.last_month,
    )


def _newest(posts: sa.CTE, people: sa.CTE) -> sa.Select[Any]:
    """(person_id, unit_id) of the last post of the year in the scope."""
    back = sa.func.row_number().over(
        partition_by=posts.c.person_id, order_by=posts.c.last_month.desc()
    )
    ranked = (
        sa.select(posts.c.person_id, posts.c.unit_id, back.label("back"))
        .where(posts.c.person_id.in_(sa.select(people.c.person_id)))
        .subquery("ranked_posts")
    )
    return sa.select(ranked.c.person_id, ranked.c.unit_id).where(ranked.c.back == 1)


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


def _monthly(scope: LoadScope, people: sa.CTE, posts: sa.CTE) -> tuple[sa.CTE, sa.CTE]:
    """Efforts in squads, and home time as signed, by person and month that a squad touches."""
    touched = _once(member_months(scope, people), f"touched_{people.name}")
    return (
        _once(_squads(touched, posts), f"squads_{people.name}"),
        _once(home_times(touched), f"signed_{people.name}"),
    )


def _years(scope: LoadScope, posts: sa.CTE, squads: sa.CTE, signed: sa.CTE) -> sa.Select[Any]:
    """(unit_id, months, home_bp, own_bp, lent_bp, most) of a person's months in a unit.

    Months that no squad touches have no row of their own: full time for home, or as planned.
    """
    spans = (
        sa.select(
            posts.c.person_id,
            posts.c.unit_id,
            sa.func.sum(posts.c.last_month - posts.c.first_month + 1).label("months"),
        )
        .group_by(posts.c.person_id, posts.c.unit_id)
        .subquery("spans")
    )
    busy = _busy(squads, signed).subquery("busy")
    year, there = busy.c, spans.c
    planned = _planned(scope)
    with_plan = sa.select(a.person.c.id, planned.label("bp")).subquery("with_plan")
    plan_bp = with_plan.c.bp
    idle_months = there.months - sa.func.coalesce(year.months, 0)
    unplanned = sa.func.coalesce(year.home_bp, 0) + idle_months * WHOLE_BP
    busiest = sa.case((idle_months > 0, WHOLE_BP), else_=0)
    most = sa.func.coalesce(year.most, 0)
    return (
        sa.select(
            there.unit_id,
            there.months,
            sa.func.coalesce(plan_bp * there.months, unplanned).label("home_bp"),
            sa.func.coalesce(year.own_bp, 0).label("own_bp"),
            sa.func.coalesce(year.lent_bp, 0).label("lent_bp"),
            sa.func.coalesce(
                plan_bp + sa.func.coalesce(year.squads_most, 0),
                sa.case((most > busiest, most), else_=busiest),
            ).label("most"),
        )
        .join(with_plan, with_plan.c.id == there.person_id)
        .outerjoin(busy, sa.and_(year.person_id == there.person_id, year.unit_id == there.unit_id))
    )


def _busy(squads: sa.CTE, signed: sa.CTE) -> sa.Select[Any]:
    """Months that a squad touches, together by person and unit that has the month."""
    held = squads.c
    in_squads = held.own_bp + held.lent_bp
    home = sa.func.coalesce(signed.c.home_effort_bp, _left(in_squads))
    same = sa.and_(signed.c.person_id == held.person_id, signed.c.month == held.month)
    return (
        sa.select(
            held.person_id,
            held.unit_id,
            sa.func.count().label("months"),
            sa.func.sum(held.own_bp).label("own_bp"),
            sa.func.sum(held.lent_bp).label("lent_bp"),
            sa.func.max(in_squads).label("squads_most"),
            sa.func.sum(home).label("home_bp"),
            sa.func.max(in_squads + home).label("most"),
        )
        .outerjoin(signed, same)
        .where(held.unit_id.is_not(None))
        .group_by(held.person_id, held.unit_id)
    )


def _left(squads_bp: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """What squads leave of full time."""
    return sa.case((squads_bp < WHOLE_BP, WHOLE_BP - squads_bp), else_=0)


def _loads(scope: LoadScope, people: sa.CTE, posts: sa.CTE) -> sa.Select[Any]:
    """(person_id, month, load_bp) of everybody chosen, every month.

    A month without a post in the scope has no home time; its squads count for the whole agency.
    """
    months = _once(every_month(scope), "months")
    squads, signed = _monthly(scope, people, posts)
    in_squads = sa.func.coalesce(squads.c.own_bp + squads.c.lent_bp, 0)
    same_month = [
        sa.and_(one.c.person_id == people.c.person_id, one.c.month == months.c.month)
        for one in (squads, signed)
    ]
    there = sa.and_(
        posts.c.person_id == people.c.person_id,
        months.c.month >= posts.c.first_month,
        months.c.month <= posts.c.last_month,
    )
    joined = (
        people.join(months, sa.true())
        .outerjoin(posts, there)
        .outerjoin(squads, same_month[0])
        .outerjoin(signed, same_month[1])
    )
    home = sa.func.coalesce(people.c.planned_bp, signed.c.home_effort_bp, _left(in_squads))
    away = in_squads if scope.unit_ids is None else 0
    load = sa.case((posts.c.unit_id.is_not(None), home + in_squads), else_=away)
    return sa.select(people.c.person_id, months.c.month, load.label("load_bp")).select_from(joined)


def _squads(touched: sa.CTE, posts: sa.CTE) -> sa.Select[Any]:
    """Effort in squads of the unit that has the month, and of others, by person and month."""
    by_squad = squad_efforts(touched).subquery("by_squad")
    held, there = by_squad.c, posts.c
    at_home = held.host_unit_id == there.unit_id
    return (
        sa.select(
            held.person_id,
            held.month,
            there.unit_id,
            sa.func.sum(sa.case((at_home, held.effort_bp), else_=0)).label("own_bp"),
            sa.func.sum(sa.case((at_home, 0), else_=held.effort_bp)).label("lent_bp"),
        )
        .select_from(by_squad)
        .outerjoin(posts, _his_month(posts, held))
        .group_by(held.person_id, held.month, there.unit_id)
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


def _in_month(load: sa.CTE, month: int) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((load.c.month == month, load.c.load_bp), else_=0))
