"""Waiting inside a request: for jobs to come, or for an instance to end.

A waiting request asks again after a short pause; it holds no transaction meanwhile, but a thread.
So it needs a seat: polls for jobs and waits for an end have their own, neither takes those of the
other, and both together leave threads for everything else.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from flask import current_app
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
#: name under which the seats hang on the application
SEATS: Final = "regu.seats"


@dataclass(frozen=True, slots=True)
class Seats:
    """How many requests of one process may wait at a time; the next are answered at once."""

    #: for jobs to come
    jobs: threading.BoundedSemaphore
    #: for the end of an instance
    ends: threading.BoundedSemaphore


def seats_of(threads: int) -> Seats:
    """Half of the request threads for jobs, half of the others for ends; one is always left."""
    jobs = threads // 2
    ends = (threads - jobs) // 2
    return Seats(threading.BoundedSemaphore(jobs), threading.BoundedSemaphore(ends))


def seats() -> Seats:
    """The seats of this application."""
    return cast("Seats", current_app.extensions[SEATS])


def timeout_field() -> fields.Integer:
    """`requestTimeout`: milliseconds; 0 is the usual time, negative does not wait."""
    return fields.Integer(
        strict=True, load_default=0, validate=validate.Range(min=-(2**31), max=2**31)
    )


def until(
    ready: Callable[[], T | None], wait_ms: int, seat: threading.BoundedSemaphore
) -> T | None:
    """What `ready` gives, asked until the time is over; asked once where no seat is free."""
    found = ready()
    if found is not None or wait_ms < 0 or not seat.acquire(blocking=False):
        return found
    try:
        end = time.monotonic() + min(wait_ms or WAIT_MS, WAIT_MS_MAX) / 1000
        while found is None and (left := end - time.monotonic()) > 0:
            time.sleep(min(PAUSE_S, left))
            found = ready()
        return found
    finally:
        seat.release()


def end_of(instance_key: int, wait_ms: int, names: Sequence[str]) -> dict[str, Any]:
    """Variables of an instance at its end; `GatewayTimeout` while it lives on."""

    def ended() -> dict[str, Any] | None:
        view = process_views.instance_view(house(), actor(), instance_key)
        if view.row.status in (InstanceStatus.ACTIVE, InstanceStatus.SUSPENDED):
            return None
        return {name: one for name, one in view.variables.items() if not names or name in names}

    found = until(ended, wait_ms, seats().ends)
    if found is None:
        raise GatewayTimeout(f"instance {instance_key} has not ended; it goes on")
    return found
