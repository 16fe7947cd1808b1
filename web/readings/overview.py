"""What a process owner sees first: versions, what runs of each, where it waits, what broke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.process import DefinitionRow
    from engine.usecases.ports.search import Running, Waiting
    from web.tables import Cell


def overview_table(definitions: Sequence[DefinitionRow], running: Running) -> Table:
    """One row per process, those with trouble first, then those in which most waits."""
    kept = sorted(definitions, key=lambda one: _order(one, running))
    return Table(
        name="ikhtisar-proses",
        title=_("Processes at a glance"),
        columns=(
            Column(_("Process")),
            Column(_("Version"), Kind.NUMBER),
            Column(_("Published"), Kind.DAY),
            Column(_("Running"), Kind.NUMBER),
            Column(_("Of older versions"), Kind.NUMBER),
            Column(_("Most waits at")),
            Column(_("Open tasks there"), Kind.NUMBER),
            Column(_("Oldest since"), Kind.DAY),
            Column(_("Incidents"), Kind.NUMBER),
        ),
        rows=[_row(one, running) for one in kept],
        links=[
            url_for("process.everything", proses=one.process_id, keadaan="active") for one in kept
        ],
    )


def _row(one: DefinitionRow, running: Running) -> Sequence[Cell]:
    live = {key: n for (process, key), n in running.instances.items() if process == one.process_id}
    most = _most(one, running)
    return (
        one.name or one.process_id,
        one.version,
        one.deployed_at,
        sum(live.values()),
        sum(n for key, n in live.items() if key != one.key),
        most.name if most is not None else None,
        most.tasks if most is not None else 0,
        most.since if most is not None else None,
        running.incidents.get(one.process_id, 0),
    )


def _most(one: DefinitionRow, running: Running) -> Waiting | None:
    waiting = [step for step in running.waiting if step.process_id == one.process_id]
    return max(waiting, key=lambda step: (step.tasks, step.name), default=None)


def _order(one: DefinitionRow, running: Running) -> tuple[int, int, str]:
    most = _most(one, running)
    incidents = running.incidents.get(one.process_id, 0)
    return -incidents, -(most.tasks if most is not None else 0), one.name
