"""What a rater's form says: levels by role and statement, and a reason for each departure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.behaviour import STATEMENTS_PER_VALUE, Value
from engine.domain.judging import (
    BehaviourMark,
    Deviation,
    DeviationKind,
    RoleJudgement,
    check_roles,
    counted,
)
from engine.domain.ratings import Level, check_decision
from engine.domain.scales import WHOLE_BP
from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.evaluation_tables import behaviour_level
from engine.usecases.evidence import unverified_results
from engine.usecases.load import monthly_load
from engine.usecases.operations.evaluation import head_level
from engine.usecases.operations.step import fault, refuse
from engine.usecases.overrides import record_override
from engine.usecases.rating_sheets import roles_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.cycles import Cycle
    from engine.domain.organisation import Official
    from engine.domain.overrides import OverrideKind
    from engine.domain.ratings import Rating
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: kind, role, what was proposed, what was decided, why
Departure = tuple[DeviationKind, str | None, str, str, str]
#: keys of the three statements in a row of the form
_STATEMENTS: Final = ("first", "second", "third")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A rater's word on everything his form asks."""

    result: Level
    behaviour: Level
    roles: tuple[RoleJudgement, ...]
    marks: tuple[BehaviourMark, ...]
    departures: tuple[Departure, ...]


def judged(step: Step, rating: Rating) -> Judgement:
    """The judgement in the form, every missing reason refused at its field."""
    cycle = step.cycle()
    result, behaviour = step.word("result_level", Level), step.word("behaviour_level", Level)
    fixed = head_level(step, rating.person_id, cycle)
    if fixed is not None and result is not fixed:
        raise fault("result_level", "head_level", f"a head's result is his unit's: {fixed}")
    roles, marks = _roles(step, rating), _marks(step, rating)
    departures = _of_results(step, rating, result)
    departures += _of_roles(roles)
    departures += _of_behaviour(step, cycle, marks, behaviour)
    departures += _of_evidence(step, rating, cycle, result)
    departures += _of_load(step, rating, cycle)
    return Judgement(
        result=result,
        behaviour=behaviour,
        roles=roles,
        marks=marks,
        departures=tuple(departures),
    )


def kept_deviation(step: Step, rating: Rating, departure: Departure) -> Deviation:
    """A departure as it is kept and counted for the rater."""
    kind, role, proposed, decided, reason = departure
    return Deviation(
        id=step.means.ids.uuid(),
        rating_id=rating.id,
        person_id=rating.person_id,
        cycle_id=rating.cycle_id,
        kind=kind,
        role=role,
        rater_id=rating.rater_id or step.person,
        on_behalf_of=rating.on_behalf_of,
        proposed=proposed,
        decided=decided,
        reason=reason,
        at=step.now,
    )


def overridden(
    step: Step, kind: OverrideKind, subject_id: str, reason: str, by: Official | None = None
) -> None:
    """Keep a decision against proposal, pattern or rating for audit, election periods marked."""
    record_override(
        step.uow,
        step.means.ids,
        step.tables(step.cycle().agency_id),
        kind=kind,
        actor_id=by.person_id if by else step.person,
        on_behalf_of=by.on_behalf_of if by else None,
        subject_id=subject_id,
        reason=reason,
        at=step.now,
    )


def _roles(step: Step, rating: Rating) -> tuple[RoleJudgement, ...]:
    """One row per role; a role the form leaves out follows its recommendation."""
    said = {
        row.membership_id: row.level
        for row in step.uow.judging.recommendations(rating.person_id, rating.cycle_id)
    }
    given = {str(row.get("role")): row for row in step.rows("roles")}
    found: list[RoleJudgement] = []
    for one in roles_of(step.uow, rating):
        row, recommended = given.get(one.role, {}), said.get(one.role)
        counted_as = one.line.level if one.line else Level.SESUAI
        level = row.get("level")
        found.append(
            RoleJudgement(
                id=step.means.ids.uuid(),
                rating_id=rating.id,
                role=one.role,
                recommended=recommended,
                level=Level(level) if level in set(Level) else recommended or counted_as,
                reason=str(row.get("reason") or "").strip(),
            )
        )
    missing = {violation.subject for violation in check_roles(found)}
    faults = [
        FieldFault(
            field=f"roles.{n}.reason",
            code="reason_missing",
            message=f"{row.recommended} was recommended",
        )
        for n, row in enumerate(found)
        if row.role in missing
    ]
    if faults:
        raise InputRefused(*faults)
    return tuple(found)


def _marks(step: Step, rating: Rating) -> tuple[BehaviourMark, ...]:
    """A level for each of the three statements of each value; as expected where none is given."""
    given = {str(row.get("value")): row for row in step.rows("behaviour")}
    return tuple(
        BehaviourMark(
            rating_id=rating.id,
            value=value,
            number=number,
            level=_level(given.get(value.value, {}), number),
        )
        for value in Value
        for number in range(1, STATEMENTS_PER_VALUE + 1)
    )


def _level(row: Mapping[str, Json], number: int) -> Level:
    word = row.get(_STATEMENTS[number - 1])
    return Level(word) if word in set(Level) else Level.SESUAI


def _of_results(step: Step, rating: Rating, result: Level) -> list[Departure]:
    reason = step.text("reason")
    refuse(
        check_decision(
            proposed=rating.proposed_level,
            decided=result,
            reason=reason,
            ihk=rating.ihk,
            role_levels=[line.level for line in rating.index_lines],
        ),
        reason_missing="reason",
    )
    if result is rating.proposed_level:
        return []
    return [(DeviationKind.PROPOSAL, None, rating.proposed_level.value, result.value, reason)]


def _of_roles(roles: tuple[RoleJudgement, ...]) -> list[Departure]:
    return [
        (DeviationKind.RECOMMENDATION, row.role, row.recommended.value, row.level.value, row.reason)
        for row in roles
        if row.recommended is not None and row.level is not row.recommended
    ]


def _of_behaviour(
    step: Step, cycle: Cycle, marks: tuple[BehaviourMark, ...], decided: Level
) -> list[Departure]:
    """The level of conduct as a whole may differ from what the marks add up to, with a reason."""
    proposed = behaviour_level(step.tables(cycle.agency_id), *counted(marks))
    if decided is proposed:
        return []
    reason = step.text("behaviour_reason")
    if not reason:
        message = f"the statements propose {proposed}; {decided} needs a reason"
        raise fault("behaviour_reason", "reason_missing", message)
    return [(DeviationKind.BEHAVIOUR, None, proposed.value, decided.value, reason)]


def _of_evidence(step: Step, rating: Rating, cycle: Cycle, decided: Level) -> list[Departure]:
    """A result rating without verified evidence needs a written reason (article 001, dim. 6)."""
    items = unverified_results(step.uow, rating.person_id, cycle.id)
    if not items:
        return []
    reason = step.text("evidence_reason")
    if not reason:
        message = f"{len(items)} results have no verified evidence"
        raise fault("evidence_reason", "reason_missing", message)
    return [(DeviationKind.EVIDENCE, None, str(len(items)), decided.value, reason)]


def _of_load(step: Step, rating: Rating, cycle: Cycle) -> list[Departure]:
    """The rater comments months above full time (crediting.md 0.9)."""
    load = monthly_load(step.standing, rating.person_id, cycle)
    over = {month: bp for month, bp in load.items() if bp > WHOLE_BP}
    if not over:
        return []
    comment = step.text("load_comment")
    if not comment:
        months = ", ".join(str(month) for month in sorted(over))
        raise fault("load_comment", "comment_missing", f"months above full time: {months}")
    return [(DeviationKind.LOAD, None, str(max(over.values())), str(len(over)), comment)]
