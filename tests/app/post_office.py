"""A mail server on loopback for tests: it keeps what it takes and refuses what it is told to."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 test")
        for line in iter(self.rfile.readline, b""):
            verb = line.split()[0].upper().decode() if line.split() else ""
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                self._take()
            elif verb == "RCPT":
                self._say(self.server.answer("RCPT"))
            else:
                self._say("250 ok")

    def _take(self):
        self._say("354 go on")
        lines = [
            line.removeprefix(b".") if line.startswith(b"..") else line
            for line in iter(self.rfile.readline, b".\r\n")
        ]
        answer = self.server.answer("DATA")
        if answer.startswith("250"):
            self.server.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._say(answer)

    def _say(self, line):
        self.wfile.write(line.encode() + b"\r\n")


class PostOffice(socketserver.ThreadingTCPServer):
    """`taken` are the messages it accepted; `refusals` are answered first, in order."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken = []
        self.refusals = []
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def answer(self, verb):
        if self.refusals and self.refusals[0][0] == verb:
            return self.refusals.pop(0)[1]
        return "250 ok"

    def close(self):
        self.shutdown()
        self.server_close()
        self.thread.join(10)
