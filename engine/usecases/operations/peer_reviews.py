"""Operations of peer review: ask people of other units, take their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain import peer_review as rules
from engine.domain.outputs import Output, OutputStatus
from engine.domain.peer_review import REVIEWER_ROLE, Judgement, PeerAnswer, PeerReview, PeerSeat
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.operations.step import Step, fault, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.ports.process import Json

#: message to whoever records overlay credit, keyed by person and output
OVERLAY_EARNED: Final = "overlay_earned"


def ask_review(step: Step) -> Mapping[str, Json]:
    """`regu.review.ask` (start form: output_id, question, reviewers[nip]): lead or sponsor asks.

    Returns review_id, output_id, title and reviewers (person ids).
    """
    output = step.uow.contributions.get(Output, step.text("output_id"))
    if output is None:
        raise fault("output_id", "unknown_output", "choose an output")
    squad = step.standing.squad(output.squad_id)
    lead = step.standing.lead(squad)
    asker = step.person
    if asker not in {squad.sponsor_id, *([lead.person_id] if lead else ())}:
        raise AccessRefused("review:ask", output.id)
    if output.status is OutputStatus.PLANNED:
        raise fault("output_id", "not_delivered", "nothing was delivered yet")
    reviewers = _reviewers(step)
    refuse(
        rules.check_request(
            reviewers=reviewers,
            asked_by=asker,
            members={row.person_id for row in step.uow.contributions.members(squad.id)},
            units={one: step.standing.home_unit(one) for one in reviewers},
            host_unit_id=squad.host_unit_id,
        ),
        other="reviewers",
    )
    made = PeerReview(
        id=step.means.ids.uuid(),
        output_id=output.id,
        asked_by=asker,
        question=step.text("question"),
        at=step.now,
    )
    seats = [PeerSeat(review_id=made.id, output_id=output.id, reviewer_id=one) for one in reviewers]
    step.uow.assurance.add([made, *seats])
    step.note(f"output:{output.id}", audit_tags.REVIEW_ASKED, review=made.id)
    return {
        "review_id": made.id,
        "output_id": output.id,
        "title": output.title,
        "reviewers": list(reviewers),
    }


def answer_review(step: Step) -> Mapping[str, Json]:
    """`regu.review.answer` (review_id, reviewer_id): the reviewer himself, once.

    Form: meets_target, sound, usable, strengths, improvements. The answer earns the
    overlay `penelaah`: message `overlay_earned`.
    """
    review = _review(step)
    reviewer = step.require_person(step.ref("reviewer_id"))
    if step.actor.on_behalf_of is not None:
        raise AccessRefused("review:answer", "a reviewer reads himself")
    made = PeerAnswer(
        review_id=review.id,
        reviewer_id=reviewer,
        meets_target=step.word("meets_target", Judgement),
        sound=step.word("sound", Judgement),
        usable=step.word("usable", Judgement),
        strengths=step.text("strengths"),
        improvements=step.text("improvements"),
        at=step.now,
    )
    refuse(rules.check_answer(made), other="improvements")
    step.uow.assurance.add([made])
    step.note(f"output:{review.output_id}", audit_tags.REVIEW_ANSWERED, review=review.id)
    step.means.announce(
        step.uow,
        step.actor,
        OVERLAY_EARNED,
        f"{reviewer}:{review.output_id}",
        person_id=reviewer,
        output_id=review.output_id,
        role=REVIEWER_ROLE,
        review_id=review.id,
        proposed_by=review.asked_by,
    )
    return {}


def count_answers(step: Step) -> Mapping[str, Json]:
    """`regu.review.close` (review_id): how many reviewers answered."""
    review = _review(step)
    return {"answered": len(step.uow.assurance.answers(review.id)), "asker_id": review.asked_by}


def read_review(step: Step) -> Mapping[str, Json]:
    """`regu.review.read` (review_id; form: response): who asked says what follows from it."""
    review = _review(step)
    step.require_person(review.asked_by)
    if not step.text("response"):
        raise fault("response", "required", "say what follows from the reviews")
    step.note(f"output:{review.output_id}", audit_tags.REVIEW_READ, review=review.id)
    return {}


def _review(step: Step) -> PeerReview:
    review_id = step.ref("review_id")
    found = step.uow.assurance.get(PeerReview, review_id)
    if found is None:
        raise NotFound("peer_review", review_id)
    return found


def _reviewers(step: Step) -> list[str]:
    found: list[str] = []
    for n, row in enumerate(step.rows("reviewers")):
        nip = "".join(str(row.get("nip") or "").split())
        person = step.uow.agency.person_by_nip(nip) if nip else None
        if person is None:
            raise fault(f"reviewers.{n}.nip", "unknown_person", "nobody has this NIP")
        found.append(person.id)
    return found


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.review.ask": ask_review,
    "regu.review.answer": answer_review,
    "regu.review.close": count_answers,
    "regu.review.read": read_review,
}
