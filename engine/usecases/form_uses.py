"""Where a form is filled in: the steps of processes that name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from engine.usecases.drafting import RIGHT
from engine.usecases.ports.drafts import DraftKind
from engine.usecases.rights import may, require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House, UnitOfWork

_BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_ZEEBE: Final = "{http://camunda.org/schema/zeebe/1.0}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormUse:
    """One step with the form."""

    process_id: str
    process_name: str
    element_id: str
    #: as drawn; the id where it has none
    element_name: str
    #: only in a drawing that is not published yet
    drafted: bool = False


def form_uses(house: House, actor: Actor, form_id: str) -> Sequence[FormUse]:
    """Steps of the newest versions, then those only drafted, for whom drafts are shown.

    `AccessRefused`. Statements: one, and one for each drawing on a table.
    """
    require(actor, "definition:read", form_id)
    with house.reading() as uow:
        newest = uow.processes.definitions()
        names = {row.process_id: row.name for row in newest}
        published = [
            use for row in newest for use in _uses(row.xml, form_id, row.process_id, row.name)
        ]
        known = {(use.process_id, use.element_id) for use in published}
        drafted = _drafted(uow, form_id, names) if may(actor, RIGHT) else ()
        return [*published, *(u for u in drafted if (u.process_id, u.element_id) not in known)]


def _drafted(uow: UnitOfWork, form_id: str, names: Mapping[str, str]) -> Iterator[FormUse]:
    for row in uow.drafts.standing():
        held = uow.drafts.current(row.subject) if row.kind is DraftKind.PROCESS else None
        if held is not None:
            name = names.get(held.subject_id)
            yield from _uses(held.content, form_id, held.subject_id, name, drafted=True)


def _uses(
    xml: bytes, form_id: str, process_id: str, name: str | None, *, drafted: bool = False
) -> Iterator[FormUse]:
    if form_id.encode() not in xml:
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root.getroottree().docinfo.internalDTD is not None:
        return
    for element in root.iter("{*}*"):
        below = f"{_BPMN}extensionElements/{_ZEEBE}formDefinition"
        if any(one.get("formId") == form_id for one in element.findall(below)):
            element_id = element.get("id", "")
            yield FormUse(
                process_id=process_id,
                process_name=name or process_id,
                element_id=element_id,
                element_name=element.get("name") or element_id,
                drafted=drafted,
            )
