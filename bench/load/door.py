"""A house served by a process of its own, and people's connections to it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.settings import Settings
    from bench.load.town import Visitor

_ROOT: Final = Path(__file__).resolve().parents[2]
_GREETING: Final = re.compile(r"http://[^:]+:(\d+)/")
SECONDS_TO_START: Final = 120
SECONDS_TO_END: Final = 60
SECONDS_MAX: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`regu serve` as a process."""

    pid: int
    port: int

    def rss_mb(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    def cpu_seconds(self) -> float:
        """CPU time used so far, user and system."""
        # the fields behind the name, which may hold blanks
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(settings: Settings, folder: Path, threads: int) -> Iterator[Server]:
    """The house of these settings in a process of its own; ended by SIGTERM."""
    log = folder / "serve.log"
    own = {
        "REGU_DATABASE_URL": settings.database_url,
        "REGU_DATA_DIR": str(settings.data_dir),
        "REGU_SECRET_FILE": str(settings.secret_file),
        "REGU_PORT": "0",
        "REGU_THREADS": str(threads),
        "REGU_LOG": "warning",
        "MALLOC_ARENA_MAX": "2",  # as the files in deploy/ have it
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("REGU_")}
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            cwd=_ROOT,
            env={**plain, **own},
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    try:
        yield Server(pid=process.pid, port=_port(process, log))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """The port it greets with: all that it writes there."""
    assert process.stdout is not None
    late = threading.Timer(SECONDS_TO_START, process.kill)
    late.start()
    for line in process.stdout:
        found = _GREETING.search(line.decode())
        if found:
            late.cancel()
            return int(found[1])
    late.cancel()
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class Line:
    """One kept connection, of one client; a server may close it between two requests."""

    port: int
    reconnected: int = 0
    _kept: HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str, who: Visitor) -> Answer:
        """A page or a list."""
        return self._ask("GET", path, None, {"Cookie": who.cookie})

    def post(self, path: str, who: Visitor, body: object, key: str) -> Answer:
        """An act with its idempotency key."""
        headers = {
            "Cookie": who.cookie,
            "X-CSRF-Token": who.csrf,
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        return self._ask("POST", path, json.dumps(body).encode(), headers)

    def close(self) -> None:
        """Close the connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        begun = time.perf_counter()
        if self._kept is None:
            self._kept = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_MAX)
            self.reconnected += 1
        self._kept.request(method, path, body, headers)
        answer = self._kept.getresponse()
        data = answer.read()
        if answer.will_close:
            self.close()
        return Answer(answer.status, data, time.perf_counter() - begun)
