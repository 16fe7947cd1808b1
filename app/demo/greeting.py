"""Whom somebody may sign in as who looks at the demo: one of each role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases.rights import PROCESS_OWNER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.demo.roster import Roster

#: what the demo calls a group
ROLES: Final = {
    "process_owner": "pemilik proses",
    "perf_admin": "pengelola kinerja",
    "hr": "kepegawaian",
    "auditor": "auditor",
}


def roles_to_try(roster: Roster) -> Sequence[tuple[str, str]]:
    """Login and role, each person once; both process owners, since a release takes two of them."""
    shown: dict[str, str] = {}
    for person, role in _roles(roster):
        shown.setdefault(person, role)
    return [(roster.nips[person], role) for person, role in shown.items()]


def _roles(roster: Roster) -> Iterator[tuple[str, str]]:
    for group, role in ROLES.items():
        held = roster.groups.get(group, ())
        for person in held[:2] if group == PROCESS_OWNER else held[:1]:
            yield person, role
    for team in roster.teams[:1]:
        yield team.sponsor, "sponsor tim kerja"
        yield team.lead, "ketua tim kerja"
    for office in roster.offices[:1]:
        yield office.head, "kepala unit"
        for person in office.free[:1]:
            yield person, "pegawai"
