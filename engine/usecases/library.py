"""The library: every process, decision and form, where it stands, and what comes in or goes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.releases import ReleaseState
from engine.usecases.book_names import book_names
from engine.usecases.drafting import DRAFT_BYTES_MAX, RIGHT, SaveDraft, save_draft
from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.rights import may, require
from engine.usecases.tabling import published

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.drafts import StudioDraft
    from engine.usecases.ports.library import Published
    from engine.usecases.ports.process import Resource
    from engine.usecases.ports.scenarios import TrialRow
    from engine.usecases.ports.work import House, UnitOfWork

#: releases in review that are looked through
_REVIEWS_MAX: Final = 500


class BookState(StrEnum):
    """Where a subject stands; who may only read sees what is published."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One process, decision or form."""

    subject: Subject
    name: str
    state: BookState
    #: newest version; None: it was never published
    version: int | None
    versions: int
    #: live instances of all versions
    running: int
    #: when and by which account it changed last, as a draft or as a version
    changed_at: datetime
    changed_by: str
    #: account that answers for it: who first proposed it, else who drew it; "": the process owners
    owner: str
    #: how its scenarios went last; None: never played, or no process
    trial: TrialRow | None


class Fate(StrEnum):
    """What became of a file that came in."""

    BEGUN = "begun"
    #: it is the draft now; the one before is kept beside
    REPLACED = "replaced"
    #: a draft of something that is published
    DRAFTED = "drafted"
    #: the same is published or on the table already
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """One file that came in."""

    resource_name: str
    subject: Subject | None
    fate: Fate
    #: why it was refused, as a code: "unknown", "size", "kept_beside_too_many"
    code: str = ""


def library(house: House, actor: Actor) -> Sequence[Book]:
    """All of it, by kind and id; a constant number of statements. `AccessRefused`."""
    require(actor, "definition:read")
    draws = may(actor, RIGHT)
    with house.reading() as uow:
        known = {one.subject: one for one in uow.library.published()}
        names = book_names(uow, drafts=draws)
        owners = uow.releases.first_proposers(actor.agency_id)
        drafts = {row.subject: row for row in uow.drafts.standing()} if draws else {}
        reviewed = _in_review(uow, actor) if draws else frozenset()
        counts = uow.search.running(actor.agency_id).instances
        trials = {row.process_id: row for row in uow.scenarios.trials()}
    running: dict[str, int] = {}
    for (process_id, _key), count in counts.items():
        running[process_id] = running.get(process_id, 0) + count
    subjects = sorted({one for one in (*known, *drafts) if one.kind is not DraftKind.SCENARIOS})
    return [
        replace(
            _book(one, known.get(one), drafts.get(one), reviewed, running, trials),
            name=_name(one, known.get(one), names),
            owner=owners.get(one) or _drew(known.get(one), drafts.get(one)),
        )
        for one in subjects
    ]


def _name(subject: Subject, known: Published | None, names: Mapping[Subject, str]) -> str:
    return (known.name if known else "") or names.get(subject, "") or subject.id


def _drew(known: Published | None, draft: StudioDraft | None) -> str:
    """Who began what was never proposed; of what came with Regu nobody."""
    return draft.saved_by if draft is not None and known is None else ""


def _in_review(uow: UnitOfWork, actor: Actor) -> frozenset[Subject]:
    rows = uow.releases.releases(
        actor.agency_id, states={ReleaseState.IN_REVIEW}, limit=_REVIEWS_MAX
    )
    return frozenset(row.subject for row in rows)


def _book(
    subject: Subject,
    known: Published | None,
    draft: StudioDraft | None,
    reviewed: frozenset[Subject],
    running: Mapping[str, int],
    trials: Mapping[str, TrialRow],
) -> Book:
    is_process = subject.kind is DraftKind.PROCESS
    changes = [(known.deployed_at, known.deployed_by)] if known else []
    changes += [(draft.saved_at, draft.saved_by)] if draft else []
    at, by = max(changes)
    state = BookState.DRAFT if draft else BookState.PUBLISHED
    return Book(
        subject=subject,
        name=subject.id,
        owner="",
        state=BookState.IN_REVIEW if subject in reviewed else state,
        version=known.version if known else None,
        versions=known.versions if known else 0,
        running=running.get(subject.id, 0) if is_process else 0,
        changed_at=at,
        changed_by=by,
        trial=trials.get(subject.id) if is_process else None,
    )


def bring_in(house: House, actor: Actor, files: Iterable[Resource]) -> Sequence[Brought]:
    """Each file becomes the draft of what it holds; what was drafted before is kept beside.

    Nothing is published. `AccessRefused`.
    """
    require(actor, RIGHT)
    return [_brought(house, actor, one) for one in files]


def _brought(house: House, actor: Actor, file: Resource) -> Brought:
    subject = house.runner.subject_of(file) or _scenarios(house, file)
    if subject is None:
        return Brought(resource_name=file.name, subject=None, fate=Fate.REFUSED, code="unknown")
    with house.reading() as uow:
        standing, held = uow.drafts.current(subject), published(uow, subject)
    told = standing.content if standing else held[1] if held else None
    if told == file.content:
        return Brought(resource_name=file.name, subject=subject, fate=Fate.SAME)
    fate = Fate.REPLACED if standing else Fate.DRAFTED if held else Fate.BEGUN
    command = SaveDraft(
        subject=subject,
        content=file.content,
        base_key=held[2] if held else None,
        expected=standing.mark if standing else "",
        keeps_standing=standing is not None,
    )
    try:
        save_draft(house, actor, command)
    except InputRefused:
        return Brought(resource_name=file.name, subject=subject, fate=Fate.REFUSED, code="size")
    except Conflict as conflict:
        return Brought(
            resource_name=file.name, subject=subject, fate=Fate.REFUSED, code=str(conflict)
        )
    return Brought(resource_name=file.name, subject=subject, fate=fate)


def _scenarios(house: House, file: Resource) -> Subject | None:
    if house.scenarios is None or len(file.content) > DRAFT_BYTES_MAX:
        return None
    process_id = house.scenarios.process_of(file)
    return None if process_id is None else Subject(DraftKind.SCENARIOS, process_id)


def take_out(
    house: House, actor: Actor, subjects: Iterable[Subject], *, drafts: bool = False
) -> Iterator[tuple[Subject, str, bytes]]:
    """File by file: subject, name of the file, content; scenarios go with their process.

    Of what has no published version, or with `drafts` of all that has one, the draft goes out
    where the actor may see it. What is not there is left out. `AccessRefused`.
    """
    require(actor, "definition:read")
    sees = may(actor, RIGHT)
    for subject in subjects:
        wanted = [subject]
        if subject.kind is DraftKind.PROCESS:
            wanted.append(Subject(DraftKind.SCENARIOS, subject.id))
        for one in wanted:
            found = _content(house, one, sees=sees, prefers_draft=drafts)
            if found is not None:
                yield one, *found


def _content(
    house: House, subject: Subject, *, sees: bool, prefers_draft: bool
) -> tuple[str, bytes] | None:
    with house.reading() as uow:
        held = published(uow, subject)
        draft = uow.drafts.current(subject) if sees else None
    if draft is not None and (prefers_draft or held is None):
        return (held[0] if held else subject.id + subject.kind.ending), draft.content
    return None if held is None else (held[0], held[1])
