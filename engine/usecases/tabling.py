"""What lies on the table: the draft of a subject, else its newest published version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.drafting import RIGHT
from engine.usecases.errors import NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from engine.usecases.rights import may, require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.usecases.actor import Actor
    from engine.usecases.ports.drafts import StudioDraft
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTable:
    """The text that a page opens."""

    content: bytes
    #: version it is, or was drawn from; None: from nothing
    base_key: int | None
    #: the draft that it is; None: it is the published version
    draft: StudioDraft | None
    #: name of its file when it is published
    resource_name: str

    @property
    def resource(self) -> Resource:
        """The file as the runner and the player of scenarios take it."""
        return Resource(name=self.resource_name, content=self.content)


def on_table(house: House, actor: Actor, subject: Subject) -> OnTable:
    """The current draft, else the newest published version; who may only read sees the latter.

    Of a process without scenarios: empty. `NotFound` for anything else that is not there,
    `AccessRefused`.
    """
    require(actor, "definition:read", subject.id)
    with house.reading() as uow:
        return _on_table(uow, subject, drafts=may(actor, RIGHT))


def table_set(house: House, actor: Actor, process_id: str) -> tuple[Resource, ...]:
    """Files that a process is played with: its drawing, and drafts of what it names.

    The drawing is the first; then decisions (and those that these name), forms and the scenarios
    of the process, as far as they are drafts: what is published stands behind them anyway.
    `NotFound`, `AccessRefused`.
    """
    require(actor, RIGHT, process_id)
    with house.reading() as uow:
        return tuple(one.resource for _subject, one in laid_out(uow, process_id))


def laid_out(uow: UnitOfWork, process_id: str) -> Iterable[tuple[Subject, OnTable]]:
    """The same with its subjects, inside an open unit of work; the drawing is the first."""
    subject = Subject(DraftKind.PROCESS, process_id)
    first = _on_table(uow, subject, drafts=True)
    return ((subject, first), *_named(uow, process_id, first.content))


def beside_drawing(
    uow: UnitOfWork, process_id: str, drawing: Resource
) -> tuple[tuple[Resource, ...], Resource | None]:
    """Drafts that a drawing names, inside a unit of work; and the drafted scenarios of its process.

    The drawing may be one that is not saved: as it stands on a page.
    """
    found = dict(_named(uow, process_id, drawing.content))
    told = found.pop(Subject(DraftKind.SCENARIOS, process_id), None)
    named = tuple(one.resource for one in found.values())
    return named, told.resource if told else None


def _on_table(uow: UnitOfWork, subject: Subject, *, drafts: bool) -> OnTable:
    draft = uow.drafts.current(subject) if drafts else None
    found = published(uow, subject)
    name = found[0] if found else subject.id + subject.kind.ending
    if draft is not None:
        return OnTable(
            content=draft.content, base_key=draft.base_key, draft=draft, resource_name=name
        )
    if found is None:
        if subject.kind is not DraftKind.SCENARIOS:
            raise NotFound(subject.kind.value, subject.id)
        return OnTable(content=b"", base_key=None, draft=None, resource_name=name)
    return OnTable(content=found[1], base_key=found[2], draft=None, resource_name=name)


def published(uow: UnitOfWork, subject: Subject) -> tuple[str, bytes, int] | None:
    """File name, content and key of the newest version."""
    if subject.kind is DraftKind.PROCESS:
        process = uow.processes.latest_definition(subject.id)
        return (process.resource_name, process.xml, process.key) if process else None
    if subject.kind is DraftKind.DECISION:
        decision = next(iter(uow.processes.decisions(subject.id)), None)
        return (decision.resource_name, decision.xml, decision.key) if decision else None
    if subject.kind is DraftKind.FORM:
        form = uow.processes.latest_form(subject.id)
        return (form.resource_name, form.schema, form.key) if form else None
    kept = uow.scenarios.newest((subject.id,))
    newest = max(kept, key=lambda row: row.key, default=None)
    return (newest.resource_name, newest.content, newest.key) if newest else None


def _named(uow: UnitOfWork, process_id: str, drawing: bytes) -> Iterable[tuple[Subject, OnTable]]:
    """Drafts that a drawing names, or that one of these names, and the scenarios drafted."""
    left = {row.subject for row in uow.drafts.standing() if row.kind is not DraftKind.PROCESS}
    texts = [drawing]
    found: dict[Subject, OnTable] = {}
    while texts:
        text = texts.pop()
        for subject in sorted(left):
            if _names(text, subject, process_id):
                left.discard(subject)
                found[subject] = _on_table(uow, subject, drafts=True)
                texts.append(found[subject].content)
    return found.items()


def _names(text: bytes, subject: Subject, process_id: str) -> bool:
    """Whether a text holds the id in quotes; scenarios bear that of their process."""
    if subject.kind is DraftKind.SCENARIOS:
        return subject.id == process_id
    name = subject.id.encode()
    return any(mark + name + mark in text for mark in (b'"', b"'"))
