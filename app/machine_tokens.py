"""Short-lived tokens for programs: OAuth 2.0 client credentials (RFC 6749, section 4.4)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from engine.usecases.accounts import SignInRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

TOKEN_SECONDS: Final = 3_600
#: HMAC-SHA-256; the library's own choice is SHA-1
SIGNED_BY: Final = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
#: characters of a token that are looked at
_TOKEN_MAX: Final = 2_000


class MachineTokens:
    """Signed tokens that name an account; a new secret of the account ends them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """`keys`: the newest first; it signs, all are understood."""
        self._signer = URLSafeTimedSerializer(
            list(reversed(keys)), salt="regu-machine-token", signer_kwargs=SIGNED_BY
        )

    def make(self, login: str, password_hash: str) -> str:
        """A token of now."""
        return str(self._signer.dumps([login, _mark(password_hash)]))

    def login_of(self, token: str) -> str | None:
        """Whose token it is; None for one that is over or not ours."""
        found = self._read(token)
        return found[0] if found else None

    def fits(self, token: str, password_hash: str) -> bool:
        """Whether the account still has the secret that the token was given for."""
        found = self._read(token)
        return found is not None and found[1] == _mark(password_hash)

    def _read(self, token: str) -> tuple[str, str] | None:
        if len(token) > _TOKEN_MAX:
            return None
        try:
            login, mark = self._signer.loads(token, max_age=TOKEN_SECONDS)
        except (BadSignature, ValueError, TypeError):
            return None
        return str(login), str(mark)


def register(app: Flask, exchange: Callable[[str, str], str]) -> None:
    """Serve POST /oauth/token; the client sends its id and secret in the form or by Basic."""

    def token() -> tuple[dict[str, Any], int, dict[str, str]]:
        no_store = {"Cache-Control": "no-store"}
        if request.form.get("grant_type") != "client_credentials":
            return {"error": "unsupported_grant_type"}, 400, no_store
        given = request.authorization
        by_header = given is not None and given.type == "basic"
        name = (given.username if given and by_header else request.form.get("client_id")) or ""
        secret = given.password if given and by_header else request.form.get("client_secret")
        try:
            made = exchange(name, secret or "")
        except SignInRefused:
            return {"error": "invalid_client"}, 401, no_store
        answer = {"access_token": made, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return answer, 200, no_store

    token.public = True  # type: ignore[attr-defined]
    token.for_programs = True  # type: ignore[attr-defined]
    app.add_url_rule("/oauth/token", "oauth_token", token, methods=["POST"])


def _mark(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]
