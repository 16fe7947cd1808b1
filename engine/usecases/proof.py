"""The proof of the books: every chain holds and every ledger balances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.chain import verify_chain
from engine.domain.closing import period_hash
from engine.domain.invariants import (
    check_conservation,
    check_own_acts,
    check_reversals,
    check_single_lines,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def extent(house: House) -> Extent:
    """What `prove` reads in the whole installation."""
    with house.reading() as uow:
        chains, entries = uow.audit.extent()
        outputs, rows = uow.contributions.ledger_extent()
        return Extent(chains=chains, entries=entries, outputs=outputs, rows=rows)


def prove(house: House) -> Sequence[str]:
    """Every fault of every audit chain and every output's ledger; empty when all of it holds.

    For the operator of the installation: it reads all agencies, and says only where a chain or
    a sum breaks.
    """
    with house.reading() as uow:
        return (*uow.audit.verify(), *ledger_faults(uow), *seal_faults(uow))


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
