"""A person at the API: HTTP Basic over one kept connection."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from typing import Any

SECONDS_MAX = 60
PAGE = 200


class Refused(Exception):
    """The API answered with a problem; its details are kept."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('title')}: {problem.get('detail')}")
        self.status = status
        self.problem = problem


class Client:
    """One account at the API; every number in an answer is exact."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS_MAX)
        word = base64.b64encode(f"{login}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {word}", "Content-Type": "application/json"}
        self.login = login
        self.requests = 0

    def get(self, path: str) -> Any:
        """The answer to a GET; `Refused` for a problem."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: dict[str, Any], *, key: str | None = None) -> Any:
        """The answer to a POST, repeatable when a key is given; `Refused` for a problem."""
        return self._ask("POST", path, body, {"Idempotency-Key": key} if key else {})

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """The answer to a PUT; `Refused` for a problem."""
        return self._ask("PUT", path, body, {})

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def tasks(self) -> list[dict[str, Any]]:
        """Everything this person may take, earliest due first."""
        found: list[dict[str, Any]] = []
        page = self.get(f"/api/tasks?limit={PAGE}")
        found.extend(page["items"])
        while page["next"]:
            page = self.get(f"/api/tasks?limit={PAGE}&after={page['next']}")
            found.extend(page["items"])
        return found

    def _ask(self, method: str, path: str, body: object, more: dict[str, str]) -> Any:
        data = None if body is None else json.dumps(body, default=_plain).encode()
        try:
            answer = self._send(method, path, data, more)
        except (RemoteDisconnected, BrokenPipeError):
            # the server closed the idle connection; nothing was done
            self._connection.close()
            answer = self._send(method, path, data, more)
        text = answer.read()
        self.requests += 1
        given = json.loads(text, parse_float=Decimal) if text else None
        if answer.status >= 400:  # noqa: PLR2004 - HTTP: from here on it is a problem
            raise Refused(answer.status, given or {})
        return given

    def _send(
        self, method: str, path: str, data: bytes | None, more: dict[str, str]
    ) -> HTTPResponse:
        self._connection.request(method, path, data, {**self._headers, **more})
        return self._connection.getresponse()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(str(value))
    raise TypeError(type(value).__name__)
