"""Operations of evaluation before and after the rater: prepare, hear, receive, finalise."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.cycles import Cycle, CycleStatus
from engine.domain.judging import YEAR, Recommendation, SelfEvaluation, check_recommendation
from engine.domain.objections import Objection
from engine.domain.organisation import Official
from engine.domain.ratings import Level, Rating, RatingStatus
from engine.domain.signing import Signature, SignaturePart
from engine.domain.squads import Membership
from engine.usecases import audit_tags
from engine.usecases.credit_flags import recheck
from engine.usecases.decisions import HEAD_LEVELS
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.index import person_index
from engine.usecases.operations.cycle import reach
from engine.usecases.operations.step import fault, refuse
from engine.usecases.rating_sheets import asked, recommender_of, roles_of, sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    """`regu.evaluation.prepare`: the index with its lines, kept as it stands; a proposal.

    `leads` are the roles for which a lead, or the sponsor for him, is asked for a recommendation.
    """
    person_id, cycle = step.ref("person_id"), step.cycle()
    found = person_index(step.standing, step.tables(cycle.agency_id), person_id, cycle).index
    earlier = step.uow.performance.rating_of(person_id, cycle.id)
    if earlier is not None and earlier.status is RatingStatus.FINAL:
        raise Conflict("rating_final", rating=earlier.id)
    if earlier is not None and earlier.status is RatingStatus.RATED:
        earlier = _anew(step, earlier)
    proposed = found.proposed_level if found else Level.DI_BAWAH
    rating = Rating(
        id=earlier.id if earlier else step.means.ids.uuid(),
        person_id=person_id,
        cycle_id=cycle.id,
        ihk=found.ihk if found else Decimal("0.00"),
        index_lines=found.lines if found else (),
        proposed_level=head_level(step, person_id, cycle) or proposed,
        at=step.now,
    )
    if earlier is None:
        step.uow.performance.add([rating])
    else:
        step.uow.performance.put(replace(rating, version=earlier.version))
    rater = step.standing.rater(person_id)
    step.note(stream(rating), audit_tags.RATING_PREPARED, rating=rating.id)
    return {
        "rating_id": rating.id,
        "ihk": rating.ihk,
        "proposed_level": rating.proposed_level.value,
        "rater_id": rater.person_id if rater else None,
        "unit_id": step.standing.home_unit(person_id),
        "leads": lead_rows(step, person_id, cycle),
    }


def _anew(step: Step, earlier: Rating) -> Rating:
    """Evaluated anew: what was rated before stays as it was, and a version follows it."""
    anew = Rating(
        id=step.means.ids.uuid(),
        person_id=earlier.person_id,
        cycle_id=earlier.cycle_id,
        version=earlier.version + 1,
        ihk=earlier.ihk,
        proposed_level=earlier.proposed_level,
        at=step.now,
    )
    step.uow.performance.add([anew])
    return anew


def lead_rows(step: Step, person_id: str, cycle: Cycle) -> list[Json]:
    """Rows of the multi-instance that asks for recommendations: references only."""
    rater = step.standing.rater(person_id)
    rater_id = (rater.on_behalf_of or rater.person_id) if rater else None
    return [
        {
            "membership_id": row.id,
            "squad_id": row.squad_id,
            "lead_id": holder.person_id,
        }
        for row, holder in asked(step.standing, person_id, cycle, rater_id)
    ]


def recommend(step: Step) -> Mapping[str, Json]:
    """`regu.rating.recommend` (form: level, words): a lead's word for one role of a member."""
    row = _membership(step)
    squad = step.standing.squad(row.squad_id)
    rater = step.standing.rater(row.person_id)
    rater_id = (rater.on_behalf_of or rater.person_id) if rater else None
    holder = recommender_of(step.standing, row, squad, rater_id)
    office = step.require_office(holder, subject_id=row.person_id)
    if rater_id is not None and office.person_id == rater_id:
        raise AccessRefused(step.call.element_id, "the rater does not recommend to himself")
    made = _said(step, row, office.person_id, office.on_behalf_of)
    made = replace(made, level=step.word("level", Level), words=step.text("words"))
    refuse(check_recommendation(made), words_missing="words")
    step.uow.judging.add([made])
    step.note(f"rating:{row.person_id}", audit_tags.ROLE_RECOMMENDED, membership=row.id, by=made.id)
    return {}


def note_silent_leads(step: Step) -> Mapping[str, Json]:
    """`regu.rating.note_silent_leads`: whoever was asked and said nothing, by role."""
    person_id, cycle = step.ref("person_id"), step.cycle()
    occasion = step.maybe("period_id") or YEAR
    said = {
        row.membership_id for row in step.uow.judging.recommendations(person_id, cycle.id, occasion)
    }
    rater = step.standing.rater(person_id)
    rater_id = (rater.on_behalf_of or rater.person_id) if rater else None
    for row, holder in asked(step.standing, person_id, cycle, rater_id):
        if row.id not in said:
            step.uow.judging.add([_said(step, row, holder.person_id, None)])
            step.note(
                f"rating:{person_id}", audit_tags.SILENCE_NOTED, membership=row.id, task="recommend"
            )
    return {}


def self_evaluate(step: Step) -> Mapping[str, Json]:
    """`regu.rating.self_evaluate` (form: roles[role, level, words], self_note).

    Words for each role, or one note that stands for all of them.
    """
    rating = rating_of(step)
    step.require_person(rating.person_id)
    note, given = step.text("self_note"), {str(row.get("role")): row for row in step.rows("roles")}
    rows = []
    for n, one in enumerate(roles_of(step.uow, rating)):
        row = given.get(one.role, {})
        words = str(row.get("words") or "").strip()
        if not words and not note:
            raise fault(f"roles.{n}.words", "required", "each role has its words, or one note all")
        if words:
            rows.append(_own(step, rating, one.role, row.get("level"), words))
    if not rows and not note:
        raise fault("self_note", "required", "a self-evaluation has words")
    known = {
        row.role: row
        for row in step.uow.judging.self_evaluations(rating.person_id, rating.cycle_id)
    }
    for made in rows:
        if made.role in known:
            step.uow.judging.put(replace(made, id=known[made.role].id))
        else:
            step.uow.judging.add([made])
    step.uow.performance.put(replace(rating, self_note=note or None))
    step.note(stream(rating), audit_tags.RATING_SELF_EVALUATED, rating=rating.id)
    return {}


def receive_result(step: Step) -> Mapping[str, Json]:
    """`regu.rating.receive` (form: answer accept|object, ground): the employee himself.

    He signs that he received it, not that he agrees; with `object` he gives his reasons.
    """
    rating = rating_of(step)
    step.require_person(rating.person_id)
    answer = step.text("answer")
    if answer not in ("accept", "object"):
        raise fault("answer", "unknown_word", "accept or object")
    receipt = Signature(
        id=step.means.ids.uuid(),
        rating_id=rating.id,
        part=SignaturePart.RECEIPT,
        signer_id=rating.person_id,
        digest=sheet(step.uow, rating).digest,
        at=step.now,
    )
    step.uow.judging.add([receipt])
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
    step.note(stream(rating), audit_tags.RATING_RECEIVED, rating=rating.id, answer=answer)
    return {"answer": answer}


def read_deviation(step: Step) -> Mapping[str, Json]:
    """`regu.rating.read_deviation`: a lead has read why the rater departed from his word."""
    row = _membership(step)
    cycle = step.cycle()
    said = step.uow.judging.recommendations(row.person_id, cycle.id)
    mine = next((one for one in said if one.membership_id == row.id), None)
    if mine is None:
        raise NotFound("recommendation", row.id)
    office = Official(person_id=mine.on_behalf_of or mine.recommender_id)
    also = Official(person_id=mine.recommender_id)
    step.require_office(office, also, subject_id=row.person_id)
    step.note(f"rating:{row.person_id}", audit_tags.DEVIATION_READ, membership=row.id)
    return {}


def finalise(step: Step) -> Mapping[str, Json]:
    """`regu.rating.finalise`: the window is over or the objection decided; final.

    The message `rating_final` tells a follow-up that waits for it.
    """
    rating = rating_of(step)
    parts = {row.part for row in step.uow.judging.signatures(rating.id)}
    if SignaturePart.RATER not in parts:
        raise Conflict("rating_unsigned", rating=rating.id)
    step.uow.performance.put(replace(rating, status=RatingStatus.FINAL))
    recheck(step, rating.person_id)
    step.note(stream(rating), audit_tags.RATING_FINAL, rating=rating.id)
    key = f"{rating.person_id}:{rating.cycle_id}"
    step.means.announce(step.uow, step.actor, RATING_FINAL, key)
    return {"predikat": rating.predikat.value if rating.predikat else None}


def rating_of(step: Step) -> Rating:
    """The rating the process is about."""
    found = step.uow.performance.get(Rating, step.ref("rating_id"))
    if found is None:
        raise NotFound("rating", step.ref("rating_id"))
    return found


def stream(rating: Rating) -> str:
    """The audit stream of a rating."""
    return f"rating:{rating.id}"


def head_level(step: Step, person_id: str, cycle: Cycle) -> Level | None:
    """Head of an organisation: the unit's level is his result level (SE MenPANRB 3/2023)."""
    unit_id = step.standing.home_unit(person_id)
    head = step.standing.head(unit_id) if unit_id else None
    if unit_id is None or head is None or person_id not in (head.person_id, head.on_behalf_of):
        return None
    row = step.uow.performance.org_rating(unit_id, cycle.id)
    return HEAD_LEVELS[row.level] if row else None


def _membership(step: Step) -> Membership:
    found = step.uow.contributions.get(Membership, step.ref("membership_id"))
    if found is None:
        raise NotFound("membership", step.ref("membership_id"))
    if found.person_id != step.ref("person_id"):
        raise Conflict("membership_of_another", membership=found.id)
    return found


def _said(step: Step, row: Membership, by: str, behalf: str | None) -> Recommendation:
    return Recommendation(
        id=step.means.ids.uuid(),
        person_id=row.person_id,
        cycle_id=step.ref("cycle_id"),
        membership_id=row.id,
        occasion=step.maybe("period_id") or YEAR,
        recommender_id=by,
        on_behalf_of=behalf,
        at=step.now,
    )


def _own(step: Step, rating: Rating, role: str, level: Json, words: str) -> SelfEvaluation:
    return SelfEvaluation(
        id=step.means.ids.uuid(),
        person_id=rating.person_id,
        cycle_id=rating.cycle_id,
        role=role,
        level=Level(level) if level in set(Level) else None,
        words=words,
        at=step.now,
    )


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.evaluation.open": open_evaluation,
    "regu.evaluation.prepare": prepare_rating,
    "regu.rating.recommend": recommend,
    "regu.rating.note_silent_leads": note_silent_leads,
    "regu.rating.self_evaluate": self_evaluate,
    "regu.rating.receive": receive_result,
    "regu.rating.read_deviation": read_deviation,
    "regu.rating.finalise": finalise,
}
