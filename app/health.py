"""Whether this process lives and is ready, and its figures: doors for machines, not for people."""

from __future__ import annotations

import hmac
import shutil
import threading
import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from flask import Flask, current_app, json, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from app import headers, problems
from app.beats import SEEN_WITHIN, Pulse
from app.figures import MEDIA_TYPE as FIGURES_TYPE
from engine.persistence import beats
from engine.persistence.migrate import current_revision, head_revision

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.settings import Settings
    from app.wiring import Wired

#: an answer to /readyz is good for so long: who asks often costs nothing
_FRESH_SECONDS: Final = 1.0
#: how long a request waits for the look of another
_PATIENCE_SECONDS: Final = 2.0
#: bytes below which a disk counts as full
ROOM_MIN: Final = 64 * 1024 * 1024
TOKEN_CHARACTERS_MIN: Final = 16
_HERE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_DOORS: Final = ("/healthz", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of being ready; `words` say what is wrong, and no secret."""

    name: str
    good: bool
    words: str = ""


class Readiness:
    """What must hold before a proxy sends people here."""

    def __init__(self, wired: Wired, pulse: Pulse | None) -> None:
        """Without a pulse (an application that somebody else runs) nobody knows of a worker."""
        self._wired, self._pulse = wired, pulse
        self._lock = threading.Lock()
        self._fresh_until = 0.0
        self._parts: tuple[Part, ...] = ()

    def parts(self) -> tuple[Part, ...]:
        """All conditions, looked at once a second at most, by one request at a time.

        While a look takes long, others do not queue up behind it.
        """
        if not self._lock.acquire(timeout=_PATIENCE_SECONDS):
            return (Part("database", False, "it does not answer in time"),)
        try:
            if time.monotonic() >= self._fresh_until:
                self._parts = tuple(self._look())
                self._fresh_until = time.monotonic() + _FRESH_SECONDS
            return self._parts
        finally:
            self._lock.release()

    def _look(self) -> list[Part]:
        try:
            schema = current_revision(self._wired.database) == head_revision()
            found = [Part("database", True), _part("schema", schema, "run regu migrate")]
            if self._pulse is not None and schema:
                found.append(self._worker())
        except SQLAlchemyError:
            found = [Part("database", False, "it does not answer")]
        if self._pulse is not None:
            words = "nothing could be written for a minute"
            found.append(_part("writing", self._pulse.writes(), words))
        free = shutil.disk_usage(self._wired.settings.data_dir).free
        return [*found, _part("disk", free >= ROOM_MIN, "the disk of REGU_DATA_DIR is full")]

    def _worker(self) -> Part:
        with self._wired.database.reading.connect() as connection:
            known = beats.beats(connection)
        since = self._wired.house.clock.real_now() - SEEN_WITHIN
        seen = any(one.works and one.seen_at >= since for one in known)
        return _part("worker", seen, "no worker was seen for a minute")


def _part(name: str, good: bool, words: str) -> Part:  # noqa: FBT001 - what the part is about
    return Part(name, good, "" if good else words)


def register(
    app: Flask, settings: Settings, wired: Wired, pulse: Pulse | None, *, alone: bool = False
) -> None:
    """Serve the three doors, before the desk asks who is there: they know no sessions.

    `alone`: nothing else is served, at an address that no proxy passes on.
    """
    readiness = Readiness(wired, pulse)

    def healthz() -> ResponseReturnValue:
        return {"status": "alive"}

    def readyz() -> ResponseReturnValue:
        parts = readiness.parts()
        told = {part.name: part.words or "ok" for part in parts}
        missing = [part.name for part in parts if not part.good]
        if not missing:
            return {"status": "ready", "parts": told}
        problem = problems.Problem(
            status=503,
            slug="not-ready",
            title="Not ready",
            detail=", ".join(missing),
            facts={"parts": told},
        )
        return current_app.response_class(
            json.dumps(problem.body(problems.reference())), 503, mimetype=problems.MEDIA_TYPE
        )

    def metrics() -> ResponseReturnValue:
        free = alone and settings.metrics_token_file is None and _is_from_here()
        if not (free or _holds_token(settings)):
            raise NotFound
        return current_app.response_class(wired.figures.text(), content_type=FIGURES_TYPE)

    views = dict(zip(_DOORS, (healthz, readyz, metrics), strict=True))
    for path, view in views.items():
        view.public = True  # type: ignore[attr-defined]
        app.add_url_rule(path, path[1:], view)

    @app.before_request
    def answer_machines() -> ResponseReturnValue | None:
        if request.path in views and request.method in ("GET", "HEAD"):
            return views[request.path]()
        return None


def figures_app(settings: Settings, wired: Wired, pulse: Pulse) -> Flask:
    """The three doors alone, for `REGU_METRICS_LISTEN`: no page, no session, no way elsewhere."""
    app = Flask("figures", static_folder=None)
    headers.register(app, https=False)
    register(app, settings, wired, pulse, alone=True)
    problems.register(app)
    return app


def _holds_token(settings: Settings) -> bool:
    """Whether who asks holds the token of REGU_METRICS_TOKEN_FILE."""
    given, wanted = request.authorization, _token(settings)
    sent = (given.token or "") if given is not None and given.type == "bearer" else ""
    return wanted is not None and hmac.compare_digest(sent.encode(), wanted)


def _token(settings: Settings) -> bytes | None:
    """What the file holds now; None when it is absent or too short to be a secret."""
    if settings.metrics_token_file is None:
        return None
    try:
        token = settings.metrics_token_file.read_bytes().strip()
    except OSError:
        return None
    return token if len(token) >= TOKEN_CHARACTERS_MIN else None


def _is_from_here() -> bool:
    """Whether a program of this machine asks under this machine's own name."""
    host = request.host.rpartition(":")[0] if request.host[-1:].isdecimal() else request.host
    try:
        return (host or request.host) in _HERE and ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
