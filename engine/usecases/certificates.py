"""Checking a certificate of contribution, and the list of a person's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.certificates import CertificateStatus, read_code, status
from engine.usecases.books import readable
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.certificates import Certificate
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A certificate with what its verification says."""

    certificate: Certificate
    status: CertificateStatus
    #: cited rows that were taken back since
    corrected_rows: tuple[int, ...]


def verify_certificate(house: House, typed: str) -> Verified | None:
    """What stands behind a code that anybody typed; None for an unknown one.

    It asks for nobody's rights: who holds the code has seen the certificate.
    """
    code = read_code(typed)
    if code is None:
        return None
    with house.reading() as uow:
        found = uow.credits.certificate(code)
        return None if found is None else _verified(uow, found)


def certificates_of(house: House, actor: Actor, person_id: str) -> Sequence[Verified]:
    """A person's certificates, newest first; `NotFound` for who may not read his ledger."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        readable(standing, actor, person_id, Resource.LEDGER_LINE, None)
        return [_verified(uow, row) for row in uow.credits.certificates_of(person_id)]


def _verified(uow: UnitOfWork, found: Certificate) -> Verified:
    cited = uow.credits.cited(found.id)
    gone = tuple(row for row, _, taken_back in cited if taken_back)
    return Verified(
        certificate=found,
        status=status(found, [row_hash for _, row_hash, _ in cited], gone),
        corrected_rows=gone,
    )
