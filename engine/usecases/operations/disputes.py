"""Operations of a dispute about shares: hear the parties, decide, restate every line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain import disputes as rules
from engine.domain.claims import ClaimAct, ClaimState, moved
from engine.domain.disputes import (
    Dispute,
    DisputeState,
    DisputeSubject,
    Hearing,
    RestatedLine,
)
from engine.domain.ledger import COLLECTIVE, POOL, account_person
from engine.domain.outputs import OutputStatus
from engine.domain.posting import restatement
from engine.domain.scales import WHOLE_BP
from engine.domain.squads import Consent
from engine.usecases import audit_tags
from engine.usecases.earmarks import earmarks
from engine.usecases.errors import AccessRefused, Conflict
from engine.usecases.operations.posting import (
    holder,
    locked,
    membership,
    posting,
    require_consent,
)
from engine.usecases.operations.step import NobodyLeft, as_bp, fault, refuse, refused
from engine.usecases.operations.telling import tell_dispute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.organisation import Official
    from engine.domain.outputs import Output, ShareLine
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: message that the drawing `contribution` waits for, keyed by the output
DISPUTE_RAISED: Final = "dispute_raised"

_RESOLVABLE = frozenset(
    {ClaimState.ATTESTED, ClaimState.ADJUSTED, ClaimState.RESOLVED, ClaimState.DISPUTED}
)


def hear_party(step: Step) -> Mapping[str, Json]:
    """`regu.dispute.hear` (form: statement): a member of the output says his side."""
    output = locked(step)
    party = step.require_person(step.ref("person_id"))
    dispute = open_dispute(step, output)
    if dispute.state is DisputeState.OPEN:
        step.uow.contributions.put(replace(dispute, state=DisputeState.HEARING))
    heard = {row.person_id for row in step.uow.contributions.hearings(dispute.id)}
    if party in heard:
        raise Conflict("heard_already", dispute=dispute.id)
    row = Hearing(
        dispute_id=dispute.id, person_id=party, statement=step.text("statement"), at=step.now
    )
    step.uow.contributions.add([row])
    step.note(f"output:{output.id}", audit_tags.DISPUTE_HEARD, dispute=dispute.id)
    return {}


def read_remainder(step: Step) -> Mapping[str, Json]:
    """`regu.output.read_remainder` (form: answer noted|dispute, ground): told, and may contest.

    Every member is told what became of the remainder, kerja kolektif unit too, and contests it
    with a ground (crediting.md 0.4); nobody's line needs to be his for that.
    """
    output = locked(step)
    member = step.require_person(step.ref("person_id"))
    if step.text("answer") != "dispute":
        step.note(f"output:{output.id}", audit_tags.REMAINDER_READ, person=member)
        return {}
    ground = step.text("ground")
    if not ground:
        raise fault("ground", "ground_missing", "a dispute needs its ground")
    store = step.uow.contributions
    claim = store.claim_of(output.id, member)
    busy = any(d.state is not DisputeState.RESOLVED for d in store.disputes(output.id))
    if claim is None or busy or output.status is not OutputStatus.ACCEPTED:
        raise Conflict("dispute_open" if busy else "state", output=output.id)
    dispute = Dispute(
        id=step.means.ids.uuid(),
        output_id=output.id,
        claim_id=claim.id,
        about=DisputeSubject.COLLECTIVE,
        raised_by=member,
        ground=ground,
        raised_at=step.now,
    )
    store.add([dispute])
    step.means.announce(step.uow, step.actor, DISPUTE_RAISED, output.id, dispute_id=dispute.id)
    step.note(f"output:{output.id}", audit_tags.DISPUTE_RAISED, dispute=dispute.id)
    return {}


def decide_dispute(step: Step) -> Mapping[str, Json]:
    """`regu.dispute.decide` (form: lines[person_id, share_percent], reason): all lines restated.

    By the first above the output who neither attested, co-signed nor is a party; where nobody is
    left, perf_admin records the decision from outside the agency. What the lines leave of 100 %
    is kerja kolektif unit, inside its cap. Reversals and new lines sum to 0. The line of a member
    whose home has not answered stays earmarked in POOL, at what was decided (crediting.md 0.5).
    """
    output = locked(step)
    dispute = open_dispute(step, output)
    office = _decider(step, output)
    parties = step.standing.dispute_case(output).parties
    reason = step.text("reason")
    if not reason:
        raise fault("reason", "required", "a decision gives its reasons")
    restated = _restated(step)
    current = _current(step, output)
    most = step.tables(step.standing.squad(output.squad_id).host_agency_id).collective_most_bp()
    refuse(
        rules.check_restated(
            current,
            restated,
            # every member had the chance to speak: the drawing closes the hearing by its clock
            heard={*current, *(line.person_id or "" for line in restated)},
            collective_most_bp=most,
        ),
        other="lines",
    )
    _post(step, output, restated, reason, office.person_id)
    for claim in step.uow.contributions.claims(output.id):
        if claim.state in _RESOLVABLE:
            step.uow.contributions.put(moved(claim, ClaimAct.RESOLVE))
    step.uow.contributions.put(
        rules.resolve(
            dispute,
            decided_by=office.person_id,
            decision=reason,
            restated=restated,
            at=step.now,
        )
    )
    step.note(f"output:{output.id}", audit_tags.DISPUTE_DECIDED, dispute=dispute.id)
    tell_dispute(step, output, dispute, parties)
    return {"dispute_id": dispute.id}


def _decider(step: Step, output: Output) -> Official:
    """The impartial superior; where the line ends, perf_admin records what was decided outside."""
    case = step.standing.dispute_case(output)
    if step.actor.on_behalf_of in case.parties:
        raise AccessRefused("decide_dispute", "own matter")
    try:
        with refused():
            return rules.check_decider(case, step.person)
    except NobodyLeft:
        acted = {name for act in case.acts for name in (act.actor_id, act.on_behalf_of)}
        if step.person in acted | case.parties | {case.lead_id, case.sponsor.person_id}:
            raise
        return step.require_office_or_admin(None, dispute_subject(case))


def dispute_subject(case: rules.DisputeCase) -> str:
    """Somebody the dispute is about, for the refusal."""
    return min(case.parties, default=case.output_id)


def open_dispute(step: Step, output: Output) -> Dispute:
    """The dispute of an output that is not decided yet."""
    found = [
        row
        for row in step.uow.contributions.disputes(output.id)
        if row.state is not DisputeState.RESOLVED
    ]
    if not found:
        raise Conflict("no_open_dispute", output=output.id)
    return found[0]


def _restated(step: Step) -> list[RestatedLine]:
    found: list[RestatedLine] = []
    for n, row in enumerate(step.rows("lines")):
        share = as_bp(row.get("share_percent"), f"lines.{n}.share_percent")
        if share is None or share < 0:
            raise fault(f"lines.{n}.share_percent", "required", "state the share")
        found.append(RestatedLine(person_id=str(row.get("person_id") or ""), share_bp=share))
    rest = WHOLE_BP - sum(line.share_bp for line in found)
    if rest > 0:
        found.append(RestatedLine(person_id=None, share_bp=rest))
    return found


def _current(step: Step, output: Output) -> dict[str, int]:
    current = {line.person_id: 0 for line in step.uow.contributions.share_lines(output.id)}
    current |= earmarks(step.uow, output.id)
    for account, amount in step.uow.contributions.balances(output.id).items():
        person = account_person(account)
        if account not in (POOL, COLLECTIVE) and person is not None:
            current[person] = amount
    return current


def _post(
    step: Step, output: Output, restated: Sequence[RestatedLine], reason: str, actor_id: str
) -> None:
    lines = step.uow.contributions.share_lines(output.id)
    shares = {line.person_id: line.share_bp for line in restated if line.person_id}
    together = sum(line.share_bp for line in restated if line.person_id is None)
    known = {line.person_id: line for line in lines}
    strangers = set(shares) - set(known)
    if strangers:
        raise fault("lines", "no_member", f"{', '.join(sorted(strangers))} is no member")
    posted = {person: bp for person, bp in shares.items() if _posts(step, known[person], bp)}
    with refused(other="lines"):
        rows = restatement(
            step.uow.contributions.ledger(output.id),
            posting(step, output, reason, actor_id),
            posted,
            {person: holder(step, output, known[person]) for person in posted},
            together,
        )
    step.uow.contributions.append(rows)


def _posts(step: Step, line: ShareLine, share_bp: int) -> bool:
    """Whether a decided line goes into the ledger; it waits while the home has not answered."""
    if share_bp and membership(step, line).consent is not Consent.PENDING:
        require_consent(step, line)
        return True
    return False
