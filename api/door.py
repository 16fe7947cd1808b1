"""What a view takes from the request: the house, who acts, the idempotency key, the page."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from flask import current_app, g, request
from werkzeug.exceptions import BadRequest

from engine.usecases.once import KEY_CHARACTERS_MAX

if TYPE_CHECKING:
    from engine.usecases.accounts import SignedIn
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House

#: name under which the wired house hangs on the application
HOUSE = "regu.house"
#: and the evidence files, and what makes a password hash
FILES = "regu.files"
HASH = "regu.hash"

_IDEMPOTENCY_KEY = re.compile(r"[!-~]+")


def house() -> House:
    """The wired house."""
    return cast("House", current_app.extensions[HOUSE])


def actor() -> Actor:
    """Who asks; views without sign-in have none and must not call this."""
    return cast("Actor", g.actor)


def signed_in() -> SignedIn:
    """Who asks, with account and session."""
    return cast("SignedIn", g.signed_in)


def idempotency_key() -> str | None:
    """The Idempotency-Key header; printable and short, or `BadRequest`."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if len(key) > KEY_CHARACTERS_MAX or not _IDEMPOTENCY_KEY.fullmatch(key):
        raise BadRequest(f"Idempotency-Key: 1 to {KEY_CHARACTERS_MAX} printable characters")
    return key


def cursor(key: int, at: datetime | None = None) -> str:
    """An opaque place in a list."""
    text = f"{key}" if at is None else f"{key}|{at.isoformat()}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(text: str | None) -> tuple[int, datetime | None] | None:
    """The place that a cursor names; `BadRequest` for one that we did not make."""
    if text is None:
        return None
    try:
        raw = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)).decode()
        key, _, at = raw.partition("|")
        moment = datetime.fromisoformat(at).astimezone(UTC) if at else None
        number = int(key)
    except (NotBase64, ValueError, OverflowError) as error:
        raise BadRequest("this is no cursor of ours") from error
    if not 0 <= number < 2**63:
        raise BadRequest("this is no cursor of ours")
    return number, moment
