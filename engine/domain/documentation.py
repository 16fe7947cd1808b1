"""Monthly documentation of results, so that December confirms and does not reconstruct."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

#: attainment of a period that went as planned
AS_PLANNED: Final = Decimal("100.00")
#: consecutive periods without documentation that warn early
SILENT_PERIODS: Final = 2


class Way(StrEnum):
    """How a result was documented in a period."""

    #: one tap: it went as planned
    AS_PLANNED = "as_planned"
    #: a realised number
    MEASURED = "measured"
    #: words or proof only; nothing to measure yet
    NOTED = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Documentation:
    """What somebody wrote about a result for a period; the newest one counts."""

    #: UUIDv7 text
    id: str
    #: the result
    item_id: str
    #: the period
    period_id: str
    #: how
    way: Way
    #: the number, when there is one
    actual: Decimal | None = None
    #: words
    note: str = ""
    #: what stood in the way, for the period as a whole
    obstacles: str = ""
    #: who
    recorded_by: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A piece of evidence laid beside one thing of the dialogue."""

    #: UUIDv7 text
    id: str
    #: file or link
    evidence_id: str
    #: whose work or conduct it shows
    person_id: str
    #: in which cycle
    cycle_id: str
    #: beside a result in a period
    item_id: str | None = None
    #: that period
    period_id: str | None = None
    #: or beside a feedback
    feedback_id: str | None = None
    #: or beside an incident
    incident_id: str | None = None


def way_of(*, as_planned: bool, actual: Decimal | None) -> Way:
    """Promise: a number says more than a tap, a tap more than words."""
    if actual is not None:
        return Way.MEASURED
    return Way.AS_PLANNED if as_planned else Way.NOTED
