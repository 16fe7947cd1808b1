"""History for those who improve processes: times of elements, and event logs for mining."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Final, cast

from engine.usecases.errors import NotFound
from engine.usecases.event_logs.commas import write_csv
from engine.usecases.event_logs.entries import Cover
from engine.usecases.event_logs.ocel import write_ocel
from engine.usecases.event_logs.xes import write_xes
from engine.usecases.ports.mining import Window
from engine.usecases.rights import may, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import BinaryIO

    from engine.usecases.actor import Actor
    from engine.usecases.event_logs.entries import Entry
    from engine.usecases.ports.mining import ElementTimes
    from engine.usecases.ports.work import House, UnitOfWork

#: history rows read in one transaction
CHUNK: Final = 5_000
#: bytes of a log that are held in memory; a longer one lies in a temporary file
IN_MEMORY: Final = 1024 * 1024
MEDIAN_AND_P90: Final = (0.5, 0.9)


class LogFormat(StrEnum):
    """How an event log is written."""

    XES = "xes"
    OCEL = "ocel"
    CSV = "csv"

    @property
    def ending(self) -> str:
        """How the name of its file ends."""
        return ".ocel.json" if self is LogFormat.OCEL else f".{self.value}"

    @property
    def media(self) -> str:
        """Its media type."""
        return _MEDIA[self]


_MEDIA: Final[Mapping[LogFormat, str]] = {
    LogFormat.XES: "application/xml",
    LogFormat.OCEL: "application/json",
    LogFormat.CSV: "text/csv",
}

_WRITERS: Final[Mapping[LogFormat, Callable[[Iterable[Entry], BinaryIO], None]]] = {
    LogFormat.XES: write_xes,
    LogFormat.OCEL: write_ocel,
    LogFormat.CSV: write_csv,
}


def element_times(
    house: House,
    actor: Actor,
    process_id: str,
    *,
    definition_key: int | None = None,
    fractions: Sequence[float] = MEDIAN_AND_P90,
) -> Sequence[ElementTimes]:
    """Visits, waiting, lengths and incidents of every element; `NotFound`."""
    require(actor, "instance:read", process_id)
    window = Window(process_id=process_id, agency_id=actor.agency_id, definition_key=definition_key)
    with house.reading() as uow:
        _known(uow, process_id)
        return uow.mining.element_times(window, fractions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What history says of a process, for a simulation."""

    process_id: str
    started: int
    first: datetime | None
    last: datetime | None
    times: Sequence[ElementTimes]
    #: (element, flows taken as JSON, how often)
    ways: Sequence[tuple[str, str, int]]
    #: user task -> how many different people ended it
    hands: Mapping[str, int] = field(default_factory=dict)


def learn(house: House, actor: Actor, window: Window, fractions: Sequence[float]) -> Learned:
    """Arrivals, times at these fractions and ways of a process; `AccessRefused`, `NotFound`."""
    require(actor, "instance:read", window.process_id)
    with house.reading() as uow:
        _known(uow, window.process_id)
        started, first, last = uow.mining.starts(window)
        return Learned(
            process_id=window.process_id,
            started=started,
            first=first,
            last=last,
            times=uow.mining.element_times(window, fractions),
            ways=uow.mining.ways(window),
            hands=uow.mining.hands(window),
        )


def write_log(
    house: House, actor: Actor, window: Window, form: LogFormat, to: BinaryIO, *, names: bool
) -> None:
    """Write the history of a process as an event log.

    People are numbers, and business keys and results of decisions are left out, unless `names`
    are asked for by who may read them. Form data is in no history. `AccessRefused`, `NotFound`.
    """
    require(actor, "history:export", window.process_id)
    if names:
        require(actor, "history:identify", window.process_id)
    with house.reading() as uow:
        _known(uow, window.process_id)
    cover = Cover(open=names and may(actor, "history:identify"))
    entries = _entries(house, window, cover)
    if form is LogFormat.XES:
        entries = iter(sorted(entries, key=lambda entry: (int(entry.case_id), int(entry.id))))
    _WRITERS[form](entries, to)


def log_file(
    house: House, actor: Actor, window: Window, form: LogFormat, *, names: bool
) -> BinaryIO:
    """The same as a file to be read and closed, from the beginning; a long one lies on disk."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
    into = cast("BinaryIO", file)
    try:
        write_log(house, actor, window, form, into, names=names)
    except BaseException:
        into.close()
        raise
    into.seek(0)
    return into


def _known(uow: UnitOfWork, process_id: str) -> None:
    if uow.processes.latest_definition(process_id) is None:
        raise NotFound("process", process_id)


def _entries(house: House, window: Window, cover: Cover) -> Iterator[Entry]:
    """In order of keys; each chunk is read in a transaction of its own."""
    names: dict[tuple[int, str], str] = {}
    known: set[int] = set()
    after = 0
    while True:
        with house.reading() as uow:
            rows = uow.mining.events(window, after, CHUNK)
            new = {row.definition_key for row in rows} - known
            names.update(house.runner.element_names(uow, new))
            known |= new
        for row in rows:
            if row.event == "decision":
                cover.decided(row)
                continue
            activity = names.get((row.definition_key, row.element_id), row.element_id)
            yield cover.entry(row, activity)
        if len(rows) < CHUNK:
            return
        after = rows[-1].key
