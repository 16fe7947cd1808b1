"""What a place in a squad does to load, weights and targets, before somebody says yes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain.access import Resource
from engine.domain.indicators import Aspect, Direction
from engine.domain.plans import RoleKind
from engine.domain.scales import WHOLE_BP
from engine.domain.squads import Consent, Membership, Squad, SquadRole, last_day
from engine.domain.units import Unit
from engine.domain.workload import scaled_target
from engine.usecases.books import cycle_of, readable
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.index import weighed_roles
from engine.usecases.load import home_months, squad_months
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from engine.domain.cycles import Cycle
    from engine.domain.formation import Formation
    from engine.usecases.actor import Actor
    from engine.usecases.load import Held
    from engine.usecases.ports.work import House, UnitOfWork

#: id of a place that nobody holds yet, among the roles of a person
PROPOSED: Final = "proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAsk:
    """The place that is weighed: a membership that was asked for, a call, or just numbers."""

    membership_id: str | None = None
    call_id: str | None = None
    effort_bp: int | None = None
    #: part of full time that home keeps; None: what the squads leave
    home_bp: int | None = None
    first_day: date | None = None
    end_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEffect:
    """One month, basis points of full time."""

    month: int
    #: squads and home as they are
    squads_bp: int
    home_bp: int
    #: what the place adds; 0 outside its days
    place_bp: int
    #: home from then on, as asked
    home_after_bp: int
    #: words of `workload_flag`
    flag_before: str
    flag_kept: str
    flag_after: str

    @property
    def before_bp(self) -> int:
        """Load as it is."""
        return self.squads_bp + self.home_bp

    @property
    def kept_bp(self) -> int:
        """Load with the place when nothing at home is reduced."""
        return self.before_bp + self.place_bp

    @property
    def after_bp(self) -> int:
        """Load with the place and home as asked."""
        return self.squads_bp + self.place_bp + self.home_after_bp


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightEffect:
    """A role in the index, before and after; weight = effort times days over their sum."""

    name: str
    role_kind: RoleKind
    is_place: bool
    effort_before_bp: int
    days_before: int
    weight_before_bp: int
    effort_after_bp: int
    days_after: int
    weight_after_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetEffect:
    """A number that the home plan promises, and the same work in less time."""

    result: str
    text: str
    unit: str
    target: Decimal
    proposed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEffect:
    """What a place would do in the year in which it begins."""

    cycle: Cycle
    squad: str
    effort_bp: int
    first_day: date
    end_day: date
    #: home in the months of the place: the least before, and as asked
    home_before_bp: int
    home_after_bp: int
    #: what all squads together leave for home in the heaviest of these months
    fitting_bp: int
    #: above this a month is overloaded
    overload_above_bp: int
    #: how many unit heads sign the heaviest month (the home's first, then the host's), when
    #: nothing at home is reduced, and with home as asked
    heads_kept: int
    heads_after: int
    months: Sequence[MonthEffect]
    weights: Sequence[WeightEffect]
    targets: Sequence[TargetEffect]
    #: home results without a number to lower
    worded: Sequence[str]

    @property
    def touched(self) -> Sequence[MonthEffect]:
        """The months of the place."""
        return [row for row in self.months if row.place_bp]

    @property
    def heaviest_kept_bp(self) -> int:
        """The heaviest of them when nothing at home is reduced."""
        return max((row.kept_bp for row in self.touched), default=0)

    @property
    def heaviest_after_bp(self) -> int:
        """The heaviest of them with home as asked."""
        return max((row.after_bp for row in self.touched), default=0)


def place_effect(house: House, actor: Actor, ask: PlaceAsk) -> PlaceEffect:
    """What a place would do to its person: oneself, or whose membership one may weigh.

    `NotFound` for who may not read the person's load, for an unknown place or cycle.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        row, squad = _place(standing, actor, ask)
        cycle = _readable(standing, actor, row)
        tables = tables_of(house, uow, row.home_agency_id)
        return _effect(standing, tables, cycle, (row, squad), ask.home_bp)


def _effect(
    standing: Standing,
    tables: Tables,
    cycle: Cycle,
    place: tuple[Membership, Squad],
    home_bp: int | None,
) -> PlaceEffect:
    row, squad = place
    store = standing.uow.contributions
    all_held = store.memberships_of(row.person_id, cycle.starts_on, cycle.ends_on)
    held = [pair for pair in all_held if pair[0].id != row.id]
    counted = [pair for pair in held if pair[0].consent is not Consent.REFUSED]
    months = _months(standing, tables, cycle, (counted, place, home_bp))
    touched = [one for one in months if one.place_bp]
    home_before = min((one.home_bp for one in touched), default=0)
    fitting = min((max(WHOLE_BP - one.squads_bp - one.place_bp, 0) for one in touched), default=0)
    home_after = fitting if home_bp is None else home_bp
    rules = tables.load_rules(cycle.year)
    targets, worded = _targets(standing, row.person_id, cycle, (home_before, home_after))
    heaviest = max((one.kept_bp for one in touched), default=0)
    lightened = max((one.after_bp for one in touched), default=0)
    return PlaceEffect(
        cycle=cycle,
        squad=squad.name,
        effort_bp=row.effort_bp,
        first_day=row.valid_from,
        end_day=last_day(row, squad),
        home_before_bp=home_before,
        home_after_bp=home_after,
        fitting_bp=fitting,
        overload_above_bp=rules.overload_above_bp,
        heads_kept=tables.load_approvals(heaviest),
        heads_after=tables.load_approvals(lightened),
        months=months,
        weights=_weights(standing, cycle, held, place),
        targets=targets,
        worded=worded,
    )


def _months(
    standing: Standing,
    tables: Tables,
    cycle: Cycle,
    asked: tuple[Held, tuple[Membership, Squad], int | None],
) -> list[MonthEffect]:
    held, (row, squad), home_bp = asked
    squads, home = squad_months(held, cycle), home_months(standing, row.person_id, cycle, held)
    with_place = squad_months([*held, (row, squad)], cycle)
    added = {month: with_place[month] - bp for month, bp in squads.items()}
    loads = {m: squads[m] + home[m] for m in squads}
    fitting = min((max(WHOLE_BP - with_place[m], 0) for m, bp in added.items() if bp), default=0)
    after = {m: (fitting if home_bp is None else home_bp) if added[m] else home[m] for m in squads}
    words = {bp: tables.load_flag(bp) for bp in _distinct(loads, added, with_place, after)}
    return [
        MonthEffect(
            month=m,
            squads_bp=squads[m],
            home_bp=home[m],
            place_bp=added[m],
            home_after_bp=after[m],
            flag_before=words[loads[m]],
            flag_kept=words[loads[m] + added[m]],
            flag_after=words[with_place[m] + after[m]],
        )
        for m in squads
    ]


def _distinct(
    loads: Mapping[int, int],
    added: Mapping[int, int],
    with_place: Mapping[int, int],
    after: Mapping[int, int],
) -> set[int]:
    found = set(loads.values())
    found |= {loads[m] + added[m] for m in loads}
    return found | {with_place[m] + after[m] for m in loads}


def _weights(
    standing: Standing, cycle: Cycle, held: Held, place: tuple[Membership, Squad]
) -> list[WeightEffect]:
    row, _ = place
    before = {t.role: (t, w) for t, w in weighed_roles(standing, row.person_id, cycle, held)}
    after = {
        t.role: (t, w) for t, w in weighed_roles(standing, row.person_id, cycle, [*held, place])
    }
    squads = {one.id: squad.name for one, squad in [*held, place]}
    unit_id = standing.home_unit(row.person_id)
    unit = standing.uow.agency.get(Unit, unit_id) if unit_id else None
    found = []
    for role, (time, weight) in after.items():
        old, old_weight = before.get(role, (None, 0))
        found.append(
            WeightEffect(
                name=squads.get(role, unit.name if unit else ""),
                role_kind=RoleKind.SQUAD if role in squads else RoleKind.HOME,
                is_place=role == row.id,
                effort_before_bp=old.effort_bp if old else 0,
                days_before=old.duration if old else 0,
                weight_before_bp=old_weight,
                effort_after_bp=time.effort_bp,
                days_after=time.duration,
                weight_after_bp=weight,
            )
        )
    return found


def _targets(
    standing: Standing, person_id: str, cycle: Cycle, home: tuple[int, int]
) -> tuple[list[TargetEffect], list[str]]:
    store = standing.uow.performance
    plan = store.plan_of(person_id, cycle.id)
    if plan is None:
        return [], []
    items = {one.id: one for one in store.items(plan.id) if one.role_kind is RoleKind.HOME}
    found = [
        TargetEffect(
            result=items[one.item_id].title,
            text=one.text,
            unit=one.unit,
            target=one.target,
            proposed=scaled_target(one.target, *home),
        )
        for one in store.indicators(plan.id)
        if one.item_id in items
        and one.target is not None
        and one.aspect is Aspect.KUANTITAS
        and one.direction is Direction.HIGHER
    ]
    numbered = {row.result for row in found}
    return found, [one.title for one in items.values() if one.title not in numbered]


def _place(standing: Standing, actor: Actor, ask: PlaceAsk) -> tuple[Membership, Squad]:
    if ask.membership_id is not None:
        row = standing.uow.contributions.get(Membership, ask.membership_id)
        if row is None:
            raise NotFound("membership", ask.membership_id)
        return _adjusted(row, ask), standing.squad(row.squad_id)
    if actor.person_id is None or actor.agency_id is None:
        raise NotFound("place", ask.call_id or "")
    return _proposed(standing, actor, ask)


def _adjusted(row: Membership, ask: PlaceAsk) -> Membership:
    return replace(row, effort_bp=ask.effort_bp) if ask.effort_bp else row


def _proposed(standing: Standing, actor: Actor, ask: PlaceAsk) -> tuple[Membership, Squad]:
    """A place that nobody holds: of a call, or of the numbers given; from today when not said."""
    assert actor.person_id is not None  # noqa: S101 - told the reader, asked before
    assert actor.agency_id is not None  # noqa: S101 - likewise
    call = _call(standing, actor.agency_id, ask.call_id) if ask.call_id else None
    today = standing.today(actor.agency_id)
    cycle = cycle_of(standing.uow, actor.agency_id, None)
    starts = ask.first_day or max(call.starts_on if call else today, today)
    ends = max(ask.end_day or (call.ends_on if call else cycle.ends_on), starts)
    home = standing.home_unit(actor.person_id) or ""
    squad = Squad(
        id=PROPOSED,
        host_agency_id=actor.agency_id,
        host_unit_id=call.host_unit_id if call else home,
        code="",
        name=call.name if call else "",
        letter_no="",
        sponsor_id=call.sponsor_id if call else "",
        starts_on=starts,
        ends_on=ends,
        budget_points=0,
    )
    row = Membership(
        id=PROPOSED,
        squad_id=PROPOSED,
        person_id=actor.person_id,
        home_agency_id=actor.agency_id,
        home_unit_id=home,
        role=SquadRole.ANGGOTA,
        effort_bp=ask.effort_bp or 2000,
        valid_from=starts,
    )
    return row, squad


def _call(standing: Standing, agency_id: str, call_id: str) -> Formation:
    today = standing.today(agency_id)
    for call in standing.uow.formation.open_calls(agency_id, today):
        if call.id == call_id:
            return call
    raise NotFound("call", call_id)


def _readable(standing: Standing, actor: Actor, row: Membership) -> Cycle:
    found = standing.uow.performance.cycle_of(row.home_agency_id, row.valid_from.year)
    return readable(standing, actor, row.person_id, Resource.WORKLOAD, found.id if found else None)


def tables_of(house: House, uow: UnitOfWork, agency_id: str) -> Tables:
    """The decisions of an agency now."""
    means = means_of(house)
    return Tables(means, uow, house.clock.now(), agency_id)
