"""Ledger rows of an output from an operation: who holds, which period, what is posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.claims import Attestation, AttestDecision, Claim, returns_of
from engine.domain.cycles import Cycle, Period, posting_period
from engine.domain.ledger import Transfer, live_line
from engine.domain.posting import Holder, Posting, allocation
from engine.domain.squads import Consent, Membership
from engine.usecases.earmarks import decided_share
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.operations.step import fault

if TYPE_CHECKING:
    from engine.domain.outputs import Output, ShareLine
    from engine.usecases.operations.step import Step


def locked(step: Step) -> Output:
    """The output of the process, locked: its ledger grows by one writer at a time."""
    output_id = step.ref("output_id")
    found = step.uow.contributions.lock_output(output_id)
    if found is None:
        raise NotFound("output", output_id)
    return found


def posting(step: Step, output: Output, reason: str, actor_id: str) -> Posting:
    """What every row of this act shares; `Conflict` when every period is sealed.

    After the cycle's last period is sealed a correction is posted in the next cycle's first one
    that is open (crediting.md 0.7).
    """
    work = step.uow.performance.get(Period, output.period_id)
    periods = step.uow.performance.periods(output.cycle_id)
    book = (posting_period(work, periods) or _next_cycle(step, output)) if work else None
    if work is None or book is None:
        raise Conflict("no_open_period", output=output.id)
    squad = step.standing.squad(output.squad_id)
    return Posting(
        output_id=output.id,
        squad_id=squad.id,
        host_agency_id=squad.host_agency_id,
        host_unit_id=squad.host_unit_id,
        work_period_id=work.id,
        posting_period_id=book.id,
        actor_id=actor_id,
        reason=reason,
        at=step.now,
        recorded_at=step.means.clock.real_now(),
    )


def _next_cycle(step: Step, output: Output) -> Period | None:
    cycle = step.uow.performance.get(Cycle, output.cycle_id)
    if cycle is None:
        return None
    later = [c for c in step.uow.performance.cycles(cycle.agency_id) if c.year > cycle.year]
    for following in sorted(later, key=lambda c: c.year):
        periods = step.uow.performance.periods(following.id)
        found = posting_period(periods[0], periods) if periods else None
        if found is not None:
            return found
    return None


def holder(step: Step, output: Output, line: ShareLine) -> Holder:
    """Whose line it is, with his home unit on the work date, the day the output was due.

    Who holds no post that day keeps the home that lent him (crediting.md 2.2).
    """
    member = membership(step, line)
    home = step.standing.home_unit(line.person_id, output.due_on)
    plan = step.uow.performance.plan_of(line.person_id, output.cycle_id)
    items = step.uow.performance.items(plan.id) if plan else []
    serves = next((item.id for item in items if item.membership_id == member.id), None)
    return Holder(
        person_id=line.person_id,
        role=member.role.value,
        home_agency_id=member.home_agency_id,
        home_unit_id=home or member.home_unit_id,
        plan_item_id=serves,
    )


def membership(step: Step, line: ShareLine) -> Membership:
    """The membership behind a share line."""
    found = step.uow.contributions.get(Membership, line.membership_id)
    if found is None:
        raise NotFound("membership", line.membership_id)
    return found


def share_line(step: Step, output: Output, person_id: str) -> ShareLine:
    """A person's expected share; `NotFound` when he is no member of the output."""
    lines = step.uow.contributions.share_lines(output.id)
    found = next((line for line in lines if line.person_id == person_id), None)
    if found is None:
        raise NotFound("share", person_id)
    return found


def post_decided(step: Step, output: Output, claim: Claim) -> Transfer | None:
    """POOL to the member, once his home consented; until then the share stays earmarked in POOL.

    What is posted is the newest attestation of the claim, or the decision of a dispute after it.
    Raises RuleBroken when the POOL holds less.
    """
    line = share_line(step, output, claim.person_id)
    decided = decided_share(step.uow, claim)
    if membership(step, line).consent is not Consent.GIVEN or not decided or not decided.share_bp:
        return None
    rows = step.uow.contributions.ledger(output.id)
    if live_line(rows, output.id, claim.person_id) is not None:
        return None
    row = allocation(
        rows,
        posting(step, output, decided.reason, decided.actor_id),
        holder(step, output, line),
        decided.share_bp,
        decided.code,
    )
    return step.uow.contributions.append([row])[0]


def require_consent(step: Step, line: ShareLine) -> None:
    """`InputRefused` (I10) when the home of the line's member did not consent."""
    if membership(step, line).consent is not Consent.GIVEN:
        raise fault("lines", "I10", f"the home of {line.person_id} did not consent")


def newest_attestation(step: Step, output: Output, claim: Claim) -> Attestation | None:
    """The last attestation of a claim that is no return."""
    made = [
        row
        for row in step.uow.contributions.attestations(output.id)
        if row.claim_id == claim.id and row.decision is not AttestDecision.RETURN
    ]
    return made[-1] if made else None


def claim_at(step: Step, output: Output) -> Claim:
    """The claim the task is about, by its id or by the member; `NotFound` for another output's."""
    claim_id = step.maybe("claim_id")
    found = (
        step.uow.contributions.get(Claim, claim_id)
        if claim_id
        else step.uow.contributions.claim_of(output.id, step.ref("person_id"))
    )
    if found is None or found.output_id != output.id:
        raise NotFound("claim", claim_id or step.ref("person_id"))
    return found


def returns_so_far(step: Step, output: Output, claim: Claim) -> int:
    """How often the claim was sent back."""
    rows = step.uow.contributions.attestations(output.id)
    return returns_of(row for row in rows if row.claim_id == claim.id)
