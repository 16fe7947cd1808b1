"""A consent that the home left open: the common superior decides (crediting.md 0.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.domain.squads import Consent, Membership
from engine.usecases import audit_tags
from engine.usecases.errors import NotFound
from engine.usecases.operations.posting import locked
from engine.usecases.operations.step import fault
from engine.usecases.squads import post_waiting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.outputs import Output
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def undecided(step: Step, output: Output) -> Sequence[Membership]:
    """Memberships of an output's lines that wait for the common superior.

    The home was silent, or refused and nobody above both units has decided since.
    """
    found = []
    for line in step.uow.contributions.share_lines(output.id):
        row = step.uow.contributions.get(Membership, line.membership_id)
        if row is None or row.consent is Consent.GIVEN:
            continue
        decider = step.standing.consent_decider(row)
        final = row.consent is Consent.REFUSED and (
            row.consent_by == decider.person_id if decider else row.consent_at is not None
        )
        if not final:
            found.append(row)
    return found


def decide_consent(step: Step) -> Mapping[str, Json]:
    """`regu.membership.decide_consent` (form: decision given|refused, reason): final.

    By the nearest person above both units; across agencies perf_admin records what their heads
    agreed on. A share attested meanwhile is posted when it is given.
    """
    output = locked(step)
    row = step.uow.contributions.get(Membership, step.ref("membership_id"))
    if row is None or row.squad_id != output.squad_id:
        raise NotFound("membership", step.ref("membership_id"))
    office = step.require_office_or_admin(step.standing.consent_decider(row), row.person_id)
    decision = step.word("decision", Consent)
    if decision is Consent.PENDING:
        raise fault("decision", "unknown_word", "given or refused")
    if decision is Consent.REFUSED and not step.text("reason"):
        raise fault("reason", "required", "a refusal gives its reason")
    if row.consent is not Consent.GIVEN:
        row = replace(
            row,
            consent=decision,
            consent_by=office.on_behalf_of or office.person_id,
            consent_at=step.now,
        )
        step.uow.contributions.put(row)
        step.note(
            f"squad:{row.squad_id}",
            audit_tags.CONSENT_GIVEN,
            membership=row.id,
            consent=decision.value,
        )
        if decision is Consent.GIVEN:
            post_waiting(step, row)
    return {}
