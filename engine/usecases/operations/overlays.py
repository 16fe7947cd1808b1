"""Operations of overlay credit: recorded by lead or sponsor, answered by the person, posted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain import overlays as rules
from engine.domain.evidence import link_fault
from engine.domain.overlays import OverlayCredit, OverlayRole, OverlayState
from engine.domain.peer_review import REVIEWER_ROLE, PeerReview
from engine.domain.posting import Holder, overlay
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.operations.posting import locked, posting
from engine.usecases.operations.step import fault, refuse, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.outputs import Output
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def propose_overlay(step: Step) -> Mapping[str, Json]:
    """`regu.overlay.propose` (start form: output, nip, role, note, evidence_link).

    By the lead or the sponsor of the output's squad. Returns references for the drawing.
    """
    output = _chosen(step)
    squad = step.standing.squad(output.squad_id)
    lead = step.standing.lead(squad)
    entitled = {squad.sponsor_id, *([lead.person_id] if lead else [])}
    if step.person not in entitled:
        raise AccessRefused("overlay:propose", output.id)
    person = step.uow.agency.person_by_nip("".join(step.text("nip").split()))
    if person is None:
        raise fault("nip", "unknown_person", "nobody has this NIP")
    link = step.text("evidence_link")
    if link and link_fault(link) is not None:
        raise fault("evidence_link", "not_a_link", "a link begins with https://")
    made = OverlayCredit(
        id=step.means.ids.uuid(),
        output_id=output.id,
        person_id=person.id,
        role=step.word("role", OverlayRole),
        note=step.text("note"),
        evidence_link=link,
        proposed_by=step.person,
        proposed_at=step.now,
    )
    refuse(
        rules.check_proposal(made, entitled, step.uow.credits.overlays(output_id=output.id)),
        I9="nip",
        note_missing="note",
        overlay_twice="role",
    )
    step.uow.credits.add([made])
    step.note(f"output:{output.id}", audit_tags.OVERLAY_PROPOSED, overlay=made.id)
    return {
        "overlay_id": made.id,
        "output_id": output.id,
        "person_id": person.id,
        "title": output.title,
    }


def earned_overlay(step: Step) -> Mapping[str, Json]:
    """`regu.overlay.earned` (review_id, person_id, output_id): a review earned its place.

    Recorded for whoever asked for the review, as lead or sponsor; the reviewer accepts it himself.
    Returns opened False when his help in this role is recorded already.
    """
    review_id, person_id = step.ref("review_id"), step.ref("person_id")
    review = step.uow.assurance.get(PeerReview, review_id)
    answered = {row.reviewer_id for row in step.uow.assurance.answers(review_id)}
    if review is None or person_id not in answered or review.output_id != step.ref("output_id"):
        raise NotFound("peer_review", review_id)
    output = locked(step)
    made = OverlayCredit(
        id=step.means.ids.uuid(),
        output_id=output.id,
        person_id=person_id,
        role=OverlayRole(REVIEWER_ROLE),
        note=review.question or output.title,
        proposed_by=review.asked_by,
        proposed_at=step.now,
    )
    # who asked was entitled when he asked
    standing = step.uow.credits.overlays(output_id=output.id)
    found = rules.check_proposal(made, {review.asked_by}, standing)
    if any(one.code == "overlay_twice" for one in found):
        return {"opened": False}
    refuse(found)
    step.uow.credits.add([made])
    step.note(f"output:{output.id}", audit_tags.OVERLAY_EARNED, overlay=made.id, review=review.id)
    return {"opened": True, "overlay_id": made.id, "title": output.title}


def answer_overlay(step: Step) -> Mapping[str, Json]:
    """`regu.overlay.answer` (form: answer accept|decline): by the person himself."""
    found = _overlay(step)
    answer = step.text("answer")
    if answer not in ("accept", "decline"):
        raise fault("answer", "unknown_word", "accept or decline")
    with refused():
        after = rules.answer(found, step.person, accepts=answer == "accept", at=step.now)
    step.uow.credits.put(after)
    step.note(f"output:{found.output_id}", audit_tags.OVERLAY_ANSWERED, overlay=found.id)
    return {"accepted": after.state is OverlayState.ACCEPTED}


def lapse_overlay(step: Step) -> Mapping[str, Json]:
    """`regu.overlay.lapse`: no answer in time; nothing is posted."""
    found = _overlay(step)
    step.uow.credits.put(rules.lapse(found, step.now))
    step.note(f"output:{found.output_id}", audit_tags.OVERLAY_LAPSED, overlay=found.id)
    return {}


def post_overlay(step: Step) -> Mapping[str, Json]:
    """`regu.overlay.post`: one OVERLAY row, outside the 10,000 (I3), with the home of the day."""
    output = locked(step)
    found = _overlay(step)
    if found.state is not OverlayState.ACCEPTED or found.transfer_id is not None:
        raise Conflict("state", kind="overlay", state=found.state.value, act="post")
    person = step.standing.person(found.person_id)
    home = step.standing.home_unit(found.person_id)
    squad = step.standing.squad(output.squad_id)
    whose = Holder(
        person_id=found.person_id,
        role=found.role.value,
        home_agency_id=person.agency_id if person else squad.host_agency_id,
        home_unit_id=home or squad.host_unit_id,
    )
    row = overlay(posting(step, output, found.note, found.proposed_by), whose)
    stored = step.uow.contributions.append([row])[0]
    step.uow.credits.put(replace(found, transfer_id=stored.id))
    step.note(f"output:{output.id}", audit_tags.OVERLAY_POSTED, overlay=found.id)
    return {"posted": True}


def _chosen(step: Step) -> Output:
    found = step.uow.contributions.lock_output(step.text("output"))
    if found is None:
        raise fault("output", "unknown_output", "choose an output")
    return found


def _overlay(step: Step) -> OverlayCredit:
    found = step.uow.credits.get(OverlayCredit, step.ref("overlay_id"))
    if found is None:
        raise NotFound("overlay", step.ref("overlay_id"))
    return found


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.overlay.propose": propose_overlay,
    "regu.overlay.earned": earned_overlay,
    "regu.overlay.answer": answer_overlay,
    "regu.overlay.lapse": lapse_overlay,
    "regu.overlay.post": post_overlay,
}
