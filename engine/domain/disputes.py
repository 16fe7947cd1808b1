"""Disputes about a share, and their hearings (sengketa bagian)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import NotEntitled, TransitionRefused, Violation
from engine.domain.impartial import barred, require_impartial
from engine.domain.scales import WHOLE_BP

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from engine.domain.impartial import Act
    from engine.domain.organisation import Official


class DisputeState(StrEnum):
    """State of a dispute."""

    #: raised
    OPEN = "open"
    #: parties are heard
    HEARING = "hearing"
    #: decided
    RESOLVED = "resolved"


class DisputeSubject(StrEnum):
    """What is contested."""

    #: a member's line
    LINE = "line"
    #: kerja kolektif unit (crediting.md 0.4)
    COLLECTIVE = "collective"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestatedLine:
    """One line of an output as the decision restates it."""

    #: the person; None: kerja kolektif
    person_id: str | None
    #: its share, basis points
    share_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A contested share of an output."""

    #: UUIDv7 text
    id: str
    #: the output
    output_id: str
    #: the contested claim; for kerja kolektif the claim of whose side it is raised for
    claim_id: str
    #: a line, or kerja kolektif
    about: DisputeSubject = DisputeSubject.LINE
    #: who contests
    raised_by: str
    #: why
    ground: str
    #: proof
    evidence_id: str | None = None
    #: state
    state: DisputeState = DisputeState.OPEN
    #: who decided
    decided_by: str | None = None
    #: the decision in words
    decision: str = ""
    #: every line of the output as decided; empty until then
    restated: tuple[RestatedLine, ...] = ()
    #: when raised
    raised_at: datetime
    #: when decided
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What one party said."""

    #: the dispute
    dispute_id: str
    #: the party
    person_id: str
    #: words
    statement: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeCase:
    """Who stands where around a dispute, on the day it is decided."""

    #: the output, for the error
    output_id: str
    #: everyone with a line in the output, and who raised it
    parties: frozenset[str]
    #: ketua of the squad
    lead_id: str | None
    #: acts on the output's lines: attested, co-signed, allocated, adjusted
    acts: tuple[Act, ...]
    #: sponsor of the squad
    sponsor: Official
    #: the sponsor's superiors, nearest first
    above_sponsor: tuple[Official, ...]
    #: people whom a party rates
    subordinates_of_parties: frozenset[str] = frozenset()
    #: absent person -> who stands in today
    substitutes: Mapping[str, str] = field(default_factory=dict)


def dispute_decider(case: DisputeCase) -> Official:
    """Promise: the sponsor, or the first above him who did not act on the output (0.8).

    Never the ketua, a party, who attested or co-signed, who stood in for one of these, or a
    subordinate of a party. Raises NobodyFound when the line above is exhausted.
    """
    return require_impartial(
        "decide_dispute",
        case.output_id,
        (case.sponsor, *case.above_sponsor),
        _barred(case),
        case.substitutes,
    )


def check_decider(case: DisputeCase, actor_id: str) -> Official:
    """Promise: the office in which the actor decides. Raises NotEntitled, NobodyFound."""
    entitled = dispute_decider(case)
    if actor_id != entitled.person_id:
        raise NotEntitled("decide_dispute", actor_id, f"{entitled.person_id} decides this dispute")
    return entitled


def check_raise(
    *, raised_by: str, ground: str, entitled: Collection[str], window_open: bool
) -> tuple[Violation, ...]:
    """Promise: every reason not to take the dispute.

    `entitled`: members of the output and their home superiors.
    """
    found: list[Violation] = []
    if raised_by not in entitled:
        found.append(_fault("not_party", raised_by, "is no member and no home superior"))
    if not ground.strip():
        found.append(_fault("ground_missing", "ground", "a dispute needs its ground"))
    if not window_open:
        found.append(_fault("window_closed", "", "the window for disputes is closed"))
    return tuple(found)


def to_be_heard(current: Mapping[str, int], restated: Sequence[RestatedLine]) -> frozenset[str]:
    """Promise: the people whose line would change."""
    lines = {line.person_id: line.share_bp for line in restated if line.person_id is not None}
    return frozenset(
        person for person in {*current, *lines} if current.get(person, 0) != lines.get(person, 0)
    )


def check_restated(
    current: Mapping[str, int],
    restated: Sequence[RestatedLine],
    *,
    heard: Collection[str],
    collective_most_bp: int,
) -> tuple[Violation, ...]:
    """Promise: every fault of a decision: all lines restated, once, sum 10,000, all heard."""
    found: list[Violation] = []
    people = [line.person_id for line in restated]
    total = sum(line.share_bp for line in restated)
    if total != WHOLE_BP:
        found.append(_fault("restated_sum", "", f"lines sum to {total} instead of {WHOLE_BP}"))
    for line in restated:
        if line.share_bp < 0:
            found.append(_fault("restated_negative", str(line.person_id), f"{line.share_bp}"))
        if line.person_id is None and line.share_bp > collective_most_bp:
            found.append(_fault("collective_most", "COLLECTIVE", f"{line.share_bp}"))
    if len(set(people)) != len(people):
        found.append(_fault("restated_twice", "", "a line is restated twice"))
    found.extend(
        _fault("restated_missing", person, "the decision restates every line")
        for person in sorted(set(current) - set(people))
    )
    found.extend(
        _fault("not_heard", person, "was not heard and the line would change")
        for person in sorted(to_be_heard(current, restated) - set(heard))
    )
    return tuple(found)


def resolve(
    dispute: Dispute,
    *,
    decided_by: str,
    decision: str,
    restated: Sequence[RestatedLine],
    at: datetime,
) -> Dispute:
    """Promise: the dispute decided; guards are `check_decider` and `check_restated`.

    Raises TransitionRefused when it is decided already.
    """
    if dispute.state is DisputeState.RESOLVED:
        raise TransitionRefused("dispute", dispute.state, "resolve")
    return replace(
        dispute,
        state=DisputeState.RESOLVED,
        decided_by=decided_by,
        decision=decision,
        restated=tuple(restated),
        decided_at=at,
    )


def _barred(case: DisputeCase) -> frozenset[str]:
    lead = () if case.lead_id is None else (case.lead_id,)
    return barred((*case.parties, *lead), case.acts, case.subordinates_of_parties)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
