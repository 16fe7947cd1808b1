"""What a claim begins with: what was claimed before, else what was planned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.claims import ClaimState, Degree
from engine.domain.contribution_types import offered
from engine.domain.squads import Membership, Squad, SquadRole

if TYPE_CHECKING:
    from engine.domain.outputs import Output
    from engine.usecases.ports.work import UnitOfWork

#: kind of a claim that nobody wrote: running the work
FALLBACK_TYPE: Final = "administration"
#: kind that is proposed to a member who claims for the first time
_MEMBER_TYPE: Final = "drafting"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    """Share, kind and degree that the form shows and that one tap takes."""

    claimed_bp: int
    contribution_type: str
    degree: Degree
    note: str
    link: str
    #: whether the member claimed before
    again: bool


def claim_draft(uow: UnitOfWork, output: Output, person_id: str) -> ClaimDraft | None:
    """The member's own earlier claim, else the expected share; None for who is no member."""
    lines = uow.contributions.share_lines(output.id)
    line = next((row for row in lines if row.person_id == person_id), None)
    if line is None:
        return None
    member = uow.contributions.get(Membership, line.membership_id)
    leads = member is not None and member.role is SquadRole.KETUA
    stored = uow.contributions.claim_of(output.id, person_id)
    if stored is not None and stored.claimed_bp and stored.state is not ClaimState.LAPSED:
        links = [proof.link for proof in uow.contributions.evidence(claim_id=stored.id)]
        return ClaimDraft(
            claimed_bp=stored.claimed_bp,
            contribution_type=_offered(uow, output, stored.contribution_type),
            degree=stored.degree,
            note=stored.note,
            link=next((link for link in reversed(links) if link), ""),
            again=True,
        )
    return ClaimDraft(
        claimed_bp=line.expected_bp,
        contribution_type=_offered(uow, output, FALLBACK_TYPE if leads else _MEMBER_TYPE),
        degree=Degree.LEAD if leads else Degree.EQUAL,
        note="",
        link="",
        again=False,
    )


def _offered(uow: UnitOfWork, output: Output, code: str) -> str:
    """The kind, or the first that the host agency still offers."""
    squad = uow.contributions.get(Squad, output.squad_id)
    kinds = offered(uow.credits.types(squad.host_agency_id if squad else ""))
    codes = [kind.code for kind in kinds]
    return code if code in codes or not codes else codes[0]
