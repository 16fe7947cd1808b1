"""Forms, decisions and scenarios of a release: what changes in each, and who names it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.dmn.errors import DmnInvalid
from engine.dmn.source import kind, parse
from engine.usecases.file_changes import form_changes, table_changes
from engine.usecases.ports.drafts import DraftKind
from engine.usecases.ports.process import Resource
from engine.usecases.scenario_changes import scenario_changes
from engine.usecases.tabling import published

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.drafts import Subject
    from engine.usecases.ports.versions import Change
    from engine.usecases.ports.work import House, UnitOfWork
    from engine.usecases.release_contents import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanges:
    """What changed in a form, in the tables of a file or in scenarios."""

    subject: Subject
    #: it was never published
    new: bool
    changes: Sequence[Change]
    #: ids of processes that name it, or another decision of its file
    named_by: Sequence[str] = ()
    #: ids under which it is named
    ids: frozenset[str] = frozenset()
    #: another text than the one in force
    differs: bool = True


def file_outlook(
    house: House, uow: UnitOfWork, files: Sequence[Candidate]
) -> Sequence[FileChanges]:
    """Of every file but drawings."""
    return [_file(house, uow, one) for one in files if one.subject.kind is not DraftKind.PROCESS]


def _file(house: House, uow: UnitOfWork, one: Candidate) -> FileChanges:
    known = published(uow, one.subject)
    old = known[1] if known else None
    ids = _ids(one)
    return FileChanges(
        subject=one.subject,
        new=known is None,
        changes=_changes(house, one, old),
        named_by=_named_by(uow, one.subject, ids),
        ids=ids,
        differs=old != one.content,
    )


def _changes(house: House, one: Candidate, old: bytes | None) -> Sequence[Change]:
    if one.subject.kind is DraftKind.SCENARIOS:
        before, after = (_begins(house, one.resource_name, text) for text in (old, one.content))
        return scenario_changes(old or b"", before, one.content, after)
    compare = form_changes if one.subject.kind is DraftKind.FORM else table_changes
    return compare(old, one.content)


def _begins(house: House, name: str, text: bytes | None) -> Mapping[str, int]:
    """Scenarios of a file by name, with the lines on which they begin."""
    if house.scenarios is None or text is None:
        return {}
    return {
        one.name: one.line for one in house.scenarios.stories_of(Resource(name=name, content=text))
    }


def _ids(one: Candidate) -> frozenset[str]:
    """Its id, and those of all decisions that come in the same file."""
    found = {one.subject.id}
    if one.subject.kind is DraftKind.DECISION:
        try:
            root = parse(one.content)
        except DmnInvalid:
            return frozenset(found)
        found |= {str(part.get("id")) for part in root.iter() if kind(part) == "decision"}
    return frozenset(found)


def _named_by(uow: UnitOfWork, subject: Subject, ids: frozenset[str]) -> Sequence[str]:
    if subject.kind is DraftKind.SCENARIOS:
        return (subject.id,)
    wanted = [f'"{name}"'.encode() for name in sorted(ids)]
    rows = uow.processes.definitions()
    return [row.process_id for row in rows if any(name in row.xml for name in wanted)]
