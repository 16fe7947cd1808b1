"""Names that pages show for ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.outputs import Output

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import InstanceRow, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True)
class Named:
    """A person with the name that is shown."""

    id: str
    name: str


def process_names(house: House, tasks: Sequence[UserTaskRow]) -> Mapping[int, str]:
    """Name of the drawing by definition key, for tasks the actor already sees; one statement."""
    with house.reading() as uow:
        faces = uow.inbox.faces([task.key for task in tasks], None)
    return {task.definition_key: faces[task.key].process for task in tasks if task.key in faces}


def person_names(house: House, person_ids: Iterable[str | None]) -> Mapping[str, str]:
    """Names by person id, for rows the actor already sees."""
    with house.reading() as uow:
        return uow.agency.names(sorted({one for one in person_ids if one}))


def about_whom(house: House, actor: Actor, tasks: Sequence[UserTaskRow]) -> Mapping[int, Named]:
    """The person each open task is about, where that is somebody else; for tasks the actor sees."""
    with house.reading() as uow:
        faces = uow.inbox.faces([task.key for task in tasks], None)
    return {
        key: Named(face.about_id, face.about)
        for key, face in faces.items()
        if face.about_id and face.about and face.about_id != actor.person_id
    }


def matters(uow: UnitOfWork, rows: Sequence[InstanceRow]) -> Mapping[int, str]:
    """What each instance is about: a person's name or an output's title, by its business key."""
    first = {row.key: (row.business_key or "").partition(":")[0] for row in rows}
    names = uow.agency.names(sorted(set(first.values()) - {""}))
    found: dict[int, str] = {}
    for key, one in first.items():
        if one in names:
            found[key] = names[one]
        elif one:
            output = uow.contributions.get(Output, one)
            found[key] = output.title if output is not None else ""
    return found
