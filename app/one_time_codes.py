"""Time-based one-time codes (RFC 6238) of authenticator apps, their secrets sealed."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

import pyotp

from app.seals import Seals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

STEP_SECONDS: Final = 30
DIGITS: Final = 6
#: steps before and after now whose codes are taken: clocks of telephones differ
_STEPS: Final = (0, -1, 1)


class OneTimeCodes:
    """`Codes` by pyotp, sealed with keys derived from the secrets of the installation."""

    def __init__(self, secrets_newest_first: Sequence[bytes]) -> None:
        self._seals = Seals(secrets_newest_first, "second factor")

    def new_secret(self) -> str:
        """160 random bits in base32, as RFC 4226 recommends."""
        return pyotp.random_base32(32)

    def step_of(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step whose code this is, one early or late included; None: wrong."""
        if len(code) != DIGITS or not (code.isascii() and code.isdecimal()):
            return None
        wheel, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
        found = None
        for step in (now + near for near in _STEPS):
            if hmac.compare_digest(wheel.generate_otp(step), code):
                found = step
        return found

    def seal(self, secret: str, login: str) -> tuple[str, bytes]:
        """Key id and sealed secret, bound to the account."""
        return self._seals.seal(secret, login)

    def unseal(self, key_id: str, sealed: bytes, login: str) -> str | None:
        """The secret; None when its key is not known any more or it was tampered with."""
        return self._seals.unseal(key_id, sealed, login)


def address_of(secret: str, login: str) -> str:
    """What an authenticator reads from a picture (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Regu")
