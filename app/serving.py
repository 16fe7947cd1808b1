"""Serving: an application on a port, alone or with its worker until told to end."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

# no stubs are published for waitress
from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]

from app.factory import create_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from flask import Flask

    from app.settings import Settings
    from app.wiring import Wired

SECONDS_TO_END = 10


class Served:
    """Serves from the moment it is made until it is closed."""

    def __init__(self, app: Flask, *, host: str, port: int, threads: int) -> None:
        """`port` 0 takes a free one."""
        self._server = create_server(app, host=host, port=port, threads=threads)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.effective_port)

    def wait(self) -> None:
        """Serve until this process is told to end."""
        self._thread.join()

    def close(self) -> None:
        """End: the loop closes its own sockets, requests at hand are finished first."""
        self._server.task_dispatcher.shutdown()
        everything = self._server._map  # noqa: SLF001 - waitress offers no other way to end
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(everything, ignore_all=True))
        self._thread.join(SECONDS_TO_END)


def serve_until_told(wired: Wired, settings: Settings, greet: Callable[[int], None]) -> None:
    """Pages, API and worker until SIGTERM or Ctrl-C; `greet` is told the port."""
    worker = wired.worker()
    app = create_app(settings, wired=wired, wake=worker.wake)
    served = Served(app, host=settings.host, port=settings.port, threads=settings.threads)

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    worker.start()
    try:
        greet(served.port)
        served.wait()
    except (SystemExit, KeyboardInterrupt):
        pass
    finally:
        worker.stop()
        served.close()
