"""Referral of a case to those who decide on discipline (PP 94/2021); Regu never decides one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from datetime import datetime


class ReferralGround(StrEnum):
    """What the case is about; a low predikat alone is no offence (domain.md 4.2), so no word."""

    #: not at work without a valid reason
    ABSENCE = "absence"
    #: other suspected offence against PP 94/2021
    MISCONDUCT = "misconduct"
    #: code of ethics and conduct
    ETHICS = "ethics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """What a superior passed on; append-only, for he who knows and does not act answers for it."""

    #: UUIDv7 text
    id: str
    person_id: str
    agency_id: str
    ground: ReferralGround
    #: what was seen, where and when
    text: str
    #: where the evidence lies
    source: str
    referred_by: str
    on_behalf_of: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralHanding:
    """To whom HR handed a referral; what comes of it is decided and kept there."""

    #: UUIDv7 text
    id: str
    referral_id: str
    #: office or team that examines
    handed_to: str
    #: number of the letter
    letter_no: str
    handed_by: str
    at: datetime


def check_referral(made: Referral) -> tuple[Violation, ...]:
    """Promise: every fault of a referral: facts, where they are shown, and another person."""
    found = [
        _fault("required", name, "say what was seen and where it is shown")
        for name, value in (("text", made.text), ("source", made.source))
        if not value.strip()
    ]
    if made.person_id in (made.referred_by, made.on_behalf_of):
        found.append(_fault("own_referral", made.person_id, "nobody refers himself"))
    return tuple(found)


def check_handing(made: ReferralHanding, about: Referral) -> tuple[Violation, ...]:
    """Promise: every fault of a handing: an office, and not the hand of who it is about."""
    found: list[Violation] = []
    if not made.handed_to.strip():
        found.append(_fault("required", "handed_to", "name the office that examines"))
    if made.handed_by == about.person_id:
        found.append(_fault("own_referral", about.person_id, "nobody hands on his own case"))
    return tuple(found)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
