"""Passwords: argon2id, the same time for known and unknown accounts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from app.password_rule import PASSWORD_CHARACTERS_MAX, PasswordRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.errors import FieldFault

#: OWASP's minimum for argon2id: 19 MiB, two passes, one lane; about 25 ms
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1


@cache
def _dummy(memory_kib: int, passes: int, lanes: int) -> str:
    """What an unknown account is checked against: one hash for each cost in a process."""
    hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
    return hasher.hash("nobody signs in with this")


class Passwords:
    """Hash and verify; `verify` costs the same whether the account exists or not."""

    def __init__(
        self,
        *,
        memory_kib: int = MEMORY_KIB,
        passes: int = PASSES,
        lanes: int = LANES,
        rule: PasswordRule | None = None,
    ) -> None:
        self._rule = rule or PasswordRule()
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._dummy = _dummy(memory_kib, passes, lanes)

    def hash(self, password: str) -> str:
        """Encoded argon2id hash with its parameters."""
        return self._hasher.hash(password)

    def verify(self, encoded: str | None, password: str) -> bool:
        """Whether the password fits; None stands for an unknown account and never fits."""
        try:
            self._hasher.verify(encoded or self._dummy, password[:PASSWORD_CHARACTERS_MAX])
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
        return encoded is not None and len(password) <= PASSWORD_CHARACTERS_MAX

    def outdated(self, encoded: str) -> bool:
        """Whether the hash was made with other parameters and should be made anew."""
        return self._hasher.check_needs_rehash(encoded)

    def faults(self, password: str, *about: str) -> Sequence[FieldFault]:
        """Why this cannot be a new password; `about` are words that it must not rest on."""
        return self._rule.faults(password, *about)
