"""Somebody else's service on loopback for tests: how it talks, and that it ends with the test."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Talk(BaseHTTPRequestHandler):
    """One visitor; `self.server.there` is whom he visits."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _say(self, data):
        self._raw(200, json.dumps(data).encode())

    def _raw(self, status, content, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class There:
    """The service, from `with` to the end of `with`, at `host` and `url`."""

    def __init__(self, talk, port=0):
        self._server = ThreadingHTTPServer(("127.0.0.1", port), talk)
        self._server.daemon_threads = True
        self._server.there = self
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
