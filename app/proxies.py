"""Who really asks when a proxy stands in between: believed of our own proxies, of nobody else."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from app.settings_sign_in import Network

#: what proxies say; taken away before anything looks at it
SAID: Final = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_BY",
    "HTTP_X_REAL_IP",
)
#: key of the environment: whether the request came past a proxy
PROXIED: Final = "regu.proxied"


class Proxies:
    """WSGI: REMOTE_ADDR becomes the nearest address that is none of our proxies."""

    def __init__(self, app: WSGIApplication, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Read what a trusted proxy says, then forget what anybody says.

        `regu.proxied` stays: whether somebody stands in between, or says so.
        """
        environ[PROXIED] = any(name in environ for name in SAID)
        if self._is_ours(environ.get("REMOTE_ADDR", "")):
            said = environ.get("HTTP_X_FORWARDED_FOR", "")
            environ["REMOTE_ADDR"] = self._client(environ["REMOTE_ADDR"], said)
            if environ.get("HTTP_X_FORWARDED_PROTO", "") in ("http", "https"):
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        for name in SAID:
            environ.pop(name, None)
        return self._app(environ, start_response)

    def _client(self, proxy: str, said: str) -> str:
        """The first that is not ours, from the nearest hop outwards.

        A word that is no address ends the way at the proxy that said it.
        """
        found = proxy
        for hop in reversed([one.strip() for one in said.split(",") if one.strip()]):
            if _address(hop) is None:
                break
            found = hop
            if not self._is_ours(hop):
                break
        return found

    def _is_ours(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._trusted)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
