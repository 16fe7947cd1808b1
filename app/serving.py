"""An application on a port, in a thread of this process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

# no stubs are published for waitress
from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from flask import Flask

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
