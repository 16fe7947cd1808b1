"""Disputes as their parties and deciders read them: positions, clock, who decides, the lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.domain.access import Resource
from engine.domain.calendar import WorkingCalendar, local_day, working_days
from engine.domain.cycles import Cycle
from engine.domain.disputes import (
    DisputeState,
    DisputeSubject,
    RestatedLine,
    check_restated,
    dispute_decider,
)
from engine.domain.errors import NobodyFound
from engine.domain.ledger import COLLECTIVE, account_person
from engine.domain.scales import WHOLE_BP
from engine.usecases.books import cycle_of
from engine.usecases.decisions import Tables
from engine.usecases.earmarks import earmarks
from engine.usecases.errors import NotFound
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.relations import around, may_read
from engine.usecases.task_views import PAGE_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.domain.claims import Claim, Evidence
    from engine.domain.disputes import Dispute, Hearing
    from engine.domain.outputs import Output
    from engine.usecases.actor import Actor
    from engine.usecases.ports.claim_views import OpenStep
    from engine.usecases.ports.work import House, UnitOfWork

#: tasks of a dispute in the drawing `contribution`
HEARS: Final = "hear_party"
DECIDES: Final = "decide_dispute"
_PROCESS: Final = "contribution"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeLine:
    """One member's share: before, and as it was restated (None while nobody decided)."""

    person_id: str
    expected_bp: int
    before_bp: int
    after_bp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeView:
    """A dispute with all that its page shows."""

    dispute: Dispute
    output: Output
    squad: str
    #: whose line is contested, None for kerja kolektif
    about_id: str | None
    evidence: Sequence[Evidence]
    hearings: Sequence[Hearing]
    #: members who have not been heard yet
    unheard: Sequence[str]
    lines: Sequence[DisputeLine]
    collective_before_bp: int
    collective_after_bp: int | None
    #: who decides as it stands today, None where nobody is left inside the agency
    decider_id: str | None
    #: what is open now: hearings first, then the decision
    steps: Sequence[OpenStep]
    #: when the present stage ends, None without a clock
    due_at: datetime | None
    #: working days left of it
    days_left: int | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestatedPreview:
    """What a decision would leave everybody with."""

    lines: Sequence[DisputeLine]
    #: what the lines leave of the whole
    collective_bp: int
    #: what they ask beyond the whole
    beyond_bp: int
    #: codes of what the rule would refuse
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRow:
    """A dispute in a list."""

    dispute: Dispute
    output: Output
    squad: str
    #: the actor's own task in it, None when others act
    task: OpenStep | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeList:
    """Disputes that wait for the actor, and those he is a party to."""

    rows: Sequence[DisputeRow]
    names: Mapping[str, str]


def dispute_list(house: House, actor: Actor) -> DisputeList:
    """Disputes in which the actor decides, is heard, raised one, or has a line; open ones first.

    A constant number of statements. `NotFound` for who is no person.
    """
    if actor.person_id is None or actor.agency_id is None:
        raise NotFound("person", actor.name)
    with house.reading() as uow:
        cycle = cycle_of(uow, actor.agency_id, None)
        store, now = uow.contributions, house.clock.now()
        tasks = [
            task
            for element in (DECIDES, HEARS)
            for task in uow.work_list.mine(
                actor, now=now, process_id=_PROCESS, element_id=element, limit=PAGE_MAX
            )
        ]
        asked = {task.output_id for task in tasks if task.output_id is not None}
        own = store.credit_lines(cycle.id, person_id=actor.person_id)
        ids = asked | {line.output_id for line in own}
        found = store.disputes_in(ids) if ids else ()
        outputs = {row.id: row for row in store.outputs_in({one.output_id for one in found})}
        squads = {row.id: row.name for row in store.squads_in(_squads(outputs))}
        steps = store.open_steps(outputs) if outputs else ()
        mine = {task.key for task in tasks}
        rows = [_row(one, outputs, squads, (steps, mine)) for one in found]
        names = uow.agency.names(sorted({one.raised_by for one in found}))
    rows.sort(key=lambda row: (row.task is None, row.dispute.state is DisputeState.RESOLVED))
    return DisputeList(rows=rows, names=names)


def dispute_of(house: House, actor: Actor, output_id: str) -> DisputeView | None:
    """The newest dispute of an output; None where there is none, or for who may not read it."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        output = standing.output(output_id)
        found = uow.contributions.disputes(output_id)
        cycle = uow.performance.get(Cycle, output.cycle_id)
        if not found or cycle is None:
            return None
        people = [line.person_id for line in uow.contributions.share_lines(output_id)]
        mine = actor.person_id == _decider(standing, output)
        if not mine and not _may_read(standing, actor, people, cycle):
            return None
        for person_id in people:
            uow.readings.note(actor, person_id, Resource.DISPUTE)
        return _view(uow, standing, output, found[-1])


def foresee_decision(house: House, view: DisputeView, shares: Mapping[str, int]) -> RestatedPreview:
    """The lines as a decision would restate them: what they leave is kerja kolektif; reads only.

    A member without a share in `shares` gets none. What the rule would refuse is named by code.
    """
    lines = [replace(line, after_bp=max(shares.get(line.person_id, 0), 0)) for line in view.lines]
    given = sum(line.after_bp or 0 for line in lines)
    restated = [
        RestatedLine(person_id=line.person_id, share_bp=line.after_bp or 0) for line in lines
    ]
    if given < WHOLE_BP:
        restated.append(RestatedLine(person_id=None, share_bp=WHOLE_BP - given))
    current = {line.person_id: line.before_bp for line in view.lines}
    with house.reading() as uow:
        means = means_of(house)
        squad = Standing(uow, house.clock.now()).squad(view.output.squad_id)
        tables = Tables(means, uow, house.clock.now(), squad.host_agency_id)
        found = check_restated(
            current,
            restated,
            heard=current,
            collective_most_bp=tables.collective_most_bp(),
        )
    return RestatedPreview(
        lines=lines,
        collective_bp=max(WHOLE_BP - given, 0),
        beyond_bp=max(given - WHOLE_BP, 0),
        faults=tuple(dict.fromkeys(one.code for one in found)),
    )


def _may_read(standing: Standing, actor: Actor, people: Sequence[str], cycle: Cycle) -> bool:
    return any(
        may_read(around(standing.uow, standing, who, cycle), actor, Resource.DISPUTE)
        for who in people
    )


def _view(uow: UnitOfWork, standing: Standing, output: Output, one: Dispute) -> DisputeView:
    store = uow.contributions
    claims = {row.id: row for row in store.claims(output.id)}
    hearings = store.hearings(one.id)
    lines = _lines(uow, output, one)
    steps = [one for one in store.open_steps([output.id]) if one.element_id in (HEARS, DECIDES)]
    decider = one.decided_by or _decider(standing, output)
    heard = {row.person_id for row in hearings}
    people = {line.person_id for line in lines} | {one.raised_by, *heard}
    people |= {name for name in (decider, one.decided_by) if name}
    steps.sort(key=lambda step: step.element_id == DECIDES)
    due = next((step.due_at for step in steps if step.due_at is not None), None)
    return DisputeView(
        dispute=one,
        output=output,
        squad=standing.squad(output.squad_id).name,
        about_id=_contested(one, claims),
        evidence=[row for row in store.evidence_in(claims) if row.id == one.evidence_id],
        hearings=hearings,
        unheard=[line.person_id for line in lines if line.person_id not in heard],
        lines=lines,
        collective_before_bp=store.balances(output.id).get(COLLECTIVE, 0),
        collective_after_bp=_together(one),
        decider_id=decider,
        steps=steps,
        due_at=due,
        days_left=_days_left(standing, output, due),
        names=uow.agency.names(sorted(people)),
    )


def _contested(one: Dispute, claims: Mapping[str, Claim]) -> str | None:
    claim = claims.get(one.claim_id)
    # the store keeps the word, not the member of the enumeration
    return claim.person_id if claim and one.about == DisputeSubject.LINE else None


def _together(one: Dispute) -> int | None:
    """What the decision left to kerja kolektif; None while nobody decided."""
    if one.state is not DisputeState.RESOLVED:
        return None
    return sum(row.share_bp for row in one.restated if row.person_id is None)


def _days_left(standing: Standing, output: Output, due: datetime | None) -> int | None:
    """Working days behind today up to the last one; 0 when the clock ran out."""
    if due is None:
        return None
    agency_id = standing.squad(output.squad_id).host_agency_id
    first = standing.today(agency_id) + timedelta(days=1)
    last = local_day(due, standing.zone(agency_id))
    if last < first:
        return 0
    holidays = standing.uow.agency.holidays(agency_id, first, last)
    return working_days(first, last, WorkingCalendar(holidays=holidays))


def _lines(uow: UnitOfWork, output: Output, one: Dispute) -> list[DisputeLine]:
    """Every member's share before the decision, and after it."""
    store = uow.contributions
    after = {row.person_id: row.share_bp for row in one.restated}
    decided = one.state is DisputeState.RESOLVED
    before = _given_before(uow, output, one) if decided else _held(uow, output)
    return [
        DisputeLine(
            person_id=line.person_id,
            expected_bp=line.expected_bp,
            before_bp=before.get(line.person_id, 0),
            after_bp=after.get(line.person_id, 0) if decided else None,
        )
        for line in store.share_lines(output.id)
    ]


def _held(uow: UnitOfWork, output: Output) -> dict[str, int]:
    """What the ledger holds for each, or what waits there for his home's consent."""
    found = {
        person_id: bp
        for account, bp in uow.contributions.balances(output.id).items()
        if (person_id := account_person(account)) is not None and bp
    }
    return earmarks(uow, output.id) | found


def _given_before(uow: UnitOfWork, output: Output, one: Dispute) -> dict[str, int]:
    """What the attestations before the decision gave, by person."""
    owners = {row.id: row.person_id for row in uow.contributions.claims(output.id)}
    found = {
        owners[made.claim_id]: made.share_bp
        for made in uow.contributions.attestations(output.id)
        if made.share_bp is not None and made.at <= one.raised_at
    }
    for earlier in uow.contributions.disputes(output.id):
        if earlier.decided_at is not None and earlier.decided_at <= one.raised_at:
            found = {row.person_id: row.share_bp for row in earlier.restated if row.person_id}
    return found


def _decider(standing: Standing, output: Output) -> str | None:
    try:
        return dispute_decider(standing.dispute_case(output)).person_id
    except NobodyFound:
        return None


def _row(
    one: Dispute,
    outputs: Mapping[str, Output],
    squads: Mapping[str, str],
    open_now: tuple[Sequence[OpenStep], set[int]],
) -> DisputeRow:
    output = outputs[one.output_id]
    alive = one.state is not DisputeState.RESOLVED
    steps = [
        step
        for step in open_now[0]
        if alive and step.output_id == output.id and step.element_id in (HEARS, DECIDES)
    ]
    return DisputeRow(
        dispute=one,
        output=output,
        squad=squads.get(output.squad_id, ""),
        task=next((step for step in steps if step.task_key in open_now[1]), None),
        due_at=next((step.due_at for step in steps if step.due_at is not None), None),
    )


def _squads(outputs: Mapping[str, Output]) -> set[str]:
    return {row.squad_id for row in outputs.values()}
