"""OpenID Connect: authorization code with PKCE, state and nonce, checked as OIDC Core 3.1.3.7.

What Authlib and joserfc check: signature, `iss`, `aud`, `azp`, `exp`, `nbf`, `iat`, `nonce`,
`at_hash`. What is checked here before: that the algorithm is one with two keys, and all types.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

# no stubs are published for Authlib
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.provider_http import ProviderAway, ProviderHttp
from app.setting_refused import SettingRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.settings_sign_in import Oidc

#: signatures with a private and a public key only: neither `none` nor a shared secret
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
#: seconds that the provider's description and keys are believed
KEPT_S: Final = 3_600.0
#: seconds before keys are asked for again because of a key that is not among them
KEYS_AGAIN_S: Final = 30.0
#: seconds that clocks may differ
LEEWAY_S: Final = 60
#: the oldest ID token that is taken, in seconds
AGE_MAX_S: Final = 600
SCOPE: Final = "openid profile"
TOKEN_CHARACTERS_MAX: Final = 20_000
CODE_CHARACTERS_MAX: Final = 4_000
#: ways of a second factor in `amr` (RFC 8176)
_STRONG: Final = frozenset({"mfa", "otp", "hwk", "sc"})
_OK: Final = 200
_BAD: Final = 400
_BROKEN: Final = 500


class ProviderRefused(Exception):
    """What came back proves nothing: whoever it is does not come in by it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What goes with somebody to the provider and must come back with him."""

    state: str
    nonce: str
    verifier: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    #: what the claim of the setting says; "" when it is missing
    login: str
    #: whether the provider says that it asked for a second factor
    strong: bool


class Provider:
    """One OpenID provider."""

    def __init__(self, where: Oidc, redirect_uri: str, http: ProviderHttp | None = None) -> None:
        self.issuer = where.issuer
        self._where = where
        self._redirect_uri = redirect_uri
        self._http = http or ProviderHttp(where.hosts, private=where.private)
        self._secret = _secret(where)
        self._lock = threading.Lock()
        self._about: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def way(self, target: str) -> Way:
        """A new way there, with secrets of its own."""
        return Way(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            target=target,
        )

    def address(self, way: Way) -> str:
        """Where the browser goes; `ProviderAway`."""
        return str(
            prepare_grant_uri(
                self._discovered()["authorization_endpoint"],
                client_id=self._where.client_id,
                response_type="code",
                redirect_uri=self._redirect_uri,
                scope=SCOPE,
                state=way.state,
                nonce=way.nonce,
                code_challenge=create_s256_code_challenge(way.verifier),
                code_challenge_method="S256",
            )
        )

    def leaving_address(self, back: str) -> str | None:
        """Where one signs out of the provider as well; None when it offers no such place."""
        place = self._discovered().get("end_session_endpoint")
        if not isinstance(place, str):
            return None
        self._http.check(place)
        words = {"client_id": self._where.client_id, "post_logout_redirect_uri": back}
        return f"{place}{'&' if '?' in place else '?'}{urlencode(words)}"

    def vouched(self, way: Way, answer: Mapping[str, str]) -> Vouched:
        """Whom the answer of the provider stands for; `ProviderRefused`, `ProviderAway`."""
        state = answer.get("state", "")
        if not hmac.compare_digest(state.encode(), way.state.encode()):
            raise ProviderRefused("state")
        if answer.get("iss", self.issuer) != self.issuer:  # RFC 9207
            raise ProviderRefused("iss of the answer")
        if "error" in answer:
            raise ProviderRefused("the provider said no")
        code = answer.get("code", "")
        if not 0 < len(code) <= CODE_CHARACTERS_MAX:
            raise ProviderRefused("no code")
        tokens = self._exchanged(code, way.verifier)
        claims = self._claims(tokens, way.nonce)
        login = claims.get(self._where.login_claim)
        methods = claims.get("amr")
        return Vouched(
            issuer=self.issuer,
            subject=claims["sub"],
            login=login if isinstance(login, str) else "",
            strong=isinstance(methods, list) and not _STRONG.isdisjoint(map(str, methods)),
        )

    # -- the code for tokens -----------------------------------------------------------------

    def _exchanged(self, code: str, verifier: str) -> Mapping[str, Any]:
        about = self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        auth = None
        offered = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if self._secret is not None and "client_secret_basic" in offered:
            auth = (self._where.client_id, self._secret)
        else:
            form["client_id"] = self._where.client_id
            if self._secret is not None:
                form["client_secret"] = self._secret
        answer = self._http.ask("POST", about["token_endpoint"], form=form, auth=auth)
        if _BAD <= answer.status < _BROKEN:
            raise ProviderRefused("the code was not taken")
        tokens = _object(answer.status, answer.content)
        if not isinstance(tokens.get("id_token"), str):
            raise ProviderRefused("no ID token")
        return tokens

    # -- the ID token ------------------------------------------------------------------------

    def _claims(self, tokens: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """The claims of an ID token that is whole, meant for us and of now."""
        token = tokens["id_token"]
        if len(token) > TOKEN_CHARACTERS_MAX:
            raise ProviderRefused("an ID token that is too long")
        decoded = self._decoded(token)
        found = decoded.claims
        _check_types(found)
        access = tokens.get("access_token")
        claims = CodeIDToken(
            found,
            decoded.header,
            {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._where.client_id},
            },
            {
                "nonce": nonce,
                "client_id": self._where.client_id,
                "access_token": access if isinstance(access, str) else None,
            },
        )
        now = int(time.time())
        try:
            claims.validate(now=now, leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError) as error:
            raise ProviderRefused(f"claim: {_words(error)}") from error
        if not now - AGE_MAX_S <= found["iat"] <= now + LEEWAY_S:
            raise ProviderRefused("claim: iat")
        return found

    def _decoded(self, token: str) -> jwt.Token:
        """The token after its signature was checked; unknown keys are asked for once more."""
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError) as error:
            newer = self._newer_keys()
            if newer is None:
                raise ProviderRefused(f"signature: {_words(error)}") from error
        try:
            return jwt.decode(token, newer, algorithms=ALGORITHMS)
        except (JoseError, ValueError) as error:
            raise ProviderRefused(f"signature: {_words(error)}") from error

    # -- what is known about the provider ----------------------------------------------------

    def _discovered(self) -> Mapping[str, Any]:
        """Its description, asked for once an hour; an older one serves while it is away."""
        with self._lock:
            known = self._about
        if known is not None and time.monotonic() < known[0] + KEPT_S:
            return known[1]
        try:
            about = self._asked_about()
        except ProviderAway:
            if known is None:
                raise
            about = known[1]
        with self._lock:
            self._about = (time.monotonic(), about)
        return about

    def _asked_about(self) -> Mapping[str, Any]:
        url = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
        answer = self._http.ask("GET", url)
        about = _object(answer.status, answer.content)
        if about.get("issuer") != self.issuer:
            raise ProviderAway("another issuer in its description")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(about.get(name), str):
                raise ProviderAway(f"no {name} in its description")
            self._http.check(about[name])
        methods = about.get("code_challenge_methods_supported")
        if isinstance(methods, list) and "S256" not in methods:
            raise ProviderAway("no PKCE with S256")
        return about

    def _key_set(self) -> KeySet:
        with self._lock:
            known = self._keys
        if known is not None and time.monotonic() < known[0] + KEPT_S:
            return known[1]
        return self._asked_keys()

    def _newer_keys(self) -> KeySet | None:
        """Keys asked for again; None when that was done just now."""
        with self._lock:
            known = self._keys
        if known is not None and time.monotonic() < known[0] + KEYS_AGAIN_S:
            return None
        return self._asked_keys()

    def _asked_keys(self) -> KeySet:
        answer = self._http.ask("GET", self._discovered()["jwks_uri"])
        found = _object(answer.status, answer.content).get("keys")
        try:
            public = [one for one in found or () if one.get("kty") in ("RSA", "EC", "OKP")]
            keys = KeySet.import_key_set({"keys": public})
        except (JoseError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise ProviderAway("keys that cannot be read") from error
        with self._lock:
            self._keys = (time.monotonic(), keys)
        return keys


def _check_types(claims: object) -> None:
    """Types first, so that no check meets something that it does not expect."""
    if not isinstance(claims, dict):
        raise ProviderRefused("claims")
    wanted: dict[str, type | tuple[type, ...]] = {
        "iss": str,
        "sub": str,
        "aud": (str, list),
        "exp": (int, float),
        "iat": (int, float),
        "nonce": str,
    }
    for name, kind in wanted.items():
        value = claims.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ProviderRefused(f"claim: {name}")
    if not 0 < len(claims["sub"]) <= 255:  # noqa: PLR2004 - OIDC Core 2
        raise ProviderRefused("claim: sub")


def _object(status: int, content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ProviderAway(f"{status}, and no JSON") from error
    if status != _OK or not isinstance(found, dict):
        raise ProviderAway(f"{status}, and not what was asked for")
    return found


def _words(error: Exception) -> str:
    """Which rule of joserfc was broken; never a value."""
    name = getattr(error, "error", type(error).__name__)
    claim = getattr(error, "claim", "")
    return f"{name} {claim}".strip()


def _secret(where: Oidc) -> str | None:
    if where.secret_file is None:
        return None
    wanted = "the file of the client secret"
    try:
        found = where.secret_file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise SettingRefused("REGU_OIDC_SECRET_FILE", str(where.secret_file), wanted) from error
    if not found:
        raise SettingRefused("REGU_OIDC_SECRET_FILE", str(where.secret_file), wanted)
    return found
