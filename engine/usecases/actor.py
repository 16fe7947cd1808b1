"""Who acts, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What kind of actor stands behind an act."""

    #: a signed-in human
    PERSON = "person"
    #: the engine itself, on behalf of the recorded human who caused the step
    SYSTEM = "system"
    #: an API client with rights of its own
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The actor of a command; four-eyes rules look at `human`."""

    kind: ActorKind
    #: account name that appears in audit and history; a person's id for a human
    name: str
    #: the person, None for the system or a client without one
    person_id: str | None = None
    #: the person a substitute acts for, or the human behind an automatic step
    on_behalf_of: str | None = None
    #: candidate groups held today, such as "perf_admin", "process_owner", "hr"
    groups: frozenset[str] = frozenset()
    #: the agency whose rows this actor may read; None reads no agency's rows
    agency_id: str | None = None
    #: types of external jobs that a service account may do, whatever its groups; "*" is all
    job_types: frozenset[str] = frozenset()

    @property
    def human(self) -> str | None:
        """The recorded human: the person, or the one the system acts on behalf of."""
        return self.person_id if self.kind is ActorKind.PERSON else self.on_behalf_of

    def acting_for(self, person_id: str) -> Actor:
        """The same actor, recorded as "B for A" (Plt/Plh, leave substitution)."""
        return Actor(
            kind=self.kind,
            name=self.name,
            person_id=self.person_id,
            on_behalf_of=person_id,
            groups=self.groups,
            agency_id=self.agency_id,
            job_types=self.job_types,
        )


def system(on_behalf_of: str | None = None) -> Actor:
    """The engine as actor of an automatic step, on behalf of the human who caused it."""
    return Actor(kind=ActorKind.SYSTEM, name="system", on_behalf_of=on_behalf_of)
