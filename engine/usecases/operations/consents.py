"""Lending a person: home decides; silence and refusal go above both units (crediting.md 0.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain.joining import (
    ConsentAnswer,
    ConsentDecision,
    ConsentStage,
    RefusalReason,
)
from engine.domain.squads import Consent, Membership, SquadRole
from engine.usecases import audit_tags, escalation
from engine.usecases.earmarks import DECIDED
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.operations.posting import post_decided
from engine.usecases.operations.step import fault
from engine.usecases.operations.telling import tell_consent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.organisation import Official
    from engine.domain.outputs import Output
    from engine.usecases.operations.step import Step
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.process import Json

#: tell the tasks that wait for the same answer; key: the membership
ANNOUNCED: Final[Mapping[ConsentStage, str]] = {
    ConsentStage.HOME: "home_answered",
    ConsentStage.COMMON: "consent_settled",
}


def member_of(step: Step) -> Membership:
    """The membership that the process speaks of."""
    row = step.uow.contributions.get(Membership, step.ref("membership_id"))
    if row is None:
        raise NotFound("membership", step.ref("membership_id"))
    return row


def home_line(standing: Standing, row: Membership) -> tuple[Official, ...]:
    """Who may lend a person, nearest first: his superiors but those who want him in the squad.

    Neither the sponsor nor the ketua lends a person to his own squad; the next above does
    (crediting.md 0.8).
    """
    squad = standing.squad(row.squad_id)
    barred = {squad.sponsor_id, row.person_id}
    barred |= {
        one.person_id
        for one in standing.uow.contributions.members(squad.id)
        if one.role is SquadRole.KETUA
    }
    return tuple(
        official
        for official in standing.superiors(row.person_id)
        if official.person_id not in barred and official.on_behalf_of not in barred
    )


def answer_for_home(
    step: Step, row: Membership, answer: Consent, code: RefusalReason | None
) -> int:
    """The home superior's decision; basis points that were waiting for it and are posted now.

    `AccessRefused` for anybody else, `Conflict` when the home's clock has run out or it answered.
    """
    line = home_line(step.standing, row)
    office = step.require_office(*line, subject_id=row.person_id)
    reason = step.text("reason")
    if answer is Consent.PENDING:
        raise fault("consent", "unknown_word", "given or refused")
    if answer is Consent.REFUSED and not reason:
        raise fault("reason", "required", "a refusal gives its reason")
    if any(d.stage is ConsentStage.HOME for d in step.uow.formation.consent_decisions(row.id)):
        raise Conflict("consent_decided", membership=row.id)
    coded = (code or RefusalReason.OTHER) if answer is Consent.REFUSED else None
    return _decide(step, row, office, (ConsentStage.HOME, answer, coded))


def give_consent(step: Step) -> Mapping[str, Json]:
    """`regu.membership.consent` (form: decision given|refused, reason_code, reason)."""
    row = member_of(step)
    answer = step.word("decision", Consent)
    code = step.word("reason_code", RefusalReason) if answer is Consent.REFUSED else None
    answer_for_home(step, row, answer, code)
    return {}


def note_consent_silence(step: Step) -> Mapping[str, Json]:
    """`regu.membership.note_silence`: the home's clock ran out; counted for whose answer it was."""
    row = member_of(step)
    done = step.uow.formation.consent_decisions(row.id)
    if row.consent is not Consent.PENDING or done:
        return {}
    holder = next(iter(home_line(step.standing, row)), None)
    silent = ConsentDecision(
        id=step.means.ids.uuid(),
        membership_id=row.id,
        stage=ConsentStage.HOME,
        answer=ConsentAnswer.SILENT,
        holder_id=(holder.on_behalf_of or holder.person_id) if holder else None,
        decided_by=None,
        reason_code=None,
        reason="",
        at=step.now,
    )
    step.uow.formation.add([silent])
    step.note(f"squad:{row.squad_id}", audit_tags.SILENCE_NOTED, membership=row.id)
    return {}


def undecided(step: Step, output: Output) -> Sequence[Membership]:
    """Memberships of an output's lines that wait for the common superior.

    The home was silent, or refused and nobody above both units has decided since.
    """
    found = []
    for line in step.uow.contributions.share_lines(output.id):
        row = step.uow.contributions.get(Membership, line.membership_id)
        if row is None or row.consent is Consent.GIVEN or _final(step, row):
            continue
        found.append(row)
    return found


def decide_consent(step: Step) -> Mapping[str, Json]:
    """`regu.membership.decide_consent` (form: decision given|refused, reason): final.

    By the nearest person above both units; across agencies perf_admin records what their heads
    agreed on. A share attested meanwhile is posted when it is given. Who comes second, in the
    squad's formation or at one of its outputs, finds it decided.
    """
    row = member_of(step)
    output_id = step.maybe("output_id")
    if output_id is not None:
        output = step.uow.contributions.lock_output(output_id)
        if output is None or row.squad_id != output.squad_id:
            raise NotFound("membership", row.id)
    holder = escalation.consent_decider(step.standing, row, output_id)
    office = step.require_office_or_admin(holder, row.person_id)
    decision = step.word("decision", Consent)
    if decision is Consent.PENDING:
        raise fault("decision", "unknown_word", "given or refused")
    if decision is Consent.REFUSED and not step.text("reason"):
        raise fault("reason", "required", "a refusal gives its reason")
    if row.consent is not Consent.GIVEN and not _final(step, row):
        code = RefusalReason.OTHER if decision is Consent.REFUSED else None
        _decide(step, row, office, (ConsentStage.COMMON, decision, code))
    return {}


def post_waiting(step: Step, row: Membership) -> int:
    """Post what was attested to the member, or decided, while his home had not answered."""
    posted = 0
    squad = step.standing.squad(row.squad_id)
    agency = step.uow.performance
    for cycle in agency.cycles(squad.host_agency_id):
        for output in step.uow.contributions.outputs(cycle.id, squad.id):
            claim = step.uow.contributions.claim_of(output.id, row.person_id)
            if claim is None or claim.state not in DECIDED:
                continue
            locked = step.uow.contributions.lock_output(output.id)
            line = post_decided(step, locked or output, claim)
            posted += line.amount_bp if line else 0
    return posted


def _decide(
    step: Step,
    row: Membership,
    office: Official,
    decision: tuple[ConsentStage, Consent, RefusalReason | None],
) -> int:
    stage, answer, code = decision
    holder = office.on_behalf_of or office.person_id
    made = ConsentDecision(
        id=step.means.ids.uuid(),
        membership_id=row.id,
        stage=stage,
        answer=ConsentAnswer(answer.value),
        holder_id=holder,
        decided_by=office.person_id,
        reason_code=code,
        reason=step.text("reason"),
        at=step.now,
    )
    step.uow.formation.add([made])
    by = holder if stage is ConsentStage.COMMON else office.person_id
    answered = replace(row, consent=answer, consent_by=by, consent_at=step.now)
    step.uow.contributions.put(answered)
    step.note(
        f"squad:{row.squad_id}",
        audit_tags.CONSENT_GIVEN,
        membership=row.id,
        stage=stage.value,
        consent=answer.value,
    )
    tell_consent(step, row, made.id)
    step.means.announce(step.uow, step.actor, ANNOUNCED[stage], row.id)
    return post_waiting(step, answered) if answer is Consent.GIVEN else 0


def _final(step: Step, row: Membership) -> bool:
    """Whether the common superior refused, or nobody stands there and the home did."""
    if row.consent is not Consent.REFUSED:
        return False
    made = step.uow.formation.consent_decisions(row.id)
    if any(decision.stage is ConsentStage.COMMON for decision in made):
        return True
    decider = step.standing.consent_decider(row)
    return row.consent_by == decider.person_id if decider else not made


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.membership.consent": give_consent,
    "regu.membership.note_silence": note_consent_silence,
}
