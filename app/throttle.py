"""What one process remembers about passwords: those just checked, and addresses that fail."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections import OrderedDict

#: how long a checked password of an API client is remembered, in seconds and in accounts
CHECKED_SECONDS = 300
CHECKED_MAX = 4096

#: wrong passwords from one address within ten minutes before it must wait
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
    """Wrong passwords per network address, in this process."""

    def __init__(self) -> None:
        self._failures: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def note(self, address: str) -> None:
        """Count one."""
        now = time.monotonic()
        with self._lock:
            self._failures.setdefault(address, []).append(now)
            if len(self._failures) > CHECKED_MAX:
                self._failures.pop(next(iter(self._failures)))

    def wait_seconds(self, address: str) -> int:
        """Seconds until this address may try again, 0 when it may now."""
        now = time.monotonic()
        with self._lock:
            recent = [at for at in self._failures.get(address, []) if at > now - ADDRESS_WINDOW_S]
            if recent:
                self._failures[address] = recent
            else:
                self._failures.pop(address, None)
        if len(recent) < ADDRESS_FAILURES_MAX:
            return 0
        return int(recent[-ADDRESS_FAILURES_MAX] + ADDRESS_WINDOW_S - now) + 1
