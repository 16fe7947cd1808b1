"""When somebody in office is silent the act goes to whoever stands above him (crediting.md 0.6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from engine.domain.organisation import Official


class Waiting(StrEnum):
    """What was waited for."""

    #: the sponsor takes an output
    ACCEPT = "accept"
    #: a claim is attested
    ATTEST = "attest"
    #: the second signature
    COSIGN = "cosign"
    #: a remainder is shared out
    ALLOCATE = "allocate"
    #: the common superior decides about a home's consent
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Somebody let a clock run out; counted, and never an answer."""

    #: UUIDv7 text
    id: str
    #: the output
    output_id: str
    #: what he was asked
    act: Waiting
    #: the member or membership it is about, "" for the whole output
    subject_id: str = ""
    #: who was silent, by his office
    person_id: str
    #: when the clock ran out
    at: datetime


def still_to_ask(
    chain: Sequence[Official], silent: Collection[str]
) -> tuple[tuple[Official, ...], bool]:
    """Promise: the chain without who was silent, and whether somebody is left.

    Where everybody was silent the last one stays: it goes nowhere else, and is told again.
    """
    left = tuple(official for official in chain if _office(official) not in silent)
    return (left, True) if left else (tuple(chain[-1:]), False)


def _office(official: Official) -> str:
    return official.on_behalf_of or official.person_id
