"""Operations on facts of talent and referrals: recorded by who may, never decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.referrals import (
    Referral,
    ReferralGround,
    ReferralHanding,
    check_handing,
    check_referral,
)
from engine.domain.talent import OF_HR, TRAINING, FactKind, PersonFact, check_fact
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.operations.role_changes import by_nip
from engine.usecases.operations.step import date_of, fault, refuse
from engine.usecases.rights import HR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.people import Person
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def record_fact(step: Step) -> Mapping[str, Json]:
    """`regu.talent.record` -> fact_id, person_id.

    Start form: nip, kind, potential | education | discipline | training, on_day, source. HR
    records everything, a superior potential and training; nobody about himself.
    """
    about = by_nip(step, "nip")
    kind = step.word("kind", FactKind)
    behalf = _recorder(step, about, of_hr=kind in OF_HR)
    made = PersonFact(
        id=step.means.ids.uuid(),
        person_id=about.id,
        kind=kind,
        word=step.text("training" if kind in TRAINING else kind.value),
        on_day=date_of(step.call.form.get("on_day"), "on_day"),
        source=step.text("source"),
        recorded_by=step.person,
        on_behalf_of=behalf,
        at=step.now,
    )
    wrong = check_fact(made, step.standing.today(about.agency_id))
    field = "training" if kind in TRAINING else kind.value
    refuse(wrong, unknown_word=field, source_missing="source", future="on_day", own_fact="nip")
    step.uow.recognitions.add([made])
    step.note(f"person:{about.id}", audit_tags.TALENT_RECORDED, fact=made.id)
    return {"fact_id": made.id, "person_id": about.id}


def refer_case(step: Step) -> Mapping[str, Json]:
    """`regu.referral.refer` -> referral_id (start form: nip, ground, text, source).

    Only somebody above the person, or who stands in for one of them.
    """
    about = by_nip(step, "nip")
    behalf = _above(step, about)
    made = Referral(
        id=step.means.ids.uuid(),
        person_id=about.id,
        agency_id=about.agency_id,
        ground=step.word("ground", ReferralGround),
        text=step.text("text"),
        source=step.text("source"),
        referred_by=step.person,
        on_behalf_of=behalf,
        at=step.now,
    )
    for violation in check_referral(made):
        raise fault(violation.subject, violation.code, violation.message)
    step.uow.recognitions.add([made])
    step.note(f"referral:{made.id}", audit_tags.REFERRAL_MADE, referral=made.id)
    return {"referral_id": made.id}


def hand_referral(step: Step) -> Mapping[str, Json]:
    """`regu.referral.hand` (form: handed_to, letter_no): HR, never a case of his own."""
    about = step.uow.recognitions.referral(step.ref("referral_id"))
    if about is None:
        raise NotFound("referral", step.ref("referral_id"))
    person = step.standing.person(about.person_id)
    inside = person is not None and person.agency_id == step.actor.agency_id
    if HR not in step.actor.groups or not inside:
        raise AccessRefused(step.call.element_id, about.person_id)
    made = ReferralHanding(
        id=step.means.ids.uuid(),
        referral_id=about.id,
        handed_to=step.text("handed_to"),
        letter_no=step.text("letter_no"),
        handed_by=step.person,
        at=step.now,
    )
    if step.person == about.person_id:
        raise AccessRefused(step.call.element_id, "own matter")
    refuse(check_handing(made, about), required="handed_to")
    step.uow.recognitions.add([made])
    step.note(f"referral:{about.id}", audit_tags.REFERRAL_HANDED, referral=about.id)
    return {}


def _recorder(step: Step, about: Person, *, of_hr: bool) -> str | None:
    """For whom the recorder stands in; `AccessRefused` for who may not."""
    if step.person == about.id:
        raise AccessRefused(step.call.element_id, "own matter")
    if HR in step.actor.groups:
        return None
    if of_hr:
        raise fault("kind", "not_a_superiors", "human resources records this")
    return _above(step, about)


def _above(step: Step, about: Person) -> str | None:
    """For whom of those above a person the actor stands in, None for one of them himself."""
    above = step.standing.superiors(about.id)
    if not above:
        raise AccessRefused(step.call.element_id, about.id)
    return step.require_office(*above, subject_id=about.id).on_behalf_of


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.talent.record": record_fact,
    "regu.referral.refer": refer_case,
    "regu.referral.hand": hand_referral,
}
