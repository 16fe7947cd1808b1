"""Waiting inside a request: for jobs to come, or for an instance to end.

A waiting request asks again after a short pause; it holds no transaction meanwhile. At most
`WAITING_MAX` requests of a process wait at a time, so that others find a thread.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

from marshmallow import fields, validate
from werkzeug.exceptions import GatewayTimeout

from api.door import actor, house
from engine.usecases import process_views
from engine.usecases.ports.process import InstanceStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

#: how long a request waits when it does not say, and at most
WAIT_MS: Final = 10_000
WAIT_MS_MAX: Final = 60_000
#: between two looks
PAUSE_S: Final = 0.2
#: requests of one process that wait at a time; the next ones are answered at once
WAITING_MAX: Final = 4

_seats = threading.BoundedSemaphore(WAITING_MAX)


def timeout_field() -> fields.Integer:
    """`requestTimeout`: milliseconds; 0 is the usual time, negative does not wait."""
    return fields.Integer(
        strict=True, load_default=0, validate=validate.Range(min=-(2**31), max=2**31)
    )


def until(ready: Callable[[], T | None], wait_ms: int) -> T | None:
    """What `ready` gives, asked until the time is over; None then."""
    found = ready()
    if found is not None or wait_ms < 0 or not _seats.acquire(blocking=False):
        return found
    try:
        end = time.monotonic() + min(wait_ms or WAIT_MS, WAIT_MS_MAX) / 1000
        while found is None and (left := end - time.monotonic()) > 0:
            time.sleep(min(PAUSE_S, left))
            found = ready()
        return found
    finally:
        _seats.release()


def end_of(instance_key: int, wait_ms: int, names: Sequence[str]) -> dict[str, Any]:
    """Variables of an instance at its end; `GatewayTimeout` while it lives on."""

    def ended() -> dict[str, Any] | None:
        view = process_views.instance_view(house(), actor(), instance_key)
        if view.row.status in (InstanceStatus.ACTIVE, InstanceStatus.SUSPENDED):
            return None
        return {name: one for name, one in view.variables.items() if not names or name in names}

    found = until(ended, wait_ms)
    if found is None:
        raise GatewayTimeout(f"instance {instance_key} has not ended; it goes on")
    return found
