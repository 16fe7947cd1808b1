"""The one client that goes out: to named hosts, no redirects, no proxies, never long, never much.

SIASN and the provider of single sign-on are asked by it, each within its own bounds. Private
addresses are refused whatever a name leads to, loopback excepted by its own name.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import requests
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: names of this machine, which alone may be asked without TLS
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_CHUNK: Final = 65_536
_NEVER_LEFT: Final = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    InvalidIPAddress,
)


class OutgoingFault(Exception):
    """No answer; `reason` for the log, without anything secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unsent(OutgoingFault):
    """The request never left: nothing was done there."""


class Broken(OutgoingFault):
    """It left, and no whole answer came: it may have been done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Whom a client may ask, and what it bears."""

    hosts: frozenset[str]
    #: the setting that names them, for people
    setting: str
    connect_s: float
    #: for each wait, and for the whole body
    answer_s: float
    bytes_max: int
    #: whether the hosts may lie at private addresses; they are named one by one anyway
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    #: a form, or bytes as they are
    body: Mapping[str, str] | bytes | None = None
    auth: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body."""

    status: int
    content: bytes


def fault_of(url: str, hosts: frozenset[str]) -> str | None:
    """Why an address may not be asked: `host`, `https`, or None when it may."""
    parts = urlsplit(url)
    if parts.netloc not in hosts or "@" in parts.netloc:
        return "host"
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return "https"
    return None


class Outgoing:
    """Asks within its bounds; a connection for each request, so that answers never mix."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds

    def check(self, url: str) -> None:
        """`Unsent` for an address that is not https at one of the hosts."""
        fault = fault_of(url, self._bounds.hosts)
        if fault == "host":
            raise Unsent(f"an address outside {self._bounds.setting}")
        if fault == "https":
            raise Unsent("an address without https")

    def ask(self, asked: Asked) -> Answer:
        """One request; `Unsent` when it never left, `Broken` when it may have been done."""
        self.check(asked.url)
        session = self._manager(asked.url).get_session()
        session.trust_env = False
        try:
            with (
                session,
                session.request(
                    asked.method,
                    asked.url,
                    headers={**asked.headers, "Connection": "close"},
                    data=asked.body,
                    auth=asked.auth,
                    timeout=(self._bounds.connect_s, self._bounds.answer_s),
                    stream=True,
                ) as answer,
            ):
                return Answer(answer.status_code, self._content(answer))
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _fault(error) from error

    def _manager(self, url: str) -> Manager:
        return Manager(
            Config(
                default_timeout=(self._bounds.connect_s, self._bounds.answer_s),
                never_redirect=True,
                ip_filter_enable=not self._bounds.private,
                ip_filter_allow_loopback_ips=urlsplit(url).hostname in LOOPBACK,
                user_agent_override="Regu",
            )
        )

    def _content(self, answer: requests.Response) -> bytes:
        """The body; read as it comes, so that one that drips is cut off in time as well."""
        until, found = time.monotonic() + self._bounds.answer_s, bytearray()
        while chunk := answer.raw.read1(_CHUNK, decode_content=True):
            found += chunk
            if len(found) > self._bounds.bytes_max:
                raise Broken(f"{answer.status_code} more than {self._bounds.bytes_max} bytes")
            if time.monotonic() > until:
                raise Broken(f"{answer.status_code} too slow")
        return bytes(found)


def _fault(error: Exception) -> OutgoingFault:
    """A connection that never stood did nothing; anything else may have."""
    unknown_name = isinstance(error.__cause__, socket.gaierror)
    if isinstance(error, _NEVER_LEFT) or unknown_name or "NewConnectionError" in repr(error):
        return Unsent(f"no connection: {type(error).__name__}")
    return Broken(type(error).__name__)
