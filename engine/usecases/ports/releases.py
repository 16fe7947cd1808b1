"""Releases as they are kept, and the questions that a review asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from engine.domain.releases import ReleaseState, Running
from engine.usecases.ports.drafts import DraftKind, Subject

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.process import Json, UserTaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What one person proposes to publish, and what became of it."""

    #: UUIDv7 text
    id: str
    #: the subject from whose page it was proposed
    kind: DraftKind
    subject_id: str
    agency_id: str | None
    state: ReleaseState = ReleaseState.IN_REVIEW
    #: account
    proposed_by: str
    proposed_at: datetime
    reason: str
    running: Running = Running.STAY
    #: source (key), elements, anew, ask_people; None: nothing moves
    plan: Mapping[str, Json] | None = None
    #: only undertakings of these units take the new version; None: all do
    pilot_units: tuple[str, ...] | None = None
    #: why scenarios that fail are passed over
    override_reason: str | None = None
    #: what was found when it was proposed
    facts: Mapping[str, Json] = field(default_factory=dict)
    #: of all files, in their order
    sha256: str
    #: the earlier version that it brings back
    back_to: int | None = None
    #: published at once by one person
    urgent: bool = False
    decided_by: str | None = None
    decided_at: datetime | None = None
    #: what the reviewer said
    words: str | None = None
    deployment_key: int | None = None
    #: the operation that moves what runs
    batch_key: int | None = None

    @property
    def subject(self) -> Subject:
        """The subject from whose page it was proposed."""
        return Subject(self.kind, self.subject_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFile:
    """One file of a release, as it was when it was proposed."""

    release_id: str
    kind: DraftKind
    subject_id: str
    resource_name: str
    content: bytes
    sha256: str
    #: version that was in force then; None: there was none
    base_key: int | None
    #: state of the draft that it came from; "" for an earlier version brought back
    mark: str = ""

    @property
    def subject(self) -> Subject:
        """What it is of."""
        return Subject(self.kind, self.subject_id)


#: process id -> elements of it; None: all of them
Places: TypeAlias = "Mapping[str, Collection[str] | None]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Open tasks at elements of processes."""

    tasks: int
    #: persons who hold one
    people: int


class ReleaseStore(Protocol):
    """Part of the unit of work."""

    def add(self, row: Release, files: Sequence[ReleaseFile], authors: Collection[str]) -> None:
        """Keep a release; `Conflict` when another of its subject is in review."""
        ...

    def release(self, release_id: str, *, lock: bool = False) -> Release | None:
        """One by id."""
        ...

    def put(self, row: Release) -> None:
        """Write its end; `Conflict` where the database refuses it."""
        ...

    def files(self, release_id: str) -> Sequence[ReleaseFile]:
        """Its files, drawings first."""
        ...

    def authors(self, release_id: str) -> frozenset[str]:
        """Accounts that saved a draft in it."""
        ...

    def releases(
        self,
        agency_id: str | None,
        *,
        states: Collection[ReleaseState] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> Sequence[Release]:
        """An agency's releases, newest first, keyset paged by id."""
        ...

    def first_proposers(self, agency_id: str | None) -> Mapping[Subject, str]:
        """Account that first proposed each subject which an agency ever released; one statement."""
        ...

    def of_subject(self, subject: Subject, limit: int = 50) -> Sequence[Release]:
        """Releases that were proposed from a subject's page or hold a file of it, newest first."""
        ...

    def naming(self, subjects: Collection[Subject]) -> Sequence[Release]:
        """Releases in review that hold a file of one of these."""
        ...

    def draft_authors(self, draft_ids: Collection[str]) -> frozenset[str]:
        """Accounts that ever saved one of these drafts."""
        ...

    def standing(self, agency_id: str | None, places: Places) -> Standing:
        """Open tasks at these places, counted; one statement."""
        ...

    def tasks(self, agency_id: str | None, places: Places, *, limit: int) -> Sequence[UserTaskRow]:
        """Open tasks at these places, earliest due first; one statement."""
        ...

    def open_in(self, root_keys: Collection[int]) -> Sequence[UserTaskRow]:
        """Open tasks in these trees, by key; one statement."""
        ...

    def running(self, agency_id: str | None, process_ids: Collection[str]) -> Mapping[str, int]:
        """Undertakings that live, by process; one statement."""
        ...
