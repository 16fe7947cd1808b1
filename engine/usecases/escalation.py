"""Who is asked next when somebody in office was silent (crediting.md 0.6)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.domain import attestation
from engine.domain.claims import AttestDecision
from engine.domain.errors import NobodyFound
from engine.domain.impartial import Act
from engine.domain.organisation import Official
from engine.domain.silences import Waiting, still_to_ask

if TYPE_CHECKING:
    from engine.domain.attestation import Line
    from engine.domain.claims import Claim
    from engine.domain.outputs import Output
    from engine.domain.squads import Membership
    from engine.usecases.organisation import Standing


def acceptor(standing: Standing, output: Output) -> Official | None:
    """Who takes an output: the sponsor, past silent ones the next above; never who handed over."""
    chain = tuple(o for o in _sponsors(standing, output) if o.person_id != output.delivered_by)
    return _first(standing, output, Waiting.ACCEPT, chain)


def allocator(standing: Standing, output: Output) -> Official | None:
    """Who shares out a remainder: the sponsor, past silent ones the next above; no member."""
    members = {line.person_id for line in standing.uow.contributions.share_lines(output.id)}
    chain = tuple(o for o in _sponsors(standing, output) if o.person_id not in members)
    return _first(standing, output, Waiting.ALLOCATE, chain)


def past_attester(standing: Standing, output: Output, person_id: str) -> Official | None:
    """Who attests past the first attester and past everybody who was silent since.

    Where nobody stands above, it stays with the last one.
    """
    line = standing.line(output, person_id)
    try:
        first = attestation.attester(line)
    except NobodyFound:
        return None
    chain = _above(line, first)
    silent = standing.uow.credits.silences(output.id, Waiting.ATTEST, person_id)
    left, _ = still_to_ask(chain, silent)
    try:
        return attestation.attester(
            replace(line, sponsor=left[0], above_sponsor=left[1:]), past_lead=True
        )
    except NobodyFound:
        return first


def cosigner(standing: Standing, output: Output, claim: Claim) -> Official | None:
    """Who gives the second signature: the sponsor; past who attested and who was silent."""
    made = [
        row
        for row in standing.uow.contributions.attestations(output.id)
        if row.claim_id == claim.id and row.decision is not AttestDecision.RETURN
    ]
    act = Act(actor_id=claim.person_id)
    if made:
        act = Act(actor_id=made[-1].attester_id, on_behalf_of=made[-1].on_behalf_of)
    line = standing.line(output, claim.person_id)
    silent = standing.uow.credits.silences(output.id, Waiting.COSIGN, claim.person_id)
    chain = tuple(
        official
        for official in (line.sponsor, *line.above_sponsor)
        if _office(official) not in (act.actor_id, act.on_behalf_of)
    )
    left, _ = still_to_ask(chain, silent)
    if not left:
        return None
    try:
        return attestation.cosigner(replace(line, sponsor=left[0], above_sponsor=left[1:]), act)
    except NobodyFound:
        return None


def consent_decider(
    standing: Standing, row: Membership, output_id: str | None = None
) -> Official | None:
    """The nearest above home and host; while an output waits, past who was silent about it."""
    first = standing.consent_decider(row)
    if first is None or output_id is None:
        return first
    silent = standing.uow.credits.silences(output_id, Waiting.CONSENT, row.id)
    above = standing.superiors(first.on_behalf_of or first.person_id)
    left, _ = still_to_ask((first, *above), silent)
    return left[0]


def _first(
    standing: Standing, output: Output, act: Waiting, chain: tuple[Official, ...]
) -> Official | None:
    left, _ = still_to_ask(chain, standing.uow.credits.silences(output.id, act))
    return left[0] if left else None


def _sponsors(standing: Standing, output: Output) -> tuple[Official, ...]:
    sponsor = standing.squad(output.squad_id).sponsor_id
    return (Official(person_id=sponsor), *standing.superiors(sponsor))


def _above(line: Line, first: Official) -> tuple[Official, ...]:
    """Offices above one; above the ketua stands the sponsor, above the last nobody else."""
    chain = (line.sponsor, *line.above_sponsor)
    offices = [_office(official) for official in chain]
    here = _office(first)
    if here not in offices:
        return chain
    return chain[offices.index(here) + 1 :] or chain[offices.index(here) :]


def _office(official: Official) -> str:
    return official.on_behalf_of or official.person_id
