"""Having somebody work on a task for its owner, who still sends it himself.

The regulation knows stand-ins by letter (Plt, Plh), not lent signatures: what decides in
somebody's matter, or states something in one's own name, is done by who is named for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.domain.errors import Violation

#: submit operations that decide nobody's matter and state nothing in one's own name
ENTRUSTED: Final = frozenset(
    {"regu.goals.repair", "regu.goals.set", "regu.output.deliver", "regu.period.review"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """Somebody shall work on a task for its owner."""

    owner_id: str
    delegate_id: str
    #: submit operation of the task, None where it has none
    submit: str | None
    #: whom the task is about
    about_id: str | None
    #: people with another step in the same matter, and the sponsor of its squad
    parties: frozenset[str]


def check(wanted: Delegation) -> tuple[Violation, ...]:
    """What stands against it; empty when it may be."""
    found = []
    if wanted.submit is not None and wanted.submit not in ENTRUSTED:
        found.append(("delegate_decision", "its holder alone does this, or his stand-in by letter"))
    if wanted.delegate_id == wanted.owner_id:
        found.append(("delegate_self", "the task is his already"))
    elif wanted.delegate_id == wanted.about_id:
        found.append(("delegate_subject", "the task is about this person"))
    elif wanted.delegate_id in wanted.parties:
        found.append(("delegate_party", "this person has another step in the same matter"))
    return tuple(
        Violation(code=code, subject=wanted.delegate_id, message=message) for code, message in found
    )
