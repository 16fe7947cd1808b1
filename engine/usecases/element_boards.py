"""Where a process waits: every element with its times, beside the drawing they are shown on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.errors import NotFound
from engine.usecases.mining import MEDIAN_AND_P90
from engine.usecases.ports.mining import Window
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.mining import ElementTimes
    from engine.usecases.ports.process import DefinitionRow
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element of a process and what history says of it."""

    id: str
    #: as drawn; the id where it has none
    name: str
    #: its word in BPMN, such as "userTask"
    type: str
    #: visits that ended, and that have not
    ended: int
    waiting: int
    #: seconds of the visits that ended (nearest rank); None when none has
    median_s: float | None
    p90_s: float | None
    #: incidents that were ever written
    incidents: int

    @property
    def visits(self) -> int:
        """How often it was entered."""
        return self.ended + self.waiting

    @property
    def is_work(self) -> bool:
        """Whether somebody or something has to do it: no mere passing, waiting or holding."""
        return self.type.lower().endswith("task") or self.type == "callActivity"


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementBoard:
    """All elements of a process that were ever entered."""

    #: the version whose drawing shows them: the one asked for, else the newest
    drawn: DefinitionRow
    #: the version they are of; None: of all
    version: int | None
    #: all versions, newest first
    versions: Sequence[DefinitionRow]
    elements: Sequence[Element]


def element_board(
    house: House, actor: Actor, process_id: str, *, version: int | None = None
) -> ElementBoard:
    """Times of all elements in three statements; `AccessRefused`, `NotFound`."""
    require(actor, "instance:read", process_id)
    with house.reading() as uow:
        versions = uow.processes.definition_versions(process_id)
        chosen = next((row for row in versions if version in (None, row.version)), None)
        drawn = None if chosen is None else uow.processes.definition(chosen.key)
        if drawn is None:
            raise NotFound("process", process_id)
        window = Window(
            process_id=process_id,
            agency_id=actor.agency_id,
            definition_key=None if version is None else drawn.key,
        )
        times = uow.mining.element_times(window, MEDIAN_AND_P90)
        names = house.runner.element_names(uow, (drawn.key,))
    return ElementBoard(
        drawn=drawn,
        version=version,
        versions=versions,
        elements=[_element(one, names.get((drawn.key, one.element_id))) for one in times],
    )


def _element(one: ElementTimes, name: str | None) -> Element:
    median, p90 = one.quantiles_s or (None, None)
    return Element(
        id=one.element_id,
        name=name or one.element_id,
        type=one.element_type,
        ended=one.ended,
        waiting=one.waiting,
        median_s=median,
        p90_s=p90,
        incidents=one.incidents,
    )
