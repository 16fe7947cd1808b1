"""Short-lived signed cookies of who is on the way in: no session yet."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.machine_tokens import SIGNED_BY

if TYPE_CHECKING:
    from collections.abc import Sequence

TICKET_CHARACTERS_MAX: Final = 3_000


class Tickets:
    """Signed values of one purpose that are good for a while; earlier secrets are understood."""

    def __init__(self, secrets_newest_first: Sequence[bytes], purpose: str, seconds: int) -> None:
        keys = list(reversed(secrets_newest_first))
        self._signer = URLSafeTimedSerializer(keys, salt=f"regu {purpose}", signer_kwargs=SIGNED_BY)
        self.seconds = seconds

    def make(self, value: object) -> str:
        """A ticket of now."""
        return str(self._signer.dumps(value))

    def read(self, ticket: str) -> Any:
        """What it says; None for one that is over or not ours."""
        if not ticket or len(ticket) > TICKET_CHARACTERS_MAX:
            return None
        try:
            return self._signer.loads(ticket, max_age=self.seconds)
        except (BadSignature, ValueError, TypeError):
            return None


def mark(text: str) -> str:
    """A short mark of something that a ticket is bound to."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
