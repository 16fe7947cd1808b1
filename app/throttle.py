"""What one process remembers: passwords just checked, and what came how often."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections import OrderedDict

#: how long a checked password of an API client is remembered, in seconds and in accounts
CHECKED_SECONDS = 300
CHECKED_MAX = 4096

#: unknown codes from one address within ten minutes before it must wait
ADDRESS_FAILURES_MAX = 60
ADDRESS_WINDOW_S = 600


class CheckedPasswords:
    """Passwords just checked, as keyed hashes; bound to the stored hash, so a change counts."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._seen: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, login: str, password: str, stored: str) -> bool:
        """Whether this password was found right within the last minutes."""
        with self._lock:
            until = self._seen.get(self._mark(login, password, stored))
        return until is not None and until > time.monotonic()

    def keep(self, login: str, password: str, stored: str) -> None:
        """Remember a password that was found right."""
        with self._lock:
            self._seen[self._mark(login, password, stored)] = time.monotonic() + CHECKED_SECONDS
            while len(self._seen) > CHECKED_MAX:
                self._seen.popitem(last=False)

    def _mark(self, login: str, password: str, stored: str) -> bytes:
        text = f"{login}\0{password}\0{stored}"
        return hmac.new(self._key, text.encode(), hashlib.sha256).digest()


class AddressBook:
    """What came from each address or account within a while, in this process."""

    def __init__(
        self, most: int = ADDRESS_FAILURES_MAX, window_s: float = ADDRESS_WINDOW_S
    ) -> None:
        """`most` within `window_s` seconds, then whoever it is must wait."""
        self._most = most
        self._window_s = window_s
        self._noted: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, who: str) -> None:
        """Count one."""
        with self._lock:
            self._noted.setdefault(who, []).append(time.monotonic())
            self._noted.move_to_end(who)
            while len(self._noted) > CHECKED_MAX:
                self._noted.popitem(last=False)

    def wait_seconds(self, who: str) -> int:
        """Seconds until the next may come, 0 when it may now."""
        now = time.monotonic()
        with self._lock:
            recent = [at for at in self._noted.get(who, []) if at > now - self._window_s]
            if recent:
                self._noted[who] = recent
            else:
                self._noted.pop(who, None)
        if len(recent) < self._most:
            return 0
        return int(recent[-self._most] + self._window_s - now) + 1
