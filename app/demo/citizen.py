"""A citizen at the public pages: no account, no script, one kept cookie."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from app.demo.client import SECONDS_MAX, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

_HIDDEN: Final = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_QUESTION: Final = re.compile(r'name="(q\d+)"')
_SEE_OTHER: Final = 303
#: a page answered sooner is taken for a machine's
READING_SECONDS: Final = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A form as it came: where it goes, what it carries, what it asks."""

    path: str
    hidden: Mapping[str, str]
    questions: tuple[str, ...]
    #: on the clock of this machine
    opened: float = field(default_factory=time.monotonic)


class Citizen:
    """Somebody who holds a link."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS_MAX)
        self._cookies: SimpleCookie = SimpleCookie()
        self.requests = 0

    def open(self, path: str) -> Page:
        """The form of a page; `Refused` where there is none."""
        status, text, _ = self._ask("GET", path, None)
        if status >= 400:  # noqa: PLR2004 - HTTP: from here on it is a problem
            raise Refused(status, {"title": path})
        found = _QUESTION.findall(text)
        return Page(path, dict(_HIDDEN.findall(text)), tuple(dict.fromkeys(found)))

    def send(self, page: Page, values: Mapping[str, str]) -> str:
        """Send the form once it can be read; where it leads. `Refused` if it was not taken."""
        time.sleep(max(0.0, page.opened + READING_SECONDS - time.monotonic()))
        status, _, leads = self._ask("POST", page.path, urlencode({**page.hidden, **values}))
        if status != _SEE_OTHER:
            raise Refused(status, {"title": page.path})
        return leads

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        self._connection.close()  # weeks lie between two visits: the server let go of the last one
        headers = {"Cookie": "; ".join(f"{k}={v.value}" for k, v in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self._cookies.load(cookie)
        self.requests += 1
        return answer.status, answer.read().decode(), answer.headers.get("Location", "")
