"""A watch over what a payload must never reach: programs, sockets, code made of text, files."""

from __future__ import annotations

import resource
import sys
import time
from contextlib import contextmanager

#: events of the interpreter that no expression may cause
_NEVER = ("os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "socket.connect")
_MARKS = ("/etc/passwd", "canary")
_seen: list[str] = []
_armed = False


def _hook(event, args):
    if not _armed:
        return
    if (
        event in _NEVER
        or (event == "compile" and args and str(args[1]).startswith("<string>"))
        or (event == "open" and any(mark in str(args[0]) for mark in _MARKS))
    ):
        _seen.append(event)


sys.addaudithook(_hook)


@contextmanager
def watched(seconds=6.0, megabytes=768):
    """What happens inside reaches nothing, takes no longer and no more memory than this."""
    global _armed  # noqa: PLW0603 - an audit hook cannot be taken away, only put to sleep
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm", encoding="ascii") as pages:  # noqa: PTH123 - of the kernel
        taken = int(pages.read().split()[0]) * resource.getpagesize()
    _seen.clear()
    began = time.process_time()
    resource.setrlimit(resource.RLIMIT_AS, (taken + megabytes * 1024**2, hard))
    _armed = True
    try:
        yield _seen
    finally:
        _armed = False
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    spent = time.process_time() - began
    assert spent < seconds, f"{spent:.1f} s of processor"
