"""What was published, subject by subject: the shelves of the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.ports.drafts import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The newest version of a process, a decision or a form."""

    subject: Subject
    #: as drawn; a form has none
    name: str
    version: int
    #: how many versions there are
    versions: int
    deployed_at: datetime
    #: account; "" where it is not kept
    deployed_by: str


class LibraryStore(Protocol):
    """Part of the unit of work."""

    def published(self) -> Sequence[Published]:
        """Everything, by kind and id; three statements."""
        ...
