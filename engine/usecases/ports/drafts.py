"""Drawings on the table: what process owners drew and did not publish yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessDraft:
    """A drawing that is not published; of each process one is on the table."""

    #: UUIDv7 text
    id: str
    process_id: str
    #: counts the times that it was saved, from 1
    revision: int
    #: definition it was drawn from; None: from nothing
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameable:
    """What a drawing may name: a deployed form, decision or process, as its newest version."""

    #: "form", "decision" or "process"
    kind: str
    id: str
    #: as drawn; a form has none
    name: str
    #: form-js JSON of a form
    schema: bytes = b""


class DraftStore(Protocol):
    """Part of the unit of work."""

    def current(self, process_id: str) -> ProcessDraft | None:
        """The draft on the table."""
        ...

    def draft(self, draft_id: str) -> ProcessDraft | None:
        """One by id, on the table or beside it."""
        ...

    def beside(self, process_id: str) -> Sequence[ProcessDraft]:
        """Drafts that were put aside, newest first."""
        ...

    def add(self, row: ProcessDraft) -> None:
        """Keep a new draft; `Conflict` when another one is on the table."""
        ...

    def put(self, row: ProcessDraft) -> None:
        """Write a draft again; `Conflict` when it is gone."""
        ...

    def drop(self, draft_id: str) -> None:
        """Forget a draft."""
        ...

    def nameable(self) -> Sequence[Nameable]:
        """All that a drawing may name, by kind and id; a constant number of statements."""
        ...
