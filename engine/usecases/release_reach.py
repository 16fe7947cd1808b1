"""Whom a release touches: through a drawing's changed steps, and through what drawings name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from engine.usecases.ports.batches import InstanceFilter
from engine.usecases.ports.drafts import DraftKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from engine.usecases.actor import Actor
    from engine.usecases.ports.drafts import Subject
    from engine.usecases.ports.process import DefinitionRow
    from engine.usecases.ports.releases import Places
    from engine.usecases.ports.versions import Difference
    from engine.usecases.ports.work import UnitOfWork
    from engine.usecases.release_files import FileChanges
    from engine.usecases.release_outlook import Outlook

#: attribute by which a drawing names what
_NAMED: Final = {DraftKind.DECISION: "decisionId", DraftKind.FORM: "formId"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A process that uses a form or a decision which becomes another."""

    subject: Subject
    process_id: str
    name: str
    #: its undertakings that live
    instances: int
    #: it binds the version of its own deployment: what runs keeps that
    keeps: bool

    @property
    def changes_running(self) -> bool:
        """Whether what runs asks the new version: a form stays as it was with an open task."""
        return self.subject.kind is DraftKind.DECISION and not self.keeps


def touched(uow: UnitOfWork, actor: Actor, found: Outlook, limit: int) -> Outlook:
    """The outlook with what runs and which open tasks it touches; at most four statements.

    `limit`: open tasks that are named; all of them are counted.
    """
    reached = tuple(_reached(uow, actor, found.files))
    asking = {one.process_id: one.instances for one in reached if one.changes_running}
    places: dict[str, Collection[str] | None] = {}
    instances = sum(asking.values())
    if found.source is not None and found.difference is not None:
        running = InstanceFilter(agency_id=actor.agency_id, definition_key=found.source.key)
        instances = uow.batches.count_instances(running)
        places[found.source.process_id] = touched_elements(found.difference)
    places.update(dict.fromkeys(asking))
    found = replace(found, reached=reached, instances=instances)
    return _with_tasks(uow, actor, found, places, limit) if places else found


def touched_elements(difference: Difference) -> frozenset[str]:
    """Elements that change or go, and those from which another arrow leads on."""
    return frozenset(
        one.leaves or one.id
        for one in difference.changes
        if one.what == "flow" or (one.what == "element" and one.how != "added")
    )


def _with_tasks(
    uow: UnitOfWork, actor: Actor, found: Outlook, places: Places, limit: int
) -> Outlook:
    return replace(
        found,
        standing=uow.releases.standing(actor.agency_id, places),
        tasks=uow.releases.tasks(actor.agency_id, places, limit=limit),
    )


def _reached(uow: UnitOfWork, actor: Actor, files: Collection[FileChanges]) -> Iterator[Reached]:
    """By file and process."""
    mine = [one for one in files if one.differs and one.subject.kind in _NAMED]
    wanted = {name for one in mine for name in one.named_by}
    if not wanted:
        return
    rows = {row.process_id: row for row in uow.processes.definitions()}
    counts = uow.releases.running(actor.agency_id, wanted)
    for one in mine:
        for name in one.named_by:
            yield Reached(
                subject=one.subject,
                process_id=name,
                name=rows[name].name or name,
                instances=counts.get(name, 0),
                keeps=_keeps(rows[name], one),
            )


def _keeps(row: DefinitionRow, one: FileChanges) -> bool:
    """Whether every place of the drawing that names it binds the version of its deployment."""
    attribute = _NAMED[one.subject.kind]
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    found = [
        element.get("bindingType")
        for element in etree.fromstring(row.xml, parser).iter()
        if element.get(attribute) in one.ids
    ]
    return bool(found) and set(found) == {"deployment"}
