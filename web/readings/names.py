"""Names that pages show for ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.work import House


def process_names(house: House, tasks: Sequence[UserTaskRow]) -> Mapping[int, str]:
    """Name of the drawing by definition key, for tasks the actor already sees."""
    names: dict[int, str] = {}
    with house.reading() as uow:
        for key in {task.definition_key for task in tasks}:
            row = uow.processes.definition(key)
            if row is not None:
                names[key] = row.name or row.process_id
    return names


def person_names(house: House, person_ids: Iterable[str | None]) -> Mapping[str, str]:
    """Names by person id, for rows the actor already sees."""
    with house.reading() as uow:
        return uow.agency.names(sorted({one for one in person_ids if one}))
