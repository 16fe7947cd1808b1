"""Releases as pages and clients read them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled
from engine.domain.releases import ReleaseState, check_reviewer
from engine.usecases.errors import NotFound
from engine.usecases.release_contents import Candidate, moved_since
from engine.usecases.release_outlook import Ask, Choice, Outlook, look_ahead
from engine.usecases.rights import may, require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.drafts import Subject
    from engine.usecases.ports.releases import Release, ReleaseFile
    from engine.usecases.ports.work import House, UnitOfWork

READ: Final = "definition:read"
REVIEW: Final = "definition:review"
PAGE_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A release as its page shows it."""

    release: Release
    files: Sequence[ReleaseFile]
    authors: frozenset[str]
    #: what was published otherwise since it was proposed
    moved: Sequence[Subject]
    #: rule that keeps the reader from deciding about it; "" when he may
    barred: str
    #: what it would do now; None once it ended
    outlook: Outlook | None = None


def releases(
    house: House,
    actor: Actor,
    *,
    states: Sequence[ReleaseState] = (),
    before: str | None = None,
    limit: int = 50,
) -> Sequence[Release]:
    """The agency's releases, newest first."""
    require(actor, READ)
    with house.reading() as uow:
        limit = min(limit, PAGE_MAX + 1)
        return uow.releases.releases(actor.agency_id, states=states, before=before, limit=limit)


def kept(house: House, actor: Actor, release_id: str) -> Review:
    """A release with its files, as it was proposed; `NotFound` for another agency's."""
    require(actor, READ, release_id)
    with house.reading() as uow:
        return _kept(uow, actor, release_id)


def review(house: House, actor: Actor, release_id: str, ask: Ask | None = None) -> Review:
    """The same; while it waits, with what it would do now."""
    require(actor, READ, release_id)
    with house.reading() as uow:
        found = _kept(uow, actor, release_id)
        if found.moved or found.release.state is not ReleaseState.IN_REVIEW:
            return found
        return replace(found, outlook=_now(house, uow, actor, found, ask))


def _kept(uow: UnitOfWork, actor: Actor, release_id: str) -> Review:
    row = mine(uow, actor, release_id)
    files, authors = uow.releases.files(row.id), uow.releases.authors(row.id)
    waits = row.state is ReleaseState.IN_REVIEW
    return Review(
        release=row,
        files=files,
        authors=authors,
        moved=moved_since(uow, files) if waits else (),
        barred=_barred(actor, row, authors),
    )


def published_releases(house: House, actor: Actor, subject: Subject) -> Mapping[int, Release]:
    """Releases of a subject that were published, by deployment key."""
    require(actor, READ, subject.id)
    with house.reading() as uow:
        rows = uow.releases.of_subject(subject, PAGE_MAX)
    return {
        row.deployment_key: row
        for row in rows
        if row.deployment_key is not None and same_agency(actor, row.agency_id)
    }


def choice_of(row: Release) -> Choice:
    """What was chosen when it was proposed."""
    plan = row.plan or {}
    return Choice(
        running=row.running,
        elements=dict(plan["elements"]) if plan else None,
        anew=frozenset(plan.get("anew", ())),
        ask_people=bool(plan.get("ask_people")),
        units=row.pilot_units,
    )


def _now(house: House, uow: UnitOfWork, actor: Actor, kept: Review, ask: Ask | None) -> Outlook:
    files = [
        Candidate(
            subject=one.subject,
            resource_name=one.resource_name,
            content=one.content,
            mark=one.mark,
            base_key=one.base_key,
        )
        for one in kept.files
    ]
    return look_ahead(house, uow, actor, files, choice_of(kept.release), ask)


def _barred(actor: Actor, row: Release, authors: frozenset[str]) -> str:
    if not may(actor, REVIEW):
        return "release_no_right"
    try:
        check_reviewer(names_of(actor), row.proposed_by, authors)
    except NotEntitled as barred:
        return barred.reason
    return ""


def mine(uow: UnitOfWork, actor: Actor, release_id: str, *, lock: bool = False) -> Release:
    """One release; `NotFound` for another agency's."""
    row = uow.releases.release(release_id, lock=lock)
    if row is None or not same_agency(actor, row.agency_id):
        raise NotFound("release", release_id)
    return row


def names_of(actor: Actor) -> frozenset[str]:
    """Every name under which somebody acts."""
    names = (actor.name, actor.person_id, actor.on_behalf_of)
    return frozenset(name for name in names if name is not None)
