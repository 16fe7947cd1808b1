"""Squads in the making, what members and heads signed, changes of members: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.formation import Candidate, Formation
from engine.domain.joining import (
    ConsentDecision,
    HeadSignature,
    HomeResult,
    Letter,
    ShareReply,
    Signature,
    SquadChange,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.usecases.ports.workplace import Calls

#: what this store keeps
FormationEntity = (
    Formation
    | Candidate
    | Letter
    | Signature
    | HomeResult
    | ConsentDecision
    | HeadSignature
    | ShareReply
    | SquadChange
)
#: those of them that can be read by id and rewritten
FormationKept = TypeVar("FormationKept", Formation, Candidate, SquadChange)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeTime:
    """Part of full time left for home while a membership runs, as its member signed."""

    membership_id: str
    home_effort_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCount:
    """How one home superior answered requests to lend people."""

    #: the superior
    holder_id: str
    given: int
    refused: int
    silent: int
    #: of those refused or silent, how often the common superior lent the person all the same
    overruled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer:
    """Somebody who could answer a call."""

    person_id: str
    calls: Calls


class FormationStore(Protocol):
    """Squads in the making; part of the unit of work."""

    def add(self, rows: Sequence[FormationEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def put(self, row: FormationKept) -> None:
        """Write all fields of a row that exists."""
        ...

    def get(self, kind: type[FormationKept], row_id: str) -> FormationKept | None:
        """A row by id."""
        ...

    def formation_of(self, squad_id: str) -> Formation | None:
        """What a squad came of; None for an imported one."""
        ...

    def open_calls(self, agency_id: str, on: date) -> Sequence[Formation]:
        """Calls of an agency that take volunteers on a day, the soonest to close first."""
        ...

    def volunteers(self, call: Formation, *, after: str, limit: int) -> Sequence[Volunteer]:
        """Who could answer a call and wants to be told, keyset paged by person: one statement.

        Whoever holds a post on its first day, but not its sponsor, who opened it or applied.
        """
        ...

    def candidates(self, formation_id: str) -> Sequence[Candidate]:
        """Candidates of a formation in the order they came."""
        ...

    def letters(self, squad_id: str) -> Sequence[Letter]:
        """Letters of a squad, oldest first."""
        ...

    def signatures(self, membership_id: str) -> Sequence[Signature]:
        """A member's answers, oldest first."""
        ...

    def home_results(self, membership_id: str) -> Sequence[HomeResult]:
        """What becomes of home results by a member's newest answer."""
        ...

    def home_times(self, person_id: str) -> Sequence[HomeTime]:
        """Home time by each membership's newest answer, the newest answer last."""
        ...

    def consent_decisions(self, membership_id: str) -> Sequence[ConsentDecision]:
        """Decisions on lending a member: the home's first, then the common superior's."""
        ...

    def head_signatures(self, membership_id: str) -> Sequence[HeadSignature]:
        """What unit heads said to a member's load, oldest first."""
        ...

    def share_replies(self, share_plan_id: str) -> Sequence[ShareReply]:
        """What members said to a version of shares, by person."""
        ...

    def changes(self, squad_id: str) -> Sequence[SquadChange]:
        """Changes of a squad's members, oldest first."""
        ...

    def refusals(self, agency_id: str, first: date, last: date) -> Sequence[RefusalCount]:
        """Answers per home superior of an agency between two days: one statement."""
        ...
