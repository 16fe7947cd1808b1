"""A changed expectation (perubahan ekspektasi): a dated new version of a plan that both sign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import Malformed, NotEntitled, TransitionRefused
from engine.domain.plans import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from engine.domain.cycles import Cycle
    from engine.domain.plans import Indicator, Plan, PlanItem


class Side(StrEnum):
    """Who wishes the change."""

    #: whose plan it is
    EMPLOYEE = "employee"
    #: pejabat penilai kinerja
    RATER = "rater"


class RevisionState(StrEnum):
    """Where a revision stands."""

    #: its proposer writes it
    WRITING = "writing"
    #: signed by the proposer; the other side is asked
    ASKED = "asked"
    #: the other side refused or was silent: the rater's superior mediates
    REFUSED = "refused"
    #: signed by both, or decided in mediation; waits for its day
    AGREED = "agreed"
    #: the new version holds
    APPLIED = "applied"
    #: it did not come about
    DROPPED = "dropped"


#: states in which another revision of the same plan cannot begin
OPEN_STATES = frozenset(
    {RevisionState.WRITING, RevisionState.ASKED, RevisionState.REFUSED, RevisionState.AGREED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRevision:
    """One wish to change what is expected, from the wish to its end."""

    #: UUIDv7 text
    id: str
    #: whose plan
    person_id: str
    #: in which cycle
    cycle_id: str
    #: the version that holds
    base_plan_id: str
    #: the version that is proposed
    plan_id: str
    #: who wishes it
    side: Side
    #: by name
    proposed_by: str
    #: what is to change, in words
    summary: str
    #: why
    reason: str
    #: first day of the new version; moved to the day of signing when that is later
    valid_from: date
    #: state
    state: RevisionState = RevisionState.WRITING
    #: when the employee signed
    employee_signed_at: datetime | None = None
    #: who signed as rater
    rater_signed_by: str | None = None
    #: for whom, when he stood in
    on_behalf_of: str | None = None
    #: when
    rater_signed_at: datetime | None = None
    #: the day on which it was agreed
    agreed_on: date | None = None
    #: words of the other side
    answer: str = ""
    #: who mediated
    mediator_id: str | None = None
    #: words of the mediator
    mediation: str = ""
    #: when it was begun
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs, for whom, and when."""

    #: the human
    person_id: str
    #: the official he stands in for
    on_behalf_of: str | None = None
    #: when
    at: datetime
    #: on which day, in the agency's zone
    on: date


def check_day(valid_from: date, today: date, cycle: Cycle) -> None:
    """Promise: returns for a day from today to the cycle's last; Malformed else."""
    if not max(today, cycle.starts_on) <= valid_from <= cycle.ends_on:
        raise Malformed("valid_from", valid_from, "from today to the end of the cycle")


def hand_in(revision: PlanRevision, by: Signature) -> PlanRevision:
    """Promise: written and signed by its proposer; the other side is asked.

    Raises TransitionRefused unless being written, NotEntitled for anybody but its side.
    """
    _require(revision, "hand_in", RevisionState.WRITING)
    return replace(_signed(revision, revision.side, by), state=RevisionState.ASKED)


def agree(revision: PlanRevision, by: Signature) -> PlanRevision:
    """Promise: signed by the other side too; it holds from its day, not before this one."""
    _require(revision, "agree", RevisionState.ASKED)
    return _agreed(_signed(revision, _other(revision.side), by), by.on)


def refuse(revision: PlanRevision, by: str | None, words: str) -> PlanRevision:
    """Promise: the other side says no, or is silent (`by` None): a mediator decides.

    Raises NotEntitled when the proposer answers himself, Malformed for a no without words.
    """
    _require(revision, "refuse", RevisionState.ASKED)
    if by == revision.proposed_by:
        raise NotEntitled("refuse", by, "the other side answers")
    if by is not None and not words.strip():
        raise Malformed("answer", words, "a refusal needs words")
    return replace(revision, state=RevisionState.REFUSED, answer=words.strip())


def mediate(revision: PlanRevision, by: Signature, words: str, *, adopt: bool) -> PlanRevision:
    """Promise: the superior's decision in place of the missing signature, with his words.

    Raises NotEntitled when the mediator is one of the two sides, Malformed without words.
    """
    _require(revision, "mediate", RevisionState.REFUSED)
    if by.person_id in {revision.person_id, revision.rater_signed_by, revision.proposed_by}:
        raise NotEntitled("mediate", by.person_id, "a side of the revision")
    if not words.strip():
        raise Malformed("mediation", words, "a decision needs words")
    heard = replace(revision, mediator_id=by.person_id, mediation=words.strip())
    return _agreed(heard, by.on) if adopt else replace(heard, state=RevisionState.DROPPED)


def drop(revision: PlanRevision) -> PlanRevision:
    """Promise: given up by its proposer while he writes it."""
    _require(revision, "drop", RevisionState.WRITING)
    return replace(revision, state=RevisionState.DROPPED)


def applied(revision: PlanRevision, today: date) -> PlanRevision:
    """Promise: the new version holds; TransitionRefused before its day or unless agreed."""
    _require(revision, "apply", RevisionState.AGREED)
    if today < revision.valid_from:
        raise TransitionRefused("revision", revision.state, "apply early")
    return replace(revision, state=RevisionState.APPLIED)


def next_version(plan: Plan, plan_id: str, version: int) -> Plan:
    """Promise: a draft that continues a fixed plan. Raises TransitionRefused unless fixed."""
    if plan.status is not PlanStatus.FIXED:
        raise TransitionRefused("plan", plan.status, "revise")
    return replace(
        plan,
        id=plan_id,
        version=version,
        status=PlanStatus.DRAFT,
        valid_from=None,
        fixed_by=None,
        fixed_at=None,
    )


def copied(
    plan_id: str,
    items: Sequence[PlanItem],
    indicators: Sequence[Indicator],
    new_id: Callable[[], str],
) -> tuple[list[PlanItem], list[Indicator]]:
    """Promise: the content of a plan for its next version; each row names the one it continues."""
    ids: Mapping[str, str] = {item.id: new_id() for item in items}
    rows = [
        replace(item, id=ids[item.id], plan_id=plan_id, origin_item_id=item.id) for item in items
    ]
    measures = [
        replace(one, id=new_id(), item_id=ids[one.item_id], origin_indicator_id=one.id)
        for one in indicators
    ]
    return rows, measures


def _agreed(revision: PlanRevision, today: date) -> PlanRevision:
    return replace(
        revision,
        state=RevisionState.AGREED,
        agreed_on=today,
        valid_from=max(revision.valid_from, today),
    )


def _signed(revision: PlanRevision, side: Side, by: Signature) -> PlanRevision:
    own = by.person_id == revision.person_id
    if own is not (side is Side.EMPLOYEE):
        raise NotEntitled("sign", by.person_id, f"the {side.value} signs")
    if side is Side.EMPLOYEE:
        return replace(revision, employee_signed_at=by.at)
    return replace(
        revision,
        rater_signed_by=by.person_id,
        on_behalf_of=by.on_behalf_of,
        rater_signed_at=by.at,
    )


def _other(side: Side) -> Side:
    return Side.RATER if side is Side.EMPLOYEE else Side.EMPLOYEE


def _require(revision: PlanRevision, act: str, state: RevisionState) -> None:
    if revision.state is not state:
        raise TransitionRefused("revision", revision.state, act)
