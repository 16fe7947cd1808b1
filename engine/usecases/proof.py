"""The proof of the books: every chain holds and every ledger balances."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.chain import verify_chain
from engine.domain.closing import period_hash
from engine.domain.invariants import (
    check_conservation,
    check_own_acts,
    check_reversals,
    check_single_lines,
)
from engine.usecases import checkpoints, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.work import House, UnitOfWork

#: what a ledger must keep whatever stands around it
_CHECKS = (check_conservation, check_single_lines, check_reversals, check_own_acts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much a proof read, so that an empty book does not pass for a sound one."""

    chains: int
    entries: int
    outputs: int
    rows: int
    #: entries that the newest checkpoint covers
    logged: int
    #: entries that no checkpoint covers yet, and when the oldest of them was recorded
    unlogged: int
    unlogged_since: datetime | None


def extent(house: House) -> Extent:
    """What `prove` reads in the whole installation."""
    with reach.everywhere(), house.reading() as uow:
        chains, entries = uow.audit.extent()
        outputs, rows = uow.contributions.ledger_extent()
        last = uow.checkpoints.last()
        unlogged, since = uow.checkpoints.unlogged_extent()
        return Extent(
            chains=chains,
            entries=entries,
            outputs=outputs,
            rows=rows,
            logged=0 if last is None else last.size,
            unlogged=unlogged,
            unlogged_since=since,
        )


def prove(house: House) -> Sequence[str]:
    """Every fault of every audit chain and every output's ledger; empty when all of it holds.

    For the operator of the installation: it reads all agencies, and says only where a chain or
    a sum breaks.
    """
    with reach.everywhere(), house.reading() as uow:
        return [fault for part in PARTS.values() for fault in part(house, uow)]


def prove_part(house: House, part: str) -> Sequence[str]:
    """As `prove`, one of `PARTS`: where one cannot be read, the others still can."""
    with reach.everywhere(), house.reading() as uow:
        return list(PARTS[part](house, uow))


def content_faults(uow: UnitOfWork) -> Iterator[str]:
    """Drawings, tables, forms and scenarios that are not what was deployed."""
    for name, content, sha256 in uow.soundness.contents():
        if hashlib.sha256(content).hexdigest() != sha256:
            yield f"{name}: it is not what was deployed"


def state_faults(house: House, uow: UnitOfWork) -> Iterator[str]:
    """Live instances whose state cannot be read or does not fit its checksum."""
    for key, state in uow.soundness.live_states():
        wrong = house.runner.state_fault(state)
        if wrong:
            yield f"instance {key}: its state cannot be read: {wrong}"


def ledger_faults(uow: UnitOfWork) -> Sequence[str]:
    """Faults of all ledgers, each with its output."""
    found = [
        f"output {output_id}: I5: a row counts by another value"
        for output_id in uow.contributions.misvalued()
    ]
    for output_id in uow.contributions.outputs_with_ledger():
        rows = uow.contributions.ledger(output_id)
        violations = [*verify_chain(rows), *(v for check in _CHECKS for v in check(rows))]
        found += [f"output {output_id}: {v.code} {v.subject}: {v.message}" for v in violations]
    return found


def seal_faults(uow: UnitOfWork) -> Sequence[str]:
    """Periods whose sealed outputs and rows no longer give the hash they were sealed with."""
    found = []
    for seal in uow.credits.seals():
        kept = set(seal.outputs)
        outputs = [o for o in uow.credits.outputs_of_period(seal.period_id) if o.id in kept]
        rows = uow.credits.posted_in(seal.period_id)
        if period_hash(outputs, rows) != seal.seal_hash or len(rows) != seal.rows:
            found.append(f"period {seal.period_id}: I8: its seal does not fit what it holds")
    return found


#: what a proof looks at, in its order
PARTS: Final[Mapping[str, Callable[[House, UnitOfWork], Iterable[str]]]] = {
    "audit": lambda _house, uow: uow.audit.verify(),
    "log": lambda house, uow: checkpoints.faults(uow, house.notary) if house.notary else (),
    "ledger": lambda _house, uow: ledger_faults(uow),
    "seals": lambda _house, uow: seal_faults(uow),
    "contents": lambda _house, uow: content_faults(uow),
    "states": state_faults,
}
