"""What may go into a release: drafts that belong together, or an earlier version brought back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.tabling import laid_out, published

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from engine.usecases.file_versions import FileVersion
    from engine.usecases.ports.drafts import StudioDraft
    from engine.usecases.ports.releases import ReleaseFile
    from engine.usecases.ports.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One file that may go into a release."""

    subject: Subject
    resource_name: str
    content: bytes
    #: state of the draft; "" for what an earlier version held
    mark: str = ""
    #: version in force; None: there is none yet
    base_key: int | None = None
    #: another version came into force since it was drawn
    behind: bool = False
    saved_by: str = ""
    saved_at: datetime | None = None

    @property
    def draft_id(self) -> str:
        """Of its mark."""
        return self.mark.partition(".")[0]

    @property
    def name(self) -> str:
        """What tells it from the others of its release, on a page."""
        return f"{self.subject.kind.value}:{self.subject.id}"


def candidates(uow: UnitOfWork, subject: Subject) -> Sequence[Candidate]:
    """Drafts on the table: of the subject, and of what a drawing names; the subject's is first.

    `NotFound` for a subject that has neither a draft nor a version.
    """
    if subject.kind is DraftKind.PROCESS:
        found = [(one, laid.draft) for one, laid in laid_out(uow, subject.id)]
    else:
        found = [(subject, uow.drafts.current(subject))]
        if found[0][1] is None and published(uow, subject) is None:
            raise NotFound(subject.kind.value, subject.id)
    return [_of_draft(uow, one, draft) for one, draft in found if draft is not None]


def held_then(uow: UnitOfWork, row: FileVersion) -> Sequence[Candidate]:
    """An earlier version's file; of a drawing also forms and decisions that it had, others now."""
    then = _earlier(uow, row.subject, row.resource_name, row.content)
    return [then, *_companions(uow, row)] if row.subject.kind is DraftKind.PROCESS else [then]


def chosen(found: Sequence[Candidate], names: Collection[str]) -> Sequence[Candidate]:
    """Those that are named; `InputRefused` for none, `Conflict` for one that moved or is gone.

    A name is "kind:id", or "kind:id@mark" for a draft in one state.
    """
    known = {one.name: one for one in found}
    taken = []
    for text in dict.fromkeys(names):
        name, _, mark = text.partition("@")
        one = known.get(name)
        if one is None or (mark and one.mark != mark):
            raise Conflict("release_draft_moved", name=name)
        taken.append(one)
    if not taken:
        text = "choose what is published"
        raise InputRefused(FieldFault(field="items", code="release_items", message=text))
    return taken


def moved_since(uow: UnitOfWork, files: Iterable[ReleaseFile]) -> Sequence[Subject]:
    """What of a release was published otherwise since it was proposed."""
    return [one.subject for one in files if _base(uow, one.subject) != one.base_key]


def digest(files: Iterable[Candidate]) -> str:
    """One hash over all files, their names and order."""
    whole = hashlib.sha256()
    for one in files:
        for part in (one.name.encode(), one.resource_name.encode(), one.content):
            whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def _of_draft(uow: UnitOfWork, subject: Subject, draft: StudioDraft) -> Candidate:
    found = published(uow, subject)
    base = found[2] if found else None
    return Candidate(
        subject=subject,
        resource_name=found[0] if found else subject.id + subject.kind.ending,
        content=draft.content,
        mark=draft.mark,
        base_key=base,
        behind=base is not None and draft.base_key is not None and draft.base_key != base,
        saved_by=draft.saved_by,
        saved_at=draft.saved_at,
    )


def _companions(uow: UnitOfWork, row: FileVersion) -> Iterator[Candidate]:
    for one in uow.drafts.nameable():
        if one.kind == "process" or f'"{one.id}"'.encode() not in row.content:
            continue
        subject = Subject(DraftKind(one.kind), one.id)
        then = _as_then(uow, subject, row.deployment_key)
        now = published(uow, subject)
        if then is not None and now is not None and then[1] != now[1]:
            yield _earlier(uow, subject, *then)


def _as_then(uow: UnitOfWork, subject: Subject, deployment_key: int) -> tuple[str, bytes] | None:
    if subject.kind is DraftKind.FORM:
        form = uow.processes.deployed_form(subject.id, deployment_key)
        return (form.resource_name, form.schema) if form else None
    rows = uow.processes.decisions(subject.id)
    row = next((one for one in rows if one.deployment_key <= deployment_key), None)
    return (row.resource_name, row.xml) if row else None


def _earlier(uow: UnitOfWork, subject: Subject, resource_name: str, content: bytes) -> Candidate:
    return Candidate(
        subject=subject,
        resource_name=resource_name,
        content=content,
        base_key=_base(uow, subject),
    )


def _base(uow: UnitOfWork, subject: Subject) -> int | None:
    found = published(uow, subject)
    return found[2] if found else None
