"""Certificates of contribution (surat keterangan kontribusi) with a code that anyone verifies."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

#: digits and capitals that nobody mistakes for one another; 31, a prime
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#: signs of a code, the last one a check sign
CODE_LENGTH: Final = 12
_GROUP: Final = 4


class CertificateStatus(StrEnum):
    """What a verification says."""

    #: every row it cites stands
    VALID = "valid"
    #: a cited row was taken back later
    CORRECTED = "corrected"
    #: the stored text or a cited row is not what was issued
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    """One contribution as it stood on the day of issue."""

    #: row of the ledger
    transfer_id: int
    #: shown name of the squad
    squad: str
    #: unit and agency that hosted it
    host: str
    #: ketua, anggota, or an overlay role
    role: str
    #: the output
    output: str
    #: V; 0 for an overlay
    value_points: int
    #: basis points; 0 for an overlay
    share_bp: int
    #: V * share, scale 4
    points_e4: int
    #: kind of contribution in words, "" when unknown
    kind: str
    #: first and last day of the work period
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """An immutable snapshot; it stays valid after a move to another unit or agency."""

    #: UUIDv7 text
    id: str
    #: what the reader types, without dashes
    code: str
    #: whose
    person_id: str
    #: agency on the day of issue
    agency_id: str
    #: name as on the decree then
    name: str
    #: NIP then
    nip: str
    #: home unit then
    unit: str
    #: agency then
    agency: str
    #: first and last day that the lines cover
    starts_on: date
    ends_on: date
    #: what was contributed
    lines: tuple[CertificateLine, ...]
    #: over the ledger rows it cites, in order
    ledger_hash: str
    #: over everything above
    content_hash: str = ""
    #: when
    issued_at: datetime

    @property
    def points_e4(self) -> int:
        """Points of all lines, scale 4."""
        return sum(line.points_e4 for line in self.lines)


def code_of(seed: str) -> str:
    """Promise: eleven signs out of an unguessable seed, and a check sign behind them."""
    number = int.from_bytes(hashlib.sha256(f"certificate:{seed}".encode()).digest(), "big")
    signs = ""
    for _ in range(CODE_LENGTH - 1):
        number, rest = divmod(number, len(ALPHABET))
        signs += ALPHABET[rest]
    return signs + _check_sign(signs)


def read_code(typed: str) -> str | None:
    """Promise: the code somebody typed, with or without dashes; None when it cannot be one.

    The check sign finds every single wrong sign and every swap of two neighbours.
    """
    signs = "".join(typed.split()).replace("-", "").upper()
    known = len(signs) == CODE_LENGTH and all(sign in ALPHABET for sign in signs)
    return signs if known and _check_sign(signs[:-1]) == signs[-1] else None


def shown_code(code: str) -> str:
    """Promise: in groups of four, as it is printed."""
    return "-".join(code[n : n + _GROUP] for n in range(0, len(code), _GROUP))


def content_hash(certificate: Certificate) -> str:
    """Promise: the same hash for the same content on every machine."""
    facts = {
        "code": certificate.code,
        "person": [certificate.person_id, certificate.name, certificate.nip],
        "from": [certificate.agency_id, certificate.agency, certificate.unit],
        "days": [certificate.starts_on.isoformat(), certificate.ends_on.isoformat()],
        "ledger": certificate.ledger_hash,
        "issued": certificate.issued_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "lines": [line_facts(line) for line in certificate.lines],
    }
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def line_facts(line: CertificateLine) -> list[str | int]:
    """Promise: a line as plain values, in a fixed order."""
    return [
        line.transfer_id,
        line.squad,
        line.host,
        line.role,
        line.output,
        line.value_points,
        line.share_bp,
        line.points_e4,
        line.kind,
        line.starts_on.isoformat(),
        line.ends_on.isoformat(),
    ]


def ledger_hash(hashes: Sequence[str]) -> str:
    """Promise: one hash over the hashes of the cited rows, in order."""
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def status(
    certificate: Certificate, hashes: Sequence[str], reversed_ids: Sequence[int]
) -> CertificateStatus:
    """Promise: whether it holds: its own content, the rows it cites, and whether all stand."""
    intact = (
        content_hash(certificate) == certificate.content_hash
        and ledger_hash(hashes) == certificate.ledger_hash
    )
    if not intact:
        return CertificateStatus.BROKEN
    return CertificateStatus.CORRECTED if reversed_ids else CertificateStatus.VALID


def _check_sign(signs: str) -> str:
    total = sum(n * ALPHABET.index(sign) for n, sign in enumerate(signs, start=2))
    return ALPHABET[-total % len(ALPHABET)]
