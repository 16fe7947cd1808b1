"""What process owners drew or wrote and did not publish yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class DraftKind(StrEnum):
    """What a draft becomes when it is published."""

    PROCESS = "process"
    DECISION = "decision"
    FORM = "form"
    #: scenarios of a process, one file
    SCENARIOS = "scenarios"

    @property
    def ending(self) -> str:
        """How the name of a file of it ends."""
        return _ENDINGS[self]


_ENDINGS: Final = {
    DraftKind.PROCESS: ".bpmn",
    DraftKind.DECISION: ".dmn",
    DraftKind.FORM: ".form",
    DraftKind.SCENARIOS: ".scenarios.yaml",
}


class Subject(NamedTuple):
    """What a draft is of."""

    kind: DraftKind
    #: id of the process, the decision or the form; scenarios bear that of their process
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioDraft:
    """A text that is not published; of each subject one is on the table."""

    #: UUIDv7 text
    id: str
    kind: DraftKind
    subject_id: str
    #: counts the times that it was saved, from 1
    revision: int
    #: version it was drawn from; None: from nothing
    base_key: int | None
    content: bytes
    #: account that saved it last
    saved_by: str
    saved_at: datetime
    #: kept beside: another drawing took its place on the table
    aside: bool = False

    @property
    def mark(self) -> str:
        """What tells this state of the draft from every other one."""
        return f"{self.id}.{self.revision}"

    @property
    def subject(self) -> Subject:
        """What it is of."""
        return Subject(self.kind, self.subject_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameable:
    """What a drawing may name: a form, decision or process as its newest version or its draft."""

    #: "form", "decision" or "process"
    kind: str
    id: str
    #: as drawn; a form has none
    name: str
    #: form-js JSON of a form
    schema: bytes = b""


class DraftStore(Protocol):
    """Part of the unit of work."""

    def current(self, subject: Subject) -> StudioDraft | None:
        """The draft on the table."""
        ...

    def standing(self) -> Sequence[StudioDraft]:
        """Every draft on a table, by kind and subject, without its content."""
        ...

    def texts(self) -> Mapping[Subject, bytes]:
        """What every draft on a table holds; one statement."""
        ...

    def draft(self, draft_id: str) -> StudioDraft | None:
        """One by id, on the table or beside it."""
        ...

    def beside(self, subject: Subject) -> Sequence[StudioDraft]:
        """Drafts that were put aside, newest first."""
        ...

    def add(self, row: StudioDraft) -> None:
        """Keep a new draft; `Conflict` when another one is on the table."""
        ...

    def put(self, row: StudioDraft) -> None:
        """Write a draft again; `Conflict` when it is gone."""
        ...

    def drop(self, draft_id: str) -> None:
        """Forget a draft."""
        ...

    def nameable(self) -> Sequence[Nameable]:
        """What is deployed and may be named, by kind and id; a constant number of statements."""
        ...

    def drafted(self) -> Sequence[Nameable]:
        """The same of drafts on a table; they have no name. One statement."""
        ...
