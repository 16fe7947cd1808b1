"""Operations of an objection (keberatan): open, hear both, decide, late decisions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain import objections as objecting
from engine.domain.errors import NobodyFound
from engine.domain.objections import Objection, ObjectionOutcome, ObjectionState
from engine.domain.organisation import Official
from engine.domain.overrides import OverrideKind
from engine.domain.ratings import Level, Rating
from engine.usecases import audit_tags, rating_sheets
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.operations.evaluation import rating_of, stream
from engine.usecases.operations.judgement import overridden
from engine.usecases.operations.step import NobodyLeft, fault, refused
from engine.usecases.operations.telling import tell_objection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def open_objection(step: Step) -> Mapping[str, Json]:
    """`regu.objection.open`: the objection that the employee's answer brought."""
    objection, rating = _objection(step), rating_of(step)
    step.note(stream(rating), audit_tags.OBJECTION_OPENED, objection=objection.id)
    return {"objection_id": objection.id, "rater_id": rating.rater_id}


def explain(step: Step) -> Mapping[str, Json]:
    """`regu.objection.explain` (form: statement): rater or employee, each his own side."""
    rating, objection = rating_of(step), _objection(step)
    if not step.text("statement"):
        raise fault("statement", "required", "an explanation has words")
    by_rater = step.person != rating.person_id
    if by_rater:
        names = (rating.rater_id, rating.on_behalf_of)
        offices = [Official(person_id=name) for name in names if name is not None]
        step.require_office(*offices, subject_id=rating.person_id)
    with refused():
        told = objecting.explain(objection, by_rater=by_rater, statement=step.text("statement"))
    step.uow.performance.put(told)
    step.note(stream(rating), audit_tags.OBJECTION_EXPLAINED, objection=objection.id)
    return {}


def decide_objection(step: Step) -> Mapping[str, Json]:
    """`regu.objection.decide`: final; form: outcome, result_level, behaviour_level, reason.

    By the rater's superior, or the next above who neither rated, moved, recommended, attested nor
    signed; where nobody is left, perf_admin records the decision from outside the agency. A
    changed rating is a new version with another level; the old one stays.
    """
    rating = rating_of(step)
    return _decide(step, rating, _decider(step, rating))


def decide_as_authority(step: Step) -> Mapping[str, Json]:
    """`regu.objection.decide_as_authority`: a late decision, by Pejabat yang Berwenang.

    The form is that of `regu.objection.decide`.
    """
    rating = rating_of(step)
    try:
        office = rating_sheets.authority(step.standing, rating)
    except NobodyFound:
        return _decide(step, rating, _from_outside(step, rating))
    return _decide(step, rating, step.require_office(office, subject_id=rating.person_id))


def _decide(step: Step, rating: Rating, office: Official) -> Mapping[str, Json]:
    objection = _objection(step)
    outcome = step.word("outcome", ObjectionOutcome)
    reason = step.text("reason")
    if not reason:
        raise fault("reason", "required", "a decision gives its reasons")
    with refused(decision_missing="reason"):
        decided = objecting.decide(
            _asked(objection),
            decided_by=office.person_id,
            outcome=outcome,
            decision=reason,
            at=step.now,
        )
    step.uow.performance.put(decided)
    step.note(stream(rating), audit_tags.OBJECTION_DECIDED, objection=objection.id)
    tell_objection(step, rating, objection)
    if outcome is ObjectionOutcome.CHANGED:
        rating = _changed(step, rating, office, reason)
        overridden(step, OverrideKind.OBJECTION, rating.id, reason, office)
    return {
        "outcome": outcome.value,
        "rating_id": rating.id,
        "rater_id": rating.rater_id,
        "result_level": rating.result_level.value if rating.result_level else None,
        "behaviour_level": rating.behaviour_level.value if rating.behaviour_level else None,
    }


def _objection(step: Step) -> Objection:
    found = step.uow.performance.objection_to(step.ref("rating_id"))
    if found is None:
        raise NotFound("objection", step.ref("rating_id"))
    return found


def _decider(step: Step, rating: Rating) -> Official:
    """The impartial superior; where the line ends, perf_admin records what was decided outside."""
    case = step.standing.objection_case(rating)
    if step.actor.on_behalf_of == rating.person_id:
        raise AccessRefused("decide_objection", "own matter")
    try:
        with refused():
            return objecting.check_decider(case, step.person)
    except NobodyLeft:
        return _from_outside(step, rating)


def _from_outside(step: Step, rating: Rating) -> Official:
    """Nobody in the line is impartial: perf_admin records, unless he acted on it himself."""
    case = step.standing.objection_case(rating)
    if step.person in {name for act in case.acts for name in (act.actor_id, act.on_behalf_of)}:
        raise AccessRefused("decide_objection", "acted on it before")
    return step.require_office_or_admin(None, rating.person_id)


def _asked(objection: Objection) -> Objection:
    """Both were asked; who stayed silent through his clock is noted with no words."""
    if objection.state is not ObjectionState.OPEN:
        return objection
    return replace(
        objection,
        state=ObjectionState.HEARD,
        rater_statement=objection.rater_statement or "",
        employee_statement=objection.employee_statement or "",
    )


def _changed(step: Step, rating: Rating, office: Official, reason: str) -> Rating:
    changed = replace(
        rating,
        result_level=step.word("result_level", Level),
        behaviour_level=step.word("behaviour_level", Level),
        predikat=None,
        reason=reason,
        rater_id=office.person_id,
        on_behalf_of=office.on_behalf_of,
        at=step.now,
    )
    before = (rating.result_level, rating.behaviour_level)
    if before == (changed.result_level, changed.behaviour_level):
        raise fault("result_level", "unchanged", "a changed rating has another level")
    return rating_sheets.next_version(step.uow, step.means.ids, rating, changed)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.objection.open": open_objection,
    "regu.objection.explain": explain,
    "regu.objection.decide": decide_objection,
    "regu.objection.decide_as_authority": decide_as_authority,
}
