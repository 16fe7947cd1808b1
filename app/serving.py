"""Serving: an application on a port, alone or with its worker until told to end."""

from __future__ import annotations

import errno
import logging
import select
import signal
import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Final

# no stubs are published for waitress
from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]

from app.beats import Pulse
from app.boundaries import Channel
from app.factory import create_app
from app.health import figures_app
from app.setting_refused import SettingRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from flask import Flask

    from app.settings import Settings
    from app.wiring import Wired
    from app.worker import Worker

log = logging.getLogger("regu.serving")

SECONDS_TO_END: Final = 10.0
#: how long a connection on which nothing happens is kept after the word to end: a request may be
#: on its way on it
_QUIET_SECONDS: Final = 0.5
_LOOK_SECONDS: Final = 0.02
#: why nobody can listen on a port, in words
_NO_PORT: Final = {
    errno.EADDRINUSE: "another program listens on this port; name a free one",
    errno.EACCES: "this account may not listen on this port; name one from 1024 on",
}


class Served:
    """Serves from the moment it is made until it is closed."""

    def __init__(self, app: Flask, *, host: str, port: int, threads: int) -> None:
        """`port` 0 takes a free one."""
        self._server = create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            clear_untrusted_proxy_headers=False,  # `app.proxies` reads and forgets them
        )
        self._server.channel_class = Channel
        #: connections by their file; the server leaves its map when it stops listening
        self._map: dict[int, Any] = self._server._map  # noqa: SLF001 - waitress offers no other
        self._port = int(self._server.effective_port)
        self._ending_at: float | None = None
        self._empty = threading.Event()
        self._thread = threading.Thread(target=self._server.run, name="regu-door", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port

    def wait(self, over: threading.Event | None = None) -> None:
        """Serve until the event is set, or serving ended by itself."""
        told = over or threading.Event()
        while not told.wait(1.0):
            if not self._thread.is_alive():
                log.error("serving ended by itself")
                return

    def close(self, timeout_s: float = SECONDS_TO_END) -> bool:
        """End: nothing new is taken, what was taken is answered; False when the time was over."""
        until = time.monotonic() + timeout_s
        while not self._empty.is_set() and time.monotonic() < until and self._thread.is_alive():
            self._tell(self._let_go)
            self._empty.wait(_LOOK_SECONDS)
        left = max(until - time.monotonic(), 0.1)
        self._server.task_dispatcher.shutdown(timeout=left)
        self._tell(lambda: wasyncore.close_all(self._map, ignore_all=True))
        self._thread.join(SECONDS_TO_END)
        return self._empty.is_set()

    def _tell(self, act: Callable[[], None]) -> None:
        """Have the loop do something; one that has ended has nothing left to do."""
        with suppress(OSError):  # its end of the trigger is closed
            self._server.trigger.pull_trigger(act)

    # -- in the loop's thread ----------------------------------------------------------------

    def _let_go(self) -> None:
        if self._ending_at is None:
            self._ending_at = time.time()
            self._stop_listening()
        for channel in list(self._server.active_channels.values()):
            if channel.requests:
                # its answer says that the connection ends with it
                channel.requests[-1].headers["CONNECTION"] = "close"
            elif self._is_quiet(channel, self._ending_at):
                channel.handle_close()
        if not self._server.active_channels:
            self._empty.set()

    def _stop_listening(self) -> None:
        """Take whoever knocked already, then close the door."""
        known = -1
        while known != len(self._server.active_channels):
            known = len(self._server.active_channels)
            self._server.handle_accept()
        self._server.accepting = False
        wasyncore.dispatcher.close(self._server)

    def _is_quiet(self, channel: Any, ending_at: float) -> bool:
        """Whether nothing is at hand on a connection, and nothing came for a while."""
        if channel.request is not None or channel.total_outbufs_len:
            return False
        if time.time() - max(channel.last_activity, ending_at) < _QUIET_SECONDS:
            return False
        return not select.select([channel.socket], [], [], 0)[0]


def told_to_end() -> threading.Event:
    """An event that SIGTERM or Ctrl-C sets; a second one ends the process at once."""
    over = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return over


def serve_until_told(wired: Wired, settings: Settings, greet: Callable[[int], None]) -> None:
    """Pages, API and worker until SIGTERM or Ctrl-C; `greet` is told the port.

    Then what is at hand has `REGU_STOP_SECONDS` to end: requests first, with the worker's chunk.
    `SettingRefused` when a port cannot be listened on.
    """
    over = told_to_end()
    worker = wired.worker()
    pulse = Pulse(wired, "serve", lambda: worker.running)
    app = create_app(settings, wired=wired, wake=worker.wake, pulse=pulse)
    served = _listening(app, "REGU_PORT", (settings.host, settings.port), settings.threads)
    beside = _tell_figures(settings, wired, pulse)
    worker.start()
    pulse.start()
    try:
        greet(served.port)
        served.wait(over)
    finally:
        until = time.monotonic() + settings.stop_seconds
        worker.stop(0)
        beside.close()
        if not served.close(settings.stop_seconds):
            log.warning("some requests took longer than REGU_STOP_SECONDS and were cut off")
        _end_work(worker, pulse, until)


def work_until_told(wired: Wired, worker: Worker, greet: Callable[[], None]) -> None:
    """A worker alone until SIGTERM or Ctrl-C; then as `serve_until_told`."""
    over = told_to_end()
    pulse = Pulse(wired, "worker", lambda: worker.running)
    beside = _tell_figures(wired.settings, wired, pulse)
    worker.start()
    pulse.start()
    try:
        greet()
        over.wait()
    finally:
        beside.close()
        _end_work(worker, pulse, time.monotonic() + wired.settings.stop_seconds)


def _tell_figures(settings: Settings, wired: Wired, pulse: Pulse) -> ExitStack:
    """Serve figures at `REGU_METRICS_LISTEN`, if it is set, until the stack is closed."""
    stack = ExitStack()
    if settings.metrics_listen is not None:
        app = figures_app(settings, wired, pulse)
        figures = _listening(app, "REGU_METRICS_LISTEN", settings.metrics_listen, 1)
        stack.callback(figures.close, 1.0)
    return stack


def _listening(app: Flask, setting: str, place: tuple[str, int], threads: int) -> Served:
    """Serve at a host and port; `SettingRefused` when it cannot be listened on."""
    host, port = place
    try:
        return Served(app, host=host, port=port, threads=threads)
    except OSError as error:
        wanted = _NO_PORT.get(error.errno or 0)
        if wanted is None:
            raise
        raise SettingRefused(setting, str(port), wanted) from error


def _end_work(worker: Worker, pulse: Pulse, until: float) -> None:
    """Let the chunk at hand end until then (monotonic); what is cut off is undone as a whole."""
    worker.stop(max(until - time.monotonic(), 0.1))
    if worker.running:
        log.warning("the work at hand took longer than REGU_STOP_SECONDS and is undone")
    pulse.stop()
