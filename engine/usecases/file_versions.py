"""Published versions of a process, a decision or a form, told alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.errors import NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import DecisionRow, DefinitionRow, FormRow
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVersion:
    """One version, with the file that held it."""

    subject: Subject
    key: int
    deployment_key: int
    version: int
    version_tag: str | None
    resource_name: str
    content: bytes
    deployed_at: datetime


def file_versions(house: House, actor: Actor, subject: Subject) -> Sequence[FileVersion]:
    """All versions of a subject, newest first; `NotFound` for one that was never published."""
    require(actor, "definition:read", subject.id)
    with house.reading() as uow:
        found = versions_of(uow, subject)
    if not found:
        raise NotFound(subject.kind.value, subject.id)
    return found


def version_of(uow: UnitOfWork, subject: Subject, key: int) -> FileVersion:
    """One version by key; `NotFound` for that of another subject."""
    found = next((one for one in versions_of(uow, subject) if one.key == key), None)
    if found is None:
        raise NotFound(f"{subject.kind.value} version", key)
    return found


def versions_of(uow: UnitOfWork, subject: Subject) -> Sequence[FileVersion]:
    """The same inside an open unit of work; one statement. Scenarios have none."""
    if subject.kind is DraftKind.PROCESS:
        drawings = uow.processes.definition_versions(subject.id)
        return [_version(subject, row, row.xml) for row in drawings]
    if subject.kind is DraftKind.DECISION:
        tables = uow.processes.decisions(subject.id)
        return [_version(subject, row, row.xml) for row in tables]
    if subject.kind is DraftKind.FORM:
        forms = uow.processes.form_versions(subject.id)
        return [_version(subject, row, row.schema) for row in forms]
    return []


def _version(
    subject: Subject, row: DefinitionRow | DecisionRow | FormRow, content: bytes
) -> FileVersion:
    return FileVersion(
        subject=subject,
        key=row.key,
        deployment_key=row.deployment_key,
        version=row.version,
        version_tag=row.version_tag,
        resource_name=row.resource_name,
        content=content,
        deployed_at=row.deployed_at,
    )
