"""A squad by its letter: members and outputs from what is confirmed; a longer life, the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.domain.cycles import CycleStatus, period_of
from engine.domain.formation import (
    CandidateState,
    Formation,
    FormationStatus,
    PlannedOutput,
    check_efforts,
    check_outputs,
    points_of,
)
from engine.domain.joining import Letter, first_letter
from engine.domain.outputs import Output
from engine.domain.squads import (
    Acceptance,
    Consent,
    Membership,
    Squad,
    SquadRole,
    check_members,
    check_squad,
    months_later,
)
from engine.usecases import audit_tags
from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.operations.cycle import MASS_START
from engine.usecases.operations.formation import (
    as_day,
    formation_of,
    moments,
    require_formation_owner,
    require_owner_of,
    required_day,
)
from engine.usecases.operations.lessons import last_lead
from engine.usecases.operations.step import as_bp, fault, refuse
from engine.usecases.operations.telling import tell_place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.formation import Candidate
    from engine.domain.squads import SquadLimits
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

_RUNNING: Final = frozenset({CycleStatus.RUNNING, CycleStatus.EVALUATING})


def form(step: Step) -> Mapping[str, Json]:
    """`regu.squad.form`: squad, memberships and outputs of a formation, by its letter.

    Form: code, letter_no, members[candidate_id, role, effort_percent], outputs[title, indicator,
    target, person_days, due_on]. Returns squad_id, members, and when the squad ends.
    """
    row = formation_of(step)
    require_formation_owner(step, row)
    limits = step.tables(row.agency_id).squad_limits()
    squad = _squad(step, row, limits)
    members = _members(step, row, squad)
    planned = _outputs(step, row, squad, limits)
    _check(squad, members, limits)
    store = step.uow.contributions
    store.add([squad])
    store.add(members)
    store.add(planned)
    step.uow.formation.add([first_letter(step.means.ids.uuid(), squad, step.actor.name, step.now)])
    done = replace(
        row,
        status=FormationStatus.FORMED,
        squad_id=squad.id,
        letter_no=squad.letter_no,
        code=squad.code,
    )
    step.uow.formation.put(done)
    for one in step.uow.formation.candidates(row.id):
        if one.state is CandidateState.PROPOSED:
            step.uow.formation.put(replace(one, state=CandidateState.CHOSEN))
    step.note(f"agency:{row.agency_id}", audit_tags.SQUAD_FORMED, squad=squad.id)
    tell_place(step, members)
    return {
        "squad_id": squad.id,
        "members": joining(members),
        **moments(step, squad.ends_on, squad.host_agency_id, limits.remind_days),
    }


def start_outputs(step: Step) -> Mapping[str, Json]:
    """`regu.squad.start_outputs`: contributions of a squad formed while its cycle runs.

    Outputs of a cycle that is still planned start with everybody's.
    """
    squad = step.standing.squad(step.ref("squad_id"))
    for cycle in step.uow.performance.cycles(squad.host_agency_id):
        if cycle.status not in _RUNNING or not step.uow.contributions.outputs(cycle.id, squad.id):
            continue
        args: dict[str, Json] = {
            "process_id": "contribution",
            "cycle_id": cycle.id,
            "agency_id": cycle.agency_id,
            "after": "",
            "on_behalf_of": step.actor.human,
            "over": "outputs",
            "squad_id": squad.id,
            "extra": {},
        }
        step.uow.jobs.enqueue(MASS_START, f"contribution:{cycle.id}:{squad.id}", args)
    return {}


def extend(step: Step) -> Mapping[str, Json]:
    """`regu.squad.extend` (form: decision close|extend, letter_no, ends_on).

    A longer squad needs another letter, at most as long as the first; whoever is lent signs and
    is consented to anew for its time. Returns ending, members, remind_at, ends_at.
    """
    squad = step.standing.squad(step.ref("squad_id"))
    require_owner_of(step, squad.sponsor_id, squad.host_agency_id)
    if step.text("decision") != "extend":
        return {"ending": "close"}
    limits = step.tables(squad.host_agency_id).squad_limits()
    letter = _next_letter(step, squad, limits)
    step.uow.formation.add([letter])
    longer = replace(squad, letter_no=letter.letter_no, ends_on=letter.ends_on)
    members = _prolonged(step, squad, letter)
    step.uow.contributions.put(longer)
    step.uow.contributions.add(members)
    step.note(f"squad:{squad.id}", audit_tags.SQUAD_EXTENDED, squad=squad.id, letter=letter.id)
    return {
        "ending": "extend",
        "members": joining(members),
        **moments(step, letter.ends_on, squad.host_agency_id, limits.remind_days),
    }


def close(step: Step) -> Mapping[str, Json]:
    """`regu.squad.close`: the letter has run out; outputs not accepted yet are still settled.

    Returns lesson_by: the lead of the last day, else the sponsor, who writes what was learnt.
    """
    squad = step.standing.squad(step.ref("squad_id"))
    step.note(f"squad:{squad.id}", audit_tags.SQUAD_CLOSED, squad=squad.id)
    return {"lesson_by": last_lead(step, squad) or squad.sponsor_id}


def joining(members: Sequence[Membership]) -> list[Json]:
    """Members as a drawing goes over them."""
    return [{"membership_id": row.id, "person_id": row.person_id} for row in members]


def new_member(
    step: Step, squad: Squad, person_id: str, place: tuple[SquadRole, int, Any]
) -> Membership:
    """A membership from a day on; asked from home unless his home hosts the squad."""
    role, effort_bp, starts_on = place
    person = step.standing.person(person_id)
    home = step.standing.home_unit(person_id, starts_on) if person else None
    if person is None or home is None:
        raise fault("members", "person_unknown", f"{person_id} holds no post that day")
    own = home == squad.host_unit_id
    return Membership(
        id=step.means.ids.uuid(),
        squad_id=squad.id,
        person_id=person_id,
        home_agency_id=person.agency_id,
        home_unit_id=home,
        role=role,
        effort_bp=effort_bp,
        valid_from=starts_on,
        consent=Consent.GIVEN if own else Consent.PENDING,
    )


def _squad(step: Step, row: Formation, limits: SquadLimits) -> Squad:
    code = step.text("code") or row.code
    if step.uow.contributions.squad_by_code(row.agency_id, code) is not None:
        raise fault("code", "code_taken", f"another squad is called {code}")
    return Squad(
        id=step.means.ids.uuid(),
        host_agency_id=row.agency_id,
        host_unit_id=row.host_unit_id,
        code=code,
        name=row.name,
        letter_no=step.text("letter_no"),
        sponsor_id=row.sponsor_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        budget_points=points_of(row.person_days, limits.points_per_day),
    )


def _members(step: Step, row: Formation, squad: Squad) -> list[Membership]:
    wanted = {
        one.id: one
        for one in step.uow.formation.candidates(row.id)
        if one.state is not CandidateState.PASSED
    }
    found: list[Membership] = []
    for n, line in enumerate(step.rows("members")):
        one: Candidate | None = wanted.pop(str(line.get("candidate_id") or ""), None)
        if one is None:
            raise fault(f"members.{n}", "unknown_person", "nobody who was named or chosen")
        effort = as_bp(line.get("effort_percent"), f"members.{n}.effort_percent")
        role = SquadRole(str(line.get("role") or one.role.value))
        place = (role, effort or one.effort_bp, squad.starts_on)
        found.append(new_member(step, squad, one.person_id, place))
    if wanted:
        raise fault("members", "incomplete", "everybody who was named or chosen is listed")
    return found


def _outputs(step: Step, row: Formation, squad: Squad, limits: SquadLimits) -> list[Output]:
    lines = step.rows("outputs")
    planned = [
        PlannedOutput(title=str(line.get("title")), person_days=int(line.get("person_days") or 0))
        for line in lines
    ]
    found = check_outputs(planned, row.person_days, limits.points_per_day)
    if found:
        raise InputRefused(
            *(
                FieldFault(
                    field=f"outputs.{one.subject}.person_days" if one.subject else "outputs",
                    code=one.code,
                    message=one.message,
                )
                for one in found
            )
        )
    numbers: dict[str, int] = {}
    made = []
    for n, (line, plan) in enumerate(zip(lines, planned, strict=True)):
        cycle_id, period_id, due_on = _when(step, squad, line, f"outputs.{n}.due_on")
        numbers[cycle_id] = numbers.get(cycle_id, 0) + 1
        made.append(
            Output(
                id=step.means.ids.uuid(),
                squad_id=squad.id,
                number=numbers[cycle_id],
                title=plan.title,
                indicator=str(line.get("indicator") or ""),
                target=str(line.get("target") or ""),
                value_points=points_of(plan.person_days, limits.points_per_day),
                cycle_id=cycle_id,
                period_id=period_id,
                due_on=due_on,
            )
        )
    return made


def _when(step: Step, squad: Squad, line: Mapping[str, Json], field: str) -> tuple[str, str, Any]:
    due_on = as_day(line.get("due_on"), field)
    if due_on is None or not squad.starts_on <= due_on <= squad.ends_on:
        raise fault(field, "output_due", "a day while the squad lasts")
    cycle = step.uow.performance.cycle_of(squad.host_agency_id, due_on.year)
    period = period_of(due_on, step.uow.performance.periods(cycle.id)) if cycle else None
    if cycle is None or period is None:
        raise fault(field, "no_cycle", "no performance cycle covers this day")
    return cycle.id, period.id, due_on


def _check(squad: Squad, members: Sequence[Membership], limits: SquadLimits) -> None:
    refuse(
        (
            *check_squad(squad, limits.rules),
            *check_members(squad, members),
            *check_efforts(members, limits),
        ),
        letter_missing="letter_no",
        squad_days="letter_no",
        squad_long="letter_no",
        squad_budget="outputs",
        other="members",
    )
    if members and not any(row.role is SquadRole.KETUA for row in members):
        raise fault("members", "no_lead", "somebody leads the squad")


def _next_letter(step: Step, squad: Squad, limits: SquadLimits) -> Letter:
    first = squad.ends_on + timedelta(days=1)
    ends_on, number = required_day(step, "ends_on"), step.text("letter_no")
    if not number or number == squad.letter_no:
        raise fault("letter_no", "letter_missing", "a longer squad needs another letter")
    if ends_on < first:
        raise fault("ends_on", "squad_days", "ends before it starts")
    if ends_on >= months_later(first, limits.longest_months):
        raise fault("ends_on", "squad_long", f"longer than {limits.longest_months} months")
    return Letter(
        id=step.means.ids.uuid(),
        squad_id=squad.id,
        letter_no=number,
        starts_on=first,
        ends_on=ends_on,
        recorded_by=step.actor.name,
        at=step.now,
    )


def _prolonged(step: Step, squad: Squad, letter: Letter) -> list[Membership]:
    """Memberships under the new letter for those who stay to the end of the old one."""
    stay = [
        row
        for row in step.uow.contributions.members(squad.id, squad.ends_on)
        if row.consent is not Consent.REFUSED
    ]
    for row in stay:
        step.uow.contributions.put(replace(row, valid_to=letter.starts_on))
    made = [
        new_member(step, squad, row.person_id, (row.role, row.effort_bp, letter.starts_on))
        for row in stay
    ]
    return [replace(row, acceptance=Acceptance.PENDING) for row in made]


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.squad.form": form,
    "regu.squad.start_outputs": start_outputs,
    "regu.squad.extend": extend,
    "regu.squad.close": close,
}
