"""Corrections after sealing (koreksi periode lalu): asked, heard, decided, shared out anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import NotEntitled, TransitionRefused, Violation, require
from engine.domain.impartial import Act, barred, require_impartial
from engine.domain.ledger import TransferCode
from engine.domain.outputs import OutputStatus
from engine.domain.posting import Holder, allocation, reversal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from engine.domain.ledger import Transfer
    from engine.domain.organisation import Official
    from engine.domain.outputs import Output
    from engine.domain.posting import Posting


class CorrectionState(StrEnum):
    """State of a correction."""

    #: asked for; member and others are heard
    ASKED = "asked"
    #: refused; the line stays
    REFUSED = "refused"
    #: posted; what it freed lies in POOL
    POSTED = "posted"
    #: the freed part is shared out again
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A line of a sealed output that an audit cuts."""

    #: UUIDv7 text
    id: str
    #: the output
    output_id: str
    #: whose line
    person_id: str
    #: row of the ledger that is taken back
    transfer_id: int
    #: what it holds
    old_bp: int
    #: what it shall hold, less
    new_bp: int
    #: auditor, sponsor or perf_admin
    asked_by: str
    #: why
    reason: str
    #: where it can be seen
    evidence_link: str
    #: when
    asked_at: datetime
    #: state
    state: CorrectionState = CorrectionState.ASKED
    #: who decided
    decided_by: str | None = None
    #: whom he stood in for
    on_behalf_of: str | None = None
    #: the decision in words
    decision: str = ""
    #: when
    decided_at: datetime | None = None

    @property
    def freed_bp(self) -> int:
        """What goes back to POOL."""
        return self.old_bp - self.new_bp


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionHearing:
    """What somebody affected said."""

    #: the correction
    correction_id: str
    #: who
    person_id: str
    #: words
    statement: str
    #: when
    at: datetime


class Snapshot(StrEnum):
    """What was computed from rows that changed later."""

    #: level words and predikat of a rating
    RATING = "rating"
    #: a certificate of contribution
    CERTIFICATE = "certificate"
    #: angka kredit and the allowance feed
    ALLOWANCE = "allowance"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotFlag:
    """Something that was decided on numbers which a correction changed (crediting.md 0.7)."""

    #: UUIDv7 text
    id: str
    #: whose
    person_id: str
    #: which cycle
    cycle_id: str
    #: what
    subject: Snapshot
    #: the correction
    correction_id: str
    #: words and predikat before
    before: str
    #: and after
    after: str
    #: when raised
    raised_at: datetime
    #: who looked at it
    cleared_by: str | None = None
    #: what he decided
    outcome: str = ""
    #: why
    note: str = ""
    #: when
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionCase:
    """Who stands where around a correction, on the day it is decided."""

    #: the output, for the error
    output_id: str
    #: everybody with a line in the output
    parties: frozenset[str]
    #: ketua of the squad
    lead_id: str | None
    #: asked, attested, co-signed, decided a dispute about the output
    acts: tuple[Act, ...]
    #: sponsor, then whoever stands above him
    chain: tuple[Official, ...]
    #: people whom a party rates
    subordinates_of_parties: frozenset[str]
    #: absent person -> who stands in today
    substitutes: Mapping[str, str]


def check_request(
    correction: Correction, output: Output, line: Transfer | None, *, busy: bool
) -> tuple[Violation, ...]:
    """Promise: every reason not to take the request: not sealed, no line, not less, no proof."""
    found: list[Violation] = []
    if output.status is not OutputStatus.SEALED:
        found.append(_fault("not_sealed", output.id, "until its seal a dispute corrects a line"))
    if line is None:
        found.append(_fault("line_missing", correction.person_id, "holds no line in the output"))
    elif not 0 <= correction.new_bp < line.amount_bp:
        found.append(_fault("not_less", correction.person_id, f"must lie below {line.amount_bp}"))
    if not correction.reason.strip():
        found.append(_fault("reason_missing", "reason", "a correction gives its reason"))
    if not correction.evidence_link.strip():
        found.append(_fault("evidence_missing", "evidence", "a correction names its evidence"))
    if correction.asked_by == correction.person_id:
        found.append(_fault("I9", correction.asked_by, "nobody corrects his own line"))
    if busy:
        found.append(_fault("correction_open", output.id, "another correction is under way"))
    return tuple(found)


def decider(case: CorrectionCase) -> Official:
    """Promise: the sponsor, or the first above him, who neither acted on the line nor is a party.

    Raises NobodyFound when the line above is exhausted.
    """
    lead = () if case.lead_id is None else (case.lead_id,)
    out = barred((*case.parties, *lead), case.acts, case.subordinates_of_parties)
    return require_impartial("decide_correction", case.output_id, case.chain, out, case.substitutes)


def check_decider(case: CorrectionCase, actor_id: str) -> Official:
    """Promise: the office in which the actor decides. Raises NotEntitled, NobodyFound."""
    entitled = decider(case)
    if actor_id != entitled.person_id:
        raise NotEntitled("decide_correction", actor_id, f"{entitled.person_id} decides")
    return entitled


def decide(
    correction: Correction,
    office: Official,
    *,
    approves: bool,
    decision: str,
    at: datetime,
) -> Correction:
    """Promise: decided, with reasons. Raises TransitionRefused, RuleBroken without reasons."""
    if correction.state is not CorrectionState.ASKED:
        raise TransitionRefused("correction", correction.state, "decide")
    if not decision.strip():
        require((_fault("reason_missing", correction.id, "a decision gives its reasons"),))
    state = CorrectionState.POSTED if approves else CorrectionState.REFUSED
    return replace(
        correction,
        state=state,
        decided_by=office.person_id,
        on_behalf_of=office.on_behalf_of,
        decision=decision,
        decided_at=at,
    )


def finish(correction: Correction) -> Correction:
    """Promise: what was freed is shared out. Raises TransitionRefused unless posted."""
    if correction.state is not CorrectionState.POSTED:
        raise TransitionRefused("correction", correction.state, "finish")
    return replace(correction, state=CorrectionState.DONE)


def postings(
    rows: Sequence[Transfer],
    posting: Posting,
    correction: Correction,
    chained: Callable[[Transfer], Transfer],
) -> tuple[Transfer, ...]:
    """Promise: the reversal of the line and its new row, in that order; the rest lies in POOL.

    Both keep home, host and work period of the row they take back. `chained` stores a row and
    gives it back with its number. Raises RuleBroken.
    """
    original = next(row for row in rows if row.id == correction.transfer_id)
    back = chained(reversal(rows, posting, original.id))
    if correction.new_bp == 0:
        return (back,)
    holder = Holder(
        person_id=correction.person_id,
        role=original.role,
        home_agency_id=original.home_agency_id,
        home_unit_id=original.home_unit_id,
        plan_item_id=original.plan_item_id,
    )
    made = allocation((*rows, back), posting, holder, correction.new_bp, TransferCode.RESOLVE)
    return back, chained(made)


def check_reallocation(
    freed_bp: int,
    additions: Mapping[str, int],
    collective_bp: int,
    *,
    corrected_id: str,
    members: Collection[str],
) -> tuple[Violation, ...]:
    """Promise: every fault of sharing out what a correction freed: all of it, to others."""
    found: list[Violation] = []
    given = collective_bp + sum(additions.values())
    if given != freed_bp:
        found.append(_fault("remainder", "POOL", f"{given} of {freed_bp} basis points given"))
    if min((*additions.values(), collective_bp)) < 0:
        found.append(_fault("negative", "POOL", "an addition is 0 or more"))
    if additions.get(corrected_id):
        found.append(_fault("corrected", corrected_id, "does not get back what was cut"))
    found.extend(
        _fault("no_member", person, "is no member of the output")
        for person in sorted(set(additions) - set(members))
    )
    return tuple(found)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
