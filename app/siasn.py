"""SIASN over HTTP: only the hosts of the settings, no redirects, never long, never much."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from app.outgoing import Answer, Asked, Bounds, Broken, Outgoing, Unsent, fault_of
from app.settings import SettingRefused
from engine.domain.exchange import ExchangeKind
from engine.usecases.ports.siasn import (
    SiasnAway,
    SiasnFault,
    SiasnRefused,
    SiasnSilent,
    SiasnUnknownPerson,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.settings import Settings
    from engine.domain.exchange import Payload
    from engine.usecases.ports.siasn import Record

CONNECT_S: Final = 5.0
ANSWER_S: Final = 20.0
BYTES_MAX: Final = 2_000_000
#: characters of an answer that are kept for people
WORDS_MAX: Final = 500
_OK, _MOVED, _BAD = 200, 300, 400
_UNAUTHORIZED, _NOT_FOUND, _BUSY, _BROKEN = 401, 404, 429, 500
#: seconds before its end at which a token is asked for anew
_MARGIN_S: Final = 30.0
_LIFE_S: Final = 300.0
#: where SIASN keeps what; `/skp22/save` and `/pns/rw-skp22` by domain.md 8, the others as public
#: clients call them
_SAVE: Final = {
    ExchangeKind.ANNUAL: "/skp22/save",
    ExchangeKind.PERIODIC: "/kinerjaperiodik/save",
}
_READ: Final = {
    ExchangeKind.ANNUAL: "/pns/rw-skp22/",
    ExchangeKind.PERIODIC: "/pns/rw-kinerjaperiodik/",
}
#: SIASN takes records of periods back, none of a year [S18]
_DELETE: Final = "/kinerjaperiodik/delete/"
_SECRETS: Final = ("consumer_key", "consumer_secret", "client_id", "username", "password")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where SIASN is and how to be let in; never printed whole."""

    base: str
    token_url: str
    sso_url: str
    hosts: frozenset[str]
    secrets: Mapping[str, str] = field(repr=False)
    connect_s: float = CONNECT_S
    answer_s: float = ANSWER_S


def access(settings: Settings) -> Access | None:
    """The access that the settings name; None while REGU_SIASN_URL is empty.

    `SettingRefused` names what is missing, never a secret.
    """
    if not settings.siasn_url:
        return None
    named = (
        ("REGU_SIASN_URL", settings.siasn_url),
        ("REGU_SIASN_TOKEN_URL", settings.siasn_token_url),
        ("REGU_SIASN_SSO_URL", settings.siasn_sso_url),
    )
    hosts = frozenset(settings.siasn_hosts)
    for name, url in named:
        _check(name, url, hosts)
    return Access(
        base=settings.siasn_url.rstrip("/"),
        token_url=settings.siasn_token_url,
        sso_url=settings.siasn_sso_url,
        hosts=hosts,
        secrets=_secrets(settings),
    )


def _check(name: str, url: str, hosts: frozenset[str]) -> None:
    parts, fault = urlsplit(url), fault_of(url, hosts)
    if fault == "host":
        raise SettingRefused(name, parts.netloc, "a host that REGU_SIASN_HOSTS names")
    if fault == "https":
        raise SettingRefused(name, parts.scheme, "https")


def _secrets(settings: Settings) -> Mapping[str, str]:
    name = "REGU_SIASN_SECRET_FILE"
    wanted = f"a JSON file with {', '.join(_SECRETS)}"
    if settings.siasn_secret_file is None:
        raise SettingRefused(name, "", wanted)
    try:
        found = json.loads(settings.siasn_secret_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingRefused(name, str(settings.siasn_secret_file), wanted) from error
    if not isinstance(found, dict) or any(not isinstance(found.get(k), str) for k in _SECRETS):
        raise SettingRefused(name, str(settings.siasn_secret_file), wanted)
    return {key: found[key] for key in _SECRETS}


class HttpSiasn:
    """`Siasn` over its web service."""

    def __init__(self, where: Access) -> None:
        self._where = where
        self._way = Outgoing(
            Bounds(
                hosts=where.hosts,
                setting="REGU_SIASN_HOSTS",
                connect_s=where.connect_s,
                answer_s=where.answer_s,
                bytes_max=BYTES_MAX,
            )
        )
        self._tokens: tuple[str, str] | None = None
        self._until = 0.0

    def person(self, nip: str) -> Record:
        """Who somebody is there."""
        answer = self._get(f"/pns/data-utama/{quote(nip, safe='')}")
        if answer.status == _NOT_FOUND:
            raise SiasnUnknownPerson(_words(answer))
        data = _read(answer)
        if isinstance(data, str) or not data:
            raise SiasnUnknownPerson(_words(answer))
        if not isinstance(data, dict) or not isinstance(data.get("id"), str):
            raise SiasnAway(_words(answer))
        return data

    def records(self, kind: ExchangeKind, nip: str) -> Sequence[Record]:
        """The evaluations that SIASN holds of somebody."""
        answer = self._get(_READ[kind] + quote(nip, safe=""))
        if answer.status == _NOT_FOUND:
            return ()
        data = _read(answer)
        if isinstance(data, str) or data is None:
            return ()
        if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
            raise SiasnAway(_words(answer))
        return data

    def save(self, kind: ExchangeKind, payload: Payload, key: str) -> str:
        """Store one evaluation; its id there."""
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        body = json.dumps(dict(payload), ensure_ascii=False).encode()
        answer = self._ask("POST", _SAVE[kind], headers=headers, body=body)
        _check_done(answer)
        return _stored(answer)

    def take_back(self, remote_id: str) -> None:
        """Delete the record of a period, if it is still there."""
        path = _DELETE + quote(remote_id, safe="")
        answer = self._ask("DELETE", path, headers={}, body=None)
        if answer.status == _NOT_FOUND:
            return
        _check_done(answer)
        _stored(answer)

    def _get(self, path: str) -> Answer:
        """A reading: whatever goes wrong, nothing was done there."""
        try:
            return self._ask("GET", path, headers={}, body=None)
        except SiasnSilent as fault:
            raise SiasnAway(fault.answer) from fault

    def _ask(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        for attempt in (1, 2):
            gateway, sso = self._let_in()
            bearer = {"Authorization": f"Bearer {gateway}", "Auth": f"bearer {sso}"}
            whole = {**headers, **bearer, "Accept": "application/json"}
            url = self._where.base + path
            answer = self._send(Asked(method=method, url=url, headers=whole, body=body))
            if answer.status != _UNAUTHORIZED:
                return answer
            self._tokens = None
            if attempt == 2:  # noqa: PLR2004 - the second and last
                break
        raise SiasnAway(_words(answer))

    def _let_in(self) -> tuple[str, str]:
        """Both tokens; `SiasnAway` when SIASN gives none."""
        if self._tokens is not None and time.monotonic() < self._until:
            return self._tokens
        secrets = self._where.secrets
        gateway, life = self._token(
            self._where.token_url,
            {"grant_type": "client_credentials"},
            auth=(secrets["consumer_key"], secrets["consumer_secret"]),
        )
        names = ("client_id", "username", "password")
        words = {"grant_type": "password", **{name: secrets[name] for name in names}}
        sso, sso_life = self._token(self._where.sso_url, words)
        self._tokens = (gateway, sso)
        self._until = time.monotonic() + max(1.0, min(life, sso_life) - _MARGIN_S)
        return self._tokens

    def _token(
        self, url: str, words: Mapping[str, str], auth: tuple[str, str] | None = None
    ) -> tuple[str, float]:
        try:
            answer = self._send(Asked(method="POST", url=url, body=words, auth=auth))
            data = json.loads(answer.content)
        except (SiasnFault, ValueError) as fault:
            raise SiasnAway("no token") from fault
        token = data.get("access_token") if isinstance(data, dict) else None
        if answer.status != _OK or not isinstance(token, str):
            raise SiasnAway(f"no token: {answer.status}")
        life = data.get("expires_in")
        return token, float(life) if isinstance(life, int) else _LIFE_S

    def _send(self, asked: Asked) -> Answer:
        """One request; `SiasnAway` when it never left, `SiasnSilent` when it may have been done."""
        try:
            return self._way.ask(asked)
        except Unsent as fault:
            raise SiasnAway(fault.reason) from fault
        except Broken as fault:
            raise SiasnSilent(fault.reason) from fault


def _words(answer: Answer) -> str:
    """The beginning of an answer, as people may read it."""
    text = answer.content[: 4 * WORDS_MAX].decode("utf-8", "replace")
    return f"{answer.status} {' '.join(text.split())}"[:WORDS_MAX]


def _read(answer: Answer) -> Any:
    if answer.status != _OK:
        raise SiasnAway(_words(answer))
    try:
        body = json.loads(answer.content)
    except ValueError as error:
        raise SiasnAway(_words(answer)) from error
    if not isinstance(body, dict) or "data" not in body:
        raise SiasnAway(_words(answer))
    return body["data"]


def _check_done(answer: Answer) -> None:
    """What the status of a change says: refused, not done, or nobody knows."""
    if answer.status >= _BROKEN:
        raise SiasnSilent(_words(answer))
    if answer.status == _BUSY or _MOVED <= answer.status < _BAD:
        raise SiasnAway(_words(answer))
    if answer.status >= _BAD:
        raise SiasnRefused(_words(answer))


def _stored(answer: Answer) -> str:
    """The id of what was stored; a 200 may still say no."""
    try:
        body = json.loads(answer.content)
    except ValueError as error:
        raise SiasnSilent(_words(answer)) from error
    if not isinstance(body, dict):
        raise SiasnSilent(_words(answer))
    if body.get("success") is True or body.get("code") == 1:
        found = body.get("mapData")
        ids = list(found.values()) if isinstance(found, dict) else []
        return str(ids[0]) if ids else ""
    if body.get("success") is False or body.get("code") == 0:
        raise SiasnRefused(_words(answer))
    raise SiasnSilent(_words(answer))
