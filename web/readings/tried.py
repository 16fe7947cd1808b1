"""A dry run instance by instance: the matter, who holds it, and whether it would move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import url_for

from engine.usecases.ports.batches import InstanceFilter
from web.readings import moves
from web.readings.names import matters, person_names
from web.tables import Column, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import InstanceRow, UserTaskRow
    from engine.usecases.ports.versions import Obstacle
    from engine.usecases.ports.work import House, UnitOfWork
    from engine.usecases.release_outlook import Outlook

#: instances that a page names; a file names all that were tried
SHOWN: Final = 50
NAME: Final = "coba-pindah"


def tried_table(house: House, actor: Actor, found: Outlook, limit: int | None = SHOWN) -> Table:
    """Those that cannot move first; `limit`: so many, None: all that were tried."""
    went = found.tried.instances if found.tried is not None else {}
    told = sorted(went.items(), key=lambda pair: (not pair[1], pair[0]))[:limit]
    xml = found.source.xml if found.source is not None else b""
    with house.reading() as uow:
        rows = _rows(uow, actor, [key for key, _obstacles in told])
        tasks = _tasks(uow, rows.values())
        about = matters(uow, [row for row in rows.values() if not _subject(tasks[row.key])])
    names = person_names(house, (task.assignee for held in tasks.values() for task in held))
    return Table(
        name=NAME,
        title=_("The dry run, one by one"),
        columns=(Column(_("Matter")), Column(_("Whose")), Column(_("Verdict"))),
        rows=[
            (
                _subject(tasks.get(key, ())) or about.get(key) or str(key),
                ", ".join(_holders(tasks.get(key, ()), names)),
                _verdict(obstacles, xml),
            )
            for key, obstacles in told
        ],
        links=[url_for("process.show", key=key) for key, _obstacles in told],
    )


def _rows(uow: UnitOfWork, actor: Actor, keys: Sequence[int]) -> Mapping[int, InstanceRow]:
    if not keys:
        return {}
    wanted = InstanceFilter(agency_id=actor.agency_id, keys=tuple(keys))
    return {row.key: row for row in uow.batches.found(wanted, limit=len(keys))}


def _tasks(uow: UnitOfWork, rows: Iterable[InstanceRow]) -> Mapping[int, Sequence[UserTaskRow]]:
    """Open tasks of each, those in its repeated steps too."""
    shown = list(rows)
    found = uow.releases.open_in({row.root_key for row in shown})
    return {
        row.key: [
            task
            for task in found
            if (task.root_key, task.process_id) == (row.root_key, row.process_id)
        ]
        for row in shown
    }


def _subject(tasks: Sequence[UserTaskRow]) -> str:
    return next((task.subject for task in tasks if task.subject), "")


def _holders(tasks: Sequence[UserTaskRow], names: Mapping[str, str]) -> Iterable[str]:
    held = dict.fromkeys(task.assignee for task in tasks if task.assignee)
    return [names.get(one, one) for one in held]


def _verdict(obstacles: Sequence[Obstacle], xml: bytes) -> str:
    return " ".join(moves.obstacles(obstacles, xml)) if obstacles else _("would move")
