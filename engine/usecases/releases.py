"""Releases: proposed by one person, looked at by another, published whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled
from engine.domain.releases import (
    ReleaseState,
    Running,
    check_choice,
    check_open,
    check_reviewer,
    check_words,
)
from engine.usecases import audit_tags, release_telling
from engine.usecases.audit import note
from engine.usecases.definition_acts import check_units
from engine.usecases.drafting import RIGHT as DRAW
from engine.usecases.errors import Conflict, DrawingRefused, Finding, NotFound
from engine.usecases.file_versions import version_of
from engine.usecases.once import repeated
from engine.usecases.ports.releases import Release, ReleaseFile
from engine.usecases.ports.versions import MigrationRefused
from engine.usecases.release_contents import (
    Candidate,
    candidates,
    chosen,
    digest,
    held_then,
    moved_since,
)
from engine.usecases.release_outlook import (
    Ask,
    Choice,
    Outlook,
    facts_of,
    failing,
    look_ahead,
)
from engine.usecases.release_publishing import publish_within
from engine.usecases.release_views import mine, names_of
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.file_versions import FileVersion
    from engine.usecases.ports.drafts import Subject
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

REVIEW: Final = "definition:review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRelease:
    """What is to be published, why, and what becomes of what runs."""

    subject: Subject
    #: names of candidates, "kind:id" or "kind:id@mark"; empty: all of them
    items: tuple[str, ...] = ()
    reason: str = ""
    choice: Choice = field(default_factory=Choice)
    override_reason: str | None = None
    #: key of the version that comes back; None: drafts are published
    back_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What may be proposed, and what it would do."""

    candidates: Sequence[Candidate]
    taken: Sequence[Candidate]
    outlook: Outlook
    #: the version that comes back
    back_to: FileVersion | None = None
    #: release of the same subject that is in review
    pending: Release | None = None
    #: how many others may look it over
    reviewers: int = 0


# ---- proposing


def prepare(
    house: House, actor: Actor, command: ProposeRelease, ask: Ask | None = None
) -> Proposal:
    """What a proposal would do; nothing is kept. `NotFound`, `Conflict` for a draft that moved.

    With no draft on the table there is nothing to propose: `candidates` is empty.
    """
    require(actor, DRAW, command.subject.id)
    with house.reading() as uow:
        return _prepared(house, uow, actor, command, ask)


@repeated
def propose(house: House, actor: Actor, command: ProposeRelease) -> Release:
    """Freeze what was chosen and put it before the reviewers.

    `RuleBroken` for words or choices, `DrawingRefused` for errors or for scenarios that fail
    without a reason, `MigrationRefused` for a plan with faults, `Conflict` when nothing changes,
    a draft moved, or another release of the subject waits.
    """
    require(actor, DRAW, command.subject.id)
    found, made = _weighed(house, actor, command)
    with house.writing() as uow:
        row = _kept(house, uow, actor, found, made)
        release_telling.tell_reviewers(house, uow, row)
        uow.commit()
        return row


@repeated
def bring_back(house: House, actor: Actor, command: ProposeRelease) -> Release:
    """Publish an earlier version again at once, by one person with the right, and tell the others.

    Only for what was in force before; the audit and the history say that nobody looked it over.
    """
    require(actor, REVIEW, command.subject.id)
    if command.back_to is None:
        raise Conflict("release_urgent_only_back")
    found, made = _weighed(house, actor, command, urgent=True)
    with house.writing() as uow:
        waiting = _pending(uow, command.subject)
        if waiting is not None:
            _outdated(house, uow, actor, waiting)
        row = _kept(house, uow, actor, found, made)
        files = uow.releases.files(row.id)
        row = publish_within(house, uow, actor, row, files, words=None)
        _outdate_others(house, uow, actor, row, files)
        release_telling.tell_urgent(house, uow, row)
        uow.commit()
        return row


def _weighed(
    house: House, actor: Actor, command: ProposeRelease, *, urgent: bool = False
) -> tuple[Proposal, Release]:
    """What would happen, and the release as it would be kept; reads only, for it takes a while."""
    reason = check_words(command.reason)
    override = command.override_reason
    override = check_words(override, "override_reason") if override and override.strip() else None
    found = prepare(house, actor, command)
    if found.pending is not None and not urgent:
        raise Conflict("release_waits", release=found.pending.id)
    _check(house, actor, command, found, override)
    outlook, choice = found.outlook, command.choice
    return found, Release(
        id=house.ids.uuid(),
        kind=command.subject.kind,
        subject_id=command.subject.id,
        agency_id=actor.agency_id,
        proposed_by=actor.name,
        proposed_at=house.clock.now(),
        reason=reason,
        running=choice.running,
        plan=_plan(outlook, choice),
        pilot_units=choice.units,
        override_reason=override if failing(outlook) else None,
        facts=facts_of(outlook),
        sha256=digest(found.taken),
        back_to=command.back_to,
        urgent=urgent,
    )


def _kept(house: House, uow: UnitOfWork, actor: Actor, found: Proposal, row: Release) -> Release:
    """Write it, when everything still is as it was looked at."""
    names = [one.name for one in found.taken]
    back = None if row.back_to is None else version_of(uow, row.subject, row.back_to)
    now = held_then(uow, back) if back else candidates(uow, row.subject)
    if list(chosen(now, names)) != list(found.taken):
        raise Conflict("release_draft_moved", name=row.subject_id)
    if _pending(uow, row.subject) is not None:
        raise Conflict("release_waits")
    authors = uow.releases.draft_authors({one.draft_id for one in found.taken if one.mark})
    uow.releases.add(row, [_file(row, one) for one in found.taken], authors)
    told = {"reason": row.reason, "sha256": row.sha256, "running": row.running.value}
    _note(house, uow, actor, row, audit_tags.RELEASE_PROPOSED, told)
    return row


def _pending(uow: UnitOfWork, subject: Subject) -> Release | None:
    """The release of a subject that is in review."""
    rows = uow.releases.of_subject(subject)
    open_ones = (row for row in rows if row.state is ReleaseState.IN_REVIEW)
    return next((row for row in open_ones if row.subject == subject), None)


def _prepared(
    house: House, uow: UnitOfWork, actor: Actor, command: ProposeRelease, ask: Ask | None
) -> Proposal:
    back = None
    if command.back_to is not None:
        back = version_of(uow, command.subject, command.back_to)
        found = held_then(uow, back)
    else:
        found = candidates(uow, command.subject)
    pending = _pending(uow, command.subject)
    if not found:
        empty = Outlook(findings=())
        return Proposal(candidates=(), taken=(), outlook=empty, pending=pending)
    names = command.items or [one.name for one in (found[:1] if back else found)]
    taken = chosen(found, names)
    outlook = look_ahead(house, uow, actor, taken, command.choice, ask)
    drawn = uow.releases.draft_authors({one.draft_id for one in taken if one.mark})
    others = release_telling.reviewers(house, uow, actor.agency_id, names_of(actor) | drawn)
    return Proposal(
        candidates=found,
        taken=taken,
        outlook=outlook,
        back_to=back,
        pending=pending,
        reviewers=len(others),
    )


def _check(
    house: House,
    actor: Actor,
    command: ProposeRelease,
    found: Proposal,
    override: str | None,
) -> None:
    """All that refuses a proposal, the gravest first."""
    outlook, choice = found.outlook, command.choice
    if not found.taken:
        raise NotFound("draft", command.subject.id)
    if outlook.refused:
        raise DrawingRefused(tuple(outlook.findings))
    if outlook.nothing_new:
        raise Conflict("release_nothing_new")
    failed = failing(outlook)
    if failed and override is None:
        raise DrawingRefused(tuple(_failed(name) for name in failed))
    check_choice(choice.running, pilot=choice.units is not None, follows=outlook.source is not None)
    with house.reading() as uow:
        check_units(uow, actor, choice.units or ())
    if outlook.obstacles:
        raise MigrationRefused(tuple(outlook.obstacles))


def _failed(name: str) -> Finding:
    text = f"The scenario '{name}' does not go as written."
    return Finding(severity="error", code="scenario-failed", message=text, element_name=name)


def _plan(found: Outlook, choice: Choice) -> Mapping[str, Json] | None:
    if choice.running is not Running.MIGRATE or found.plan is None:
        return None
    return {
        "source": str(found.plan.source_key),
        "elements": dict(found.plan.elements),
        "anew": sorted(found.plan.anew),
        "ask_people": found.plan.ask_people,
    }


def _file(row: Release, one: Candidate) -> ReleaseFile:
    return ReleaseFile(
        release_id=row.id,
        kind=one.subject.kind,
        subject_id=one.subject.id,
        resource_name=one.resource_name,
        content=one.content,
        sha256=digest([one]),
        base_key=one.base_key,
        mark=one.mark,
    )


# ---- deciding


@repeated
def publish(house: House, actor: Actor, release_id: str, words: str = "") -> Release:
    """Put a release into force, all of it in one transaction; by a second person.

    Gives it back `OUTDATED` (and keeps it so) when something of it was published meanwhile.
    `NotEntitled` for who proposed or drew it, `TransitionRefused` once it ended,
    `DrawingRefused`, `MigrationRefused`.
    """
    require(actor, REVIEW, release_id)
    with house.writing() as uow:
        row = _open(uow, actor, release_id, "publish")
        files = uow.releases.files(row.id)
        if moved_since(uow, files):
            row = _outdated(house, uow, actor, row)
        else:
            row = publish_within(house, uow, actor, row, files, words=words.strip() or None)
            _outdate_others(house, uow, actor, row, files)
            release_telling.tell_proposer(house, uow, row, actor)
        uow.commit()
        return row


@repeated
def give_back(house: House, actor: Actor, release_id: str, words: str) -> Release:
    """Return a release to who proposed it, with words; by a second person."""
    require(actor, REVIEW, release_id)
    said = check_words(words, "words")
    with house.writing() as uow:
        row = _open(uow, actor, release_id, "return")
        row = _ended(house, uow, actor, row, ReleaseState.RETURNED, words=said)
        _note(house, uow, actor, row, audit_tags.RELEASE_RETURNED, {"words": said})
        release_telling.tell_proposer(house, uow, row, actor)
        uow.commit()
        return row


@repeated
def withdraw(house: House, actor: Actor, release_id: str) -> Release:
    """Take one's own proposal back."""
    require(actor, DRAW, release_id)
    with house.writing() as uow:
        row = mine(uow, actor, release_id, lock=True)
        check_open(row.state, "withdraw")
        if row.proposed_by != actor.name:
            raise NotEntitled("withdraw", actor.name, "release_of_another")
        row = _ended(house, uow, actor, row, ReleaseState.WITHDRAWN)
        _note(house, uow, actor, row, audit_tags.RELEASE_WITHDRAWN, {})
        uow.commit()
        return row


def _open(uow: UnitOfWork, actor: Actor, release_id: str, act: str) -> Release:
    """The release, locked, when the actor may decide about it."""
    row = mine(uow, actor, release_id, lock=True)
    check_open(row.state, act)
    check_reviewer(names_of(actor), row.proposed_by, uow.releases.authors(row.id))
    return row


def _outdate_others(
    house: House, uow: UnitOfWork, actor: Actor, row: Release, files: Sequence[ReleaseFile]
) -> None:
    """Other proposals of what was just published must be made again."""
    for other in uow.releases.naming([one.subject for one in files]):
        if other.id != row.id and moved_since(uow, uow.releases.files(other.id)):
            _outdated(house, uow, actor, other)


def _outdated(house: House, uow: UnitOfWork, actor: Actor, row: Release) -> Release:
    row = _ended(house, uow, None, row, ReleaseState.OUTDATED)
    _note(house, uow, actor, row, audit_tags.RELEASE_OUTDATED, {})
    release_telling.tell_proposer(house, uow, row, actor)
    return row


def _ended(
    house: House,
    uow: UnitOfWork,
    actor: Actor | None,
    row: Release,
    state: ReleaseState,
    *,
    words: str | None = None,
) -> Release:
    row = replace(
        row,
        state=state,
        decided_by=actor.name if actor else None,
        decided_at=house.clock.now(),
        words=words,
    )
    uow.releases.put(row)
    return row


def _note(
    house: House,
    uow: UnitOfWork,
    actor: Actor,
    row: Release,
    act: str,
    facts: Mapping[str, Json],
) -> None:
    told = {"release": row.id, "kind": row.kind.value, "subject": row.subject_id, **facts}
    note(house, uow, actor, stream=f"release:{row.id}", act=act, facts=told)
