"""Operations of evaluation and objection: prepare, rate, record, receive, decide, finalise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain import objections as objecting
from engine.domain.cycles import Cycle, CycleStatus
from engine.domain.objections import Objection, ObjectionOutcome, ObjectionState
from engine.domain.organisation import Official
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus, check_decision
from engine.usecases import audit_tags
from engine.usecases.decisions import HEAD_LEVELS
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.index import person_index
from engine.usecases.operations.cycle import reach
from engine.usecases.operations.step import NobodyLeft, fault, refuse, refused

if TYPE_CHECKING:
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: message that the drawing `follow_up` waits for, keyed by person and cycle
RATING_FINAL: Final = "rating_final"


def open_evaluation(step: Step) -> Mapping[str, Json]:
    """`regu.evaluation.open`: where the person belongs and who rates him."""
    person_id, cycle = step.ref("person_id"), step.cycle()
    reach(step, cycle, CycleStatus.EVALUATING)
    rater = step.standing.rater(person_id)
    return {
        "unit_id": step.standing.home_unit(person_id),
        "rater_id": rater.person_id if rater else None,
        "cycle_name": cycle.name,
    }


def prepare_rating(step: Step) -> Mapping[str, Json]:
    """`regu.evaluation.prepare`: the index with its lines, kept as it stands; a proposal."""
    person_id, cycle = step.ref("person_id"), step.cycle()
    found = person_index(step.standing, step.tables(cycle.agency_id), person_id, cycle).index
    earlier = step.uow.performance.rating_of(person_id, cycle.id)
    if earlier is not None and earlier.status is RatingStatus.FINAL:
        raise Conflict("rating_final", rating=earlier.id)
    proposed = found.proposed_level if found else Level.DI_BAWAH
    rating = Rating(
        id=earlier.id if earlier else step.means.ids.uuid(),
        person_id=person_id,
        cycle_id=cycle.id,
        ihk=found.ihk if found else Decimal("0.00"),
        index_lines=found.lines if found else (),
        proposed_level=_head_level(step, person_id, cycle) or proposed,
        at=step.now,
    )
    if earlier is None:
        step.uow.performance.add([rating])
    else:
        step.uow.performance.put(replace(rating, version=earlier.version))
    rater = step.standing.rater(person_id)
    step.note(_stream(rating), audit_tags.RATING_PREPARED, rating=rating.id)
    return {
        "rating_id": rating.id,
        "ihk": rating.ihk,
        "proposed_level": rating.proposed_level.value,
        "rater_id": rater.person_id if rater else None,
        "unit_id": step.standing.home_unit(person_id),
    }


def self_evaluate(step: Step) -> Mapping[str, Json]:
    """`regu.rating.self_evaluate` (form: self_note): the employee's own words."""
    rating = rating_of(step)
    step.require_person(rating.person_id)
    step.uow.performance.put(replace(rating, self_note=step.text("self_note")))
    step.note(_stream(rating), audit_tags.RATING_SELF_EVALUATED, rating=rating.id)
    return {}


def rate(step: Step) -> Mapping[str, Json]:
    """`regu.rating.rate` (form: result_level, behaviour_level, reason): only the rater of today.

    A result level other than the proposed one needs a written reason.
    """
    rating = rating_of(step)
    rater = step.require_office_or_admin(step.standing.rater(rating.person_id), rating.person_id)
    result = step.word("result_level", Level)
    behaviour = step.word("behaviour_level", Level)
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
    step.uow.performance.put(
        replace(
            rating,
            result_level=result,
            behaviour_level=behaviour,
            reason=reason or None,
            rater_id=rater.person_id,
            on_behalf_of=rater.on_behalf_of,
            status=RatingStatus.RATED,
            at=step.now,
        )
    )
    step.note(_stream(rating), audit_tags.RATING_RATED, rating=rating.id)
    return {
        "result_level": result.value,
        "behaviour_level": behaviour.value,
        "rater_id": rater.person_id,
    }


def record_predikat(step: Step) -> Mapping[str, Json]:
    """`regu.rating.record` (input predikat): what the decision `predikat` gave.

    The levels count as they stand in the rating: a predikat that does not follow from them, by
    variables that somebody changed or a drawing of his own, is a `Conflict`.
    """
    rating = rating_of(step)
    step.require_not_own(rating.person_id)
    value = _predikat(step.call.variables.get("predikat"))
    if value not in set(Predikat):
        raise Conflict("predikat_unknown", predikat=str(value))
    if value != _predikat(_decided_predikat(step, rating)):
        raise Conflict("predikat_unfounded", predikat=str(value))
    step.uow.performance.put(replace(rating, predikat=Predikat(str(value))))
    step.note(_stream(rating), audit_tags.RATING_RECORDED, rating=rating.id, predikat=str(value))
    return {}


def _decided_predikat(step: Step, rating: Rating) -> Json:
    if rating.result_level is None or rating.behaviour_level is None:
        return None
    return step.tables(step.cycle().agency_id).decide(
        "predikat",
        result_level=rating.result_level.value,
        behaviour_level=rating.behaviour_level.value,
    )


def _predikat(found: Json) -> Json:
    return found.get("predikat") if isinstance(found, Mapping) else found


def receive_result(step: Step) -> Mapping[str, Json]:
    """`regu.rating.receive` (form: answer accept|object, ground): the employee himself."""
    rating = rating_of(step)
    step.require_person(rating.person_id)
    answer = step.text("answer")
    if answer not in ("accept", "object"):
        raise fault("answer", "unknown_word", "accept or object")
    if answer == "object":
        if not step.text("ground"):
            raise fault("ground", "required", "an objection gives its reasons")
        row = Objection(
            id=step.means.ids.uuid(),
            rating_id=rating.id,
            raised_by=rating.person_id,
            ground=step.text("ground"),
            raised_at=step.now,
        )
        step.uow.performance.add([row])
    step.note(_stream(rating), audit_tags.RATING_RECEIVED, rating=rating.id, answer=answer)
    return {"answer": answer}


def open_objection(step: Step) -> Mapping[str, Json]:
    """`regu.objection.open`: the objection that the employee's answer brought."""
    objection = _objection(step)
    step.note(f"rating:{objection.rating_id}", audit_tags.OBJECTION_OPENED, objection=objection.id)
    rating = rating_of(step)
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
    step.note(_stream(rating), audit_tags.OBJECTION_EXPLAINED, objection=objection.id)
    return {}


def decide_objection(step: Step) -> Mapping[str, Json]:
    """`regu.objection.decide`: final; form: outcome, result_level, behaviour_level, reason.

    By the rater's superior, or the next above who neither rated nor attested; where nobody is
    left, perf_admin records the decision from outside the agency. A changed rating is a new
    version with another level; the old one stays.
    """
    rating, objection = rating_of(step), _objection(step)
    office = _decider(step, rating)
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
    step.note(_stream(rating), audit_tags.OBJECTION_DECIDED, objection=objection.id)
    if outcome is ObjectionOutcome.CHANGED:
        rating = _changed(step, rating, office, reason)
    return {
        "outcome": outcome.value,
        "rating_id": rating.id,
        "result_level": rating.result_level.value if rating.result_level else None,
        "behaviour_level": rating.behaviour_level.value if rating.behaviour_level else None,
    }


def finalise(step: Step) -> Mapping[str, Json]:
    """`regu.rating.finalise`: the window is over or the objection decided; final.

    The message `rating_final` tells a follow-up that waits for it.
    """
    rating = rating_of(step)
    step.uow.performance.put(replace(rating, status=RatingStatus.FINAL))
    step.note(_stream(rating), audit_tags.RATING_FINAL, rating=rating.id)
    key = f"{rating.person_id}:{rating.cycle_id}"
    step.means.announce(step.uow, step.actor, RATING_FINAL, key)
    return {"predikat": rating.predikat.value if rating.predikat else None}


def rating_of(step: Step) -> Rating:
    """The rating the process is about."""
    found = step.uow.performance.get(Rating, step.ref("rating_id"))
    if found is None:
        raise NotFound("rating", step.ref("rating_id"))
    return found


def _head_level(step: Step, person_id: str, cycle: Cycle) -> Level | None:
    """Head of an organisation: the unit's level is his result level (SE MenPANRB 3/2023)."""
    unit_id = step.standing.home_unit(person_id)
    head = step.standing.head(unit_id) if unit_id else None
    if unit_id is None or head is None or person_id not in (head.person_id, head.on_behalf_of):
        return None
    row = step.uow.performance.org_rating(unit_id, cycle.id)
    return HEAD_LEVELS[row.level] if row else None


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
        if step.person in {name for act in case.acts for name in (act.actor_id, act.on_behalf_of)}:
            raise
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
        id=step.means.ids.uuid(),
        version=rating.version + 1,
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
    step.uow.performance.add([changed])
    return changed


def _stream(rating: Rating) -> str:
    return f"rating:{rating.id}"
