"""Settings of signing in: single sign-on, second factor, sessions, passwords, proxies, rates."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from app.factor_duty import WORDS, FactorDuty, duty_of
from app.setting_refused import SettingRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: route group -> requests and the seconds in which so many may come
RATES: Final[Mapping[str, tuple[int, int]]] = {
    "export": (240, 3_600),
    "upload": (600, 3_600),
    "deploy": (600, 3_600),
    "sign-in": (240, 60),
    "public": (240, 3_600),
}
_UNITS: Final = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")

#: name, default and meaning, for the list of all settings
SIGN_IN_SETTINGS: Final[tuple[tuple[str, str, str], ...]] = (
    ("REGU_SECRET_FILE_OLD", "", "files of earlier secrets, with commas: read, never written with"),
    ("REGU_OIDC_ISSUER", "", "address of the OpenID provider; none: no single sign-on"),
    ("REGU_OIDC_CLIENT_ID", "", "what the provider calls Regu"),
    ("REGU_OIDC_SECRET_FILE", "", "file of the client secret; none: a public client (PKCE only)"),
    ("REGU_OIDC_LOGIN_CLAIM", "preferred_username", "claim that names the login (NIP)"),
    ("REGU_OIDC_HOSTS", "", "hosts of the provider, HOST[:PORT] with commas; no other is asked"),
    ("REGU_OIDC_PRIVATE", "0", "1: those hosts may lie at private addresses (an intranet)"),
    ("REGU_SECOND_FACTOR", "offered", WORDS),
    ("REGU_SESSION_HOURS", "12", "hours after which a session ends, used or not"),
    ("REGU_SESSION_IDLE_MINUTES", "120", "minutes without use after which a session ends"),
    ("REGU_PASSWORD_LENGTH", "12", "characters of a password with four classes"),
    ("REGU_PASSWORD_PHRASE", "20", "characters from which classes are not asked for"),
    ("REGU_PROXIES_TRUSTED", "", "addresses of own proxies, with commas; only they name a client"),
    ("REGU_RATES", "", "such as export=60/hour,public=100/hour; off: none"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    """Where single sign-on is."""

    issuer: str
    client_id: str
    hosts: frozenset[str]
    login_claim: str = "preferred_username"
    secret_file: Path | None = None
    #: hosts may lie at private addresses
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSettings:
    """How people come in."""

    oidc: Oidc | None = None
    second_factor: FactorDuty = field(default_factory=FactorDuty)
    session_hours: int = 12
    session_idle_minutes: int = 120
    password_length: int = 12
    password_phrase: int = 20
    proxies: tuple[Network, ...] = ()
    #: route group -> requests and seconds; empty: no limits
    rates: Mapping[str, tuple[int, int]] = field(default_factory=lambda: RATES)
    secret_files_old: tuple[Path, ...] = ()


def sign_in_from(env: Mapping[str, str]) -> SignInSettings:
    """Read them; `SettingRefused` names the first that cannot be understood."""
    return SignInSettings(
        oidc=_oidc(env),
        second_factor=duty_of(env.get("REGU_SECOND_FACTOR", "offered")),
        session_hours=_between(env, "REGU_SESSION_HOURS", 12, (1, 168)),
        session_idle_minutes=_between(env, "REGU_SESSION_IDLE_MINUTES", 120, (1, 10_080)),
        password_length=_between(env, "REGU_PASSWORD_LENGTH", 12, (8, 64)),
        password_phrase=_between(env, "REGU_PASSWORD_PHRASE", 20, (12, 64)),
        proxies=_proxies(env.get("REGU_PROXIES_TRUSTED", "")),
        rates=_rates(env.get("REGU_RATES", "")),
        secret_files_old=tuple(
            Path(one).absolute() for one in _list(env.get("REGU_SECRET_FILE_OLD", ""))
        ),
    )


def _oidc(env: Mapping[str, str]) -> Oidc | None:
    issuer = env.get("REGU_OIDC_ISSUER", "")
    if not issuer:
        return None
    hosts = frozenset(_list(env.get("REGU_OIDC_HOSTS", "")))
    parts = urlsplit(issuer)
    if parts.netloc not in hosts or "@" in parts.netloc:
        raise SettingRefused("REGU_OIDC_ISSUER", parts.netloc, "a host that REGU_OIDC_HOSTS names")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise SettingRefused("REGU_OIDC_ISSUER", parts.scheme, "https")
    client_id = env.get("REGU_OIDC_CLIENT_ID", "")
    if not client_id:
        raise SettingRefused("REGU_OIDC_CLIENT_ID", "", "what the provider calls Regu")
    secret_file = env.get("REGU_OIDC_SECRET_FILE", "")
    return Oidc(
        issuer=issuer,
        client_id=client_id,
        hosts=hosts,
        login_claim=env.get("REGU_OIDC_LOGIN_CLAIM", "") or "preferred_username",
        secret_file=Path(secret_file).absolute() if secret_file else None,
        private=env.get("REGU_OIDC_PRIVATE", "0") == "1",
    )


def _proxies(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(one) for one in _list(text))
    except ValueError as error:
        wanted = "addresses or networks of proxies, such as 127.0.0.1,10.0.0.0/24"
        raise SettingRefused("REGU_PROXIES_TRUSTED", text, wanted) from error


def _rates(text: str) -> Mapping[str, tuple[int, int]]:
    if text == "off":
        return {}
    found = dict(RATES)
    for one in _list(text):
        group, _, rate = one.partition("=")
        count, _, unit = rate.partition("/")
        if group not in RATES or unit not in _UNITS or not count.isdecimal() or int(count) < 1:
            wanted = f"GROUP=COUNT/UNIT of {', '.join(RATES)} and {', '.join(_UNITS)}; or off"
            raise SettingRefused("REGU_RATES", text, wanted)
        found[group] = (int(count), _UNITS[unit])
    return found


def _between(env: Mapping[str, str], name: str, default: int, span: tuple[int, int]) -> int:
    text = env.get(name, "") or str(default)
    low, high = span
    if not text.isdecimal() or not low <= int(text) <= high:
        raise SettingRefused(name, text, f"a number from {low} to {high}")
    return int(text)


def _list(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]
