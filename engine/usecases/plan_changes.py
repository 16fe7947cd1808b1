"""What changed between versions of a plan, result by result."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.usecases.operations.measuring import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.domain.plans import PlanItem
    from engine.domain.revisions import PlanRevision
    from engine.usecases.plan_reading import PlanVersion, PlanVersions


class ChangeKind(StrEnum):
    """What happened to a result."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultWords:
    """A result as a version says it."""

    title: str
    weight_bp: int
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultChange:
    """One result in two versions."""

    kind: ChangeKind
    before: ResultWords | None
    after: ResultWords | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStep:
    """A version with what it changed in the one before; nothing in the first."""

    version: PlanVersion
    changes: tuple[ResultChange, ...]
    #: why, where a revision led to it
    revision: PlanRevision | None


def version_steps(found: PlanVersions) -> tuple[VersionStep, ...]:
    """Every version, newest first, beside the one before it."""
    older = [*found.versions[1:], None]
    reasons = {row.plan_id: row for row in found.revisions}
    return tuple(
        VersionStep(
            version=version,
            changes=tuple(_changes(before, version)) if before else (),
            revision=reasons.get(version.plan.id),
        )
        for version, before in zip(found.versions, older, strict=True)
    )


def _changes(before: PlanVersion, after: PlanVersion) -> Iterator[ResultChange]:
    old = {_itself(item): _words(before, item) for item in before.items}
    new = {_itself(item): _words(after, item) for item in after.items}
    for key, words in new.items():
        if key not in old:
            yield ResultChange(kind=ChangeKind.ADDED, before=None, after=words)
        elif old[key] != words:
            yield ResultChange(kind=ChangeKind.CHANGED, before=old[key], after=words)
    for key, words in old.items():
        if key not in new:
            yield ResultChange(kind=ChangeKind.REMOVED, before=words, after=None)


def _itself(item: PlanItem) -> str:
    """The result that a row is a version of."""
    return item.origin_item_id or item.id


def _words(version: PlanVersion, item: PlanItem) -> ResultWords:
    own: Sequence[str] = [
        f"{one.text}: {words_of(one)}".rstrip(": ")
        for one in version.indicators
        if one.item_id == item.id
    ]
    return ResultWords(title=item.title, weight_bp=item.weight_bp, indicators=tuple(own))
