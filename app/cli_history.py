"""`regu history`: an event log for process mining, or a plan for a simulation."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.operator import OPERATOR
from engine.simulation.learning import learned_plan
from engine.usecases.errors import NotFound
from engine.usecases.mining import LogFormat, write_log
from engine.usecases.ports.mining import Window

if TYPE_CHECKING:
    import argparse

    from app.wiring import Wired

#: how long a learned plan lets instances arrive
LENGTH = timedelta(days=30)


def write_history(wired: Wired, given: argparse.Namespace) -> int:
    """Write the history of a process to stdout or a file; 1 when there is no such process."""
    actor = replace(OPERATOR, agency_id=wired.agency_id(given.agency))
    if given.names:
        actor = replace(actor, groups=actor.groups | {"auditor"})
    window = Window(
        process_id=given.process,
        agency_id=actor.agency_id,
        since=_moment(given.since),
        until=_moment(given.until),
    )
    into = given.out.open("wb") if given.out else sys.stdout.buffer
    try:
        if given.format == "plan":
            begins = wired.house.clock.now().replace(microsecond=0)
            into.write(learned_plan(wired.house, actor, window, begins, LENGTH).encode())
        else:
            write_log(wired.house, actor, window, LogFormat(given.format), into, names=given.names)
    except BrokenPipeError:
        return 0  # whoever read it has enough
    except NotFound as missing:
        print(missing, file=sys.stderr)
        return 1
    finally:
        if given.out:
            into.close()
    return 0


def _moment(text: str | None) -> datetime | None:
    """A day, from its beginning in UTC, or a moment."""
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
