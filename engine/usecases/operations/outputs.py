"""Operations of an output: open, deliver, accept, settle, allocate the remainder, seal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain import outputs as rules
from engine.domain.calendar import end_of_day
from engine.domain.chain import seal_hash
from engine.domain.claims import ClaimAct, ClaimState, moved
from engine.domain.ledger import POOL, Transfer, TransferCode, live_line
from engine.domain.organisation import Official
from engine.domain.outputs import Output, ShareLine, SharePlan
from engine.domain.posting import Posting, allocation, collective, opening, reversal
from engine.domain.sealing import SealFacts, seal_blockers
from engine.domain.shares import default_shares
from engine.domain.squads import Consent
from engine.usecases import audit_tags
from engine.usecases.decisions import ATTAINMENT_CAP
from engine.usecases.earmarks import earmarked
from engine.usecases.errors import Conflict
from engine.usecases.operations.consents import undecided
from engine.usecases.operations.posting import (
    holder,
    locked,
    membership,
    posting,
    require_consent,
)
from engine.usecases.operations.step import as_bp, fault, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: message that a member's part of `contribution` waits for, keyed by output and person
OUTPUT_ACCEPTED: Final = "output_accepted"

_DECIDED = frozenset({ClaimState.ATTESTED, ClaimState.ADJUSTED, ClaimState.RESOLVED})


def open_output(step: Step) -> Mapping[str, Json]:
    """`regu.output.open`: squad, lead, sponsor and members with their expected shares."""
    output = locked(step)
    squad = step.standing.squad(output.squad_id)
    if step.uow.contributions.share_plan(output.id) is None:
        plan_shares(step, output)
    lead = step.standing.lead(squad)
    zone = step.standing.zone(squad.host_agency_id)
    return {
        "squad_id": squad.id,
        "title": output.title,
        "cycle_id": output.cycle_id,
        "lead_id": lead.person_id if lead else None,
        "sponsor_id": squad.sponsor_id,
        "members": [
            {
                "person_id": line.person_id,
                "membership_id": line.membership_id,
                "expected_bp": line.expected_bp,
            }
            for line in step.uow.contributions.share_lines(output.id)
        ],
        "due_on": output.due_on.isoformat(),
        "due_at": end_of_day(output.due_on, zone).isoformat(),
    }


def plan_shares(step: Step, output: Output) -> None:
    """Expected shares by role coefficients, for an output that has none yet."""
    squad = step.standing.squad(output.squad_id)
    day = min(max(output.due_on, squad.starts_on), squad.ends_on)
    members = step.uow.contributions.members(squad.id, day)
    shares = default_shares(members, step.tables(squad.host_agency_id).share_rules())
    plan = SharePlan(
        id=step.means.ids.uuid(), output_id=output.id, version=1, reason="", at=step.now
    )
    people = {member.id: member.person_id for member in members}
    lines = [
        ShareLine(
            share_plan_id=plan.id,
            membership_id=member_id,
            person_id=people[member_id],
            expected_bp=bp,
        )
        for member_id, bp in shares.items()
    ]
    step.uow.contributions.add([plan])
    step.uow.contributions.add(lines)


def deliver_output(step: Step) -> Mapping[str, Json]:
    """`regu.output.deliver` (form: note, link): the lead hands over."""
    output = locked(step)
    lead = step.standing.lead(step.standing.squad(output.squad_id))
    holds = Official(person_id=lead.person_id) if lead else None
    acts = step.require_office(holds, subject_id="")
    with refused():
        delivered = rules.deliver(output, acts.person_id, acts.person_id, step.now)
    step.uow.contributions.put(delivered)
    step.note(_stream(output), audit_tags.OUTPUT_DELIVERED, output=output.id)
    return {}


def accept_output(step: Step) -> Mapping[str, Json]:
    """`regu.output.accept` (form: decision accept|return, attainment, note): by the sponsor.

    When he is silent, by the line above him; never by whoever handed over. Acceptance opens the
    ledger: ISSUE to POOL, 10,000.
    """
    output = locked(step)
    squad = step.standing.squad(output.squad_id)
    above = step.standing.superiors(squad.sponsor_id)
    acts = step.require_office(
        Official(person_id=squad.sponsor_id), *above, subject_id=output.delivered_by or ""
    )
    decision = step.text("decision")
    if decision == "return":
        if not step.text("note"):
            raise fault("note", "required", "say what is missing")
        with refused():
            step.uow.contributions.put(rules.send_back(output))
        step.note(_stream(output), audit_tags.OUTPUT_RETURNED, output=output.id)
        return {"acceptance": "return"}
    attainment = step.decimal("attainment")
    if decision != "accept" or attainment is None:
        raise fault("attainment", "required", "acceptance states the attainment")
    with refused(attainment="attainment"):
        accepted = rules.accept(output, acts.person_id, attainment, ATTAINMENT_CAP, step.now)
        row = opening(
            step.uow.contributions.ledger(output.id),
            posting(step, output, step.text("note"), acts.person_id),
        )
    step.uow.contributions.put(accepted)
    step.uow.contributions.append([row])
    for line in step.uow.contributions.share_lines(output.id):
        # what was claimed before acceptance goes on to be attested; the clocks of the rest begin
        step.means.announce(step.uow, step.actor, OUTPUT_ACCEPTED, f"{output.id}:{line.person_id}")
    step.note(_stream(output), audit_tags.OUTPUT_ACCEPTED, output=output.id)
    return {"acceptance": "accept"}


def settle_output(step: Step) -> Mapping[str, Json]:
    """`regu.output.settle`: what lies in POOL for nobody, and whose home has not consented."""
    output = locked(step)
    pool = step.uow.contributions.balances(output.id)[POOL]
    waiting = earmarked(step.uow, output.id)
    return {
        "pool_bp": max(pool - waiting, 0),
        "earmarked_bp": waiting,
        "undecided": [
            {"membership_id": row.id, "person_id": row.person_id} for row in undecided(step, output)
        ],
    }


def allocate_remainder(step: Step) -> Mapping[str, Json]:
    """`regu.output.allocate` (form: collective_percent, lines[person_id, share_percent], reason).

    The sponsor, or the line above him, gives the whole remainder away: additions to members'
    lines and kerja kolektif unit, at most its cap, with a reason.
    """
    output = locked(step)
    squad = step.standing.squad(output.squad_id)
    above = step.standing.superiors(squad.sponsor_id)
    acts = step.require_office(Official(person_id=squad.sponsor_id), *above, subject_id="")
    reason = step.text("reason")
    if not reason:
        raise fault("reason", "required", "a remainder is given away with a reason")
    together = as_bp(step.call.form.get("collective_percent"), "collective_percent") or 0
    added = additions(step)
    rest = step.uow.contributions.balances(output.id)[POOL] - earmarked(step.uow, output.id)
    given = together + sum(added.values())
    if given != rest:
        raise fault("collective_percent", "remainder", f"{given} of {rest} basis points given")
    post = posting(step, output, reason, acts.person_id)
    with refused(other="lines", collective_most="collective_percent", I2="collective_percent"):
        for person_id, bp in added.items():
            _raise_line(step, output, post, (person_id, bp))
        if together:
            most = step.tables(squad.host_agency_id).collective_most_bp()
            rows = step.uow.contributions.ledger(output.id)
            step.uow.contributions.append([collective(rows, post, together, most)])
    step.note(_stream(output), audit_tags.OUTPUT_ALLOCATED, output=output.id)
    return {"pool_bp": 0}


def seal_output(step: Step) -> Mapping[str, Json]:
    """`regu.output.seal`: every line terminal, POOL empty, consents decided; final."""
    output = locked(step)
    store = step.uow.contributions
    lines = store.share_lines(output.id)
    rows = store.ledger(output.id)
    claims = store.claims(output.id)
    facts = SealFacts(
        output_id=output.id,
        members=[line.person_id for line in lines],
        claims=claims,
        disputes=store.disputes(output.id),
        undecided_consents=[
            line.person_id for line in lines if membership(step, line).consent is Consent.PENDING
        ],
        acknowledged=(),
        # the drawing's timer is the window; sealing before it is a matter of the drawing
        window_ends_at=step.now,
        rows=rows,
    )
    sealed = rules.seal(output, seal_blockers(facts, step.now), step.now)
    for claim in claims:
        if claim.state in _DECIDED:
            store.put(moved(claim, ClaimAct.SEAL))
    store.put(sealed)
    step.note(_stream(output), audit_tags.OUTPUT_SEALED, output=output.id, seal=seal_hash(rows))
    return {"sealed": True}


def additions(step: Step) -> dict[str, int]:
    """What the form's lines add to members, those with something, each once."""
    found: dict[str, int] = {}
    for n, row in enumerate(step.rows("lines")):
        bp = as_bp(row.get("share_percent"), f"lines.{n}.share_percent") or 0
        person_id = str(row.get("person_id") or "")
        if bp < 0 or person_id in found:
            raise fault(f"lines.{n}.share_percent", "line", "one addition per member, 0 or more")
        if bp:
            found[person_id] = bp
    return found


def _raise_line(step: Step, output: Output, post: Posting, addition: tuple[str, int]) -> None:
    person_id, bp = addition
    store = step.uow.contributions
    rows: list[Transfer] = list(store.ledger(output.id))
    old = live_line(rows, output.id, person_id)
    if old is not None:
        rows += store.append([reversal(rows, post, old.id)])
    line = next((s for s in store.share_lines(output.id) if s.person_id == person_id), None)
    if line is None:
        raise Conflict("no_member", person=person_id)
    require_consent(step, line)
    total = bp + (old.amount_bp if old else 0)
    made = allocation(rows, post, holder(step, output, line), total, TransferCode.RELEASE)
    store.append([made])


def _stream(output: Output) -> str:
    return f"output:{output.id}"
