"""Two versions of a process as a page shows them: what changed, and which step becomes which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from web.drawing_words import field_words, kind_words
from web.drawings import element_kinds, element_labels
from web.readings.administration import group_name
from web.steering_words import obstacle_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.usecases.ports.versions import Change, Difference, MigrationPlan, Obstacle, Proposed

#: kinds on which something may wait, or that hold what waits
_ENDS: Final = ("Task", "Event", "Gateway", "Process", "Activity", "task", "transaction")
#: those whose deadline or message may begin anew
_WAITING: Final = frozenset({"boundaryEvent", "intermediateCatchEvent", "receiveTask"})
#: beginnings of properties whose value names groups
_GROUPED: Final = ("user_task.candidate_groups", "group")
#: properties whose value is an element
_POINTING: Final = frozenset(
    {"source", "target", "parent", "attached_to", "default", "handler", "lane"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One change: what it is of, how, and each property as (words, before, after)."""

    label: str
    kind: str
    #: "added", "removed" or "changed"
    how: str
    details: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One step of the old version and the steps it could become."""

    id: str
    label: str
    kind: str
    #: (id, label) of the steps of its kind in the new version
    choices: Sequence[tuple[str, str]]
    chosen: str
    #: it was found by its name, not by its id
    by_name: bool
    #: it has a deadline or awaits something that may begin anew
    waits: bool
    #: the same step bears another name now
    renamed: bool

    @property
    def sure(self) -> bool:
        """Nobody needs to look at it."""
        return bool(self.chosen) and not (self.by_name or self.renamed)


def changed(difference: Difference, old: bytes, new: bytes) -> list[Changed]:
    """Changes in words; arrows by the names of their ends."""
    labels = {**element_labels(old), **element_labels(new)}
    return [_changed(one, labels) for one in difference.changes]


def _changed(one: Change, labels: Mapping[str, str]) -> Changed:
    ends = one.name.split(" → ") if one.what == "flow" else [one.name]
    return Changed(
        label=" → ".join(labels.get(end, end) for end in ends) or labels.get(one.id, one.id),
        kind=kind_words(one.type),
        how=one.how,
        details=[
            (
                field_words(detail.field) or detail.field,
                _value(detail.field, detail.before, labels),
                _value(detail.field, detail.after, labels),
            )
            for detail in (*one.details, *(held for held in one.holds if held.field == "condition"))
        ],
    )


def _value(field: str, value: str | None, labels: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if field.startswith(_GROUPED) and not value.startswith("="):
        return ", ".join(group_name(one.strip()) for one in value.split(","))
    return labels.get(value, value) if field in _POINTING else value


def pairs(found: Proposed, plan: MigrationPlan, old: bytes, new: bytes) -> list[Pair]:
    """The steps of the old version that need an answer, in the order of the drawing."""
    before, after = element_labels(old), element_labels(new)
    kinds, others = element_kinds(old), element_kinds(new)
    named = set(found.plan.elements) | set(found.open) | set(plan.elements)
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for one, kind in others.items():
        by_kind.setdefault(kind, []).append((one, after[one]))
    return [
        Pair(
            id=one,
            label=before[one],
            kind=kind_words(kind),
            choices=by_kind.get(kind, ()),
            chosen=(chosen := plan.elements.get(one, "")),
            by_name=found.because.get(one) == "name",
            waits=kind in _WAITING,
            renamed=bool(chosen) and after.get(chosen) != before[one],
        )
        for one, kind in kinds.items()
        if one in named and kind.endswith(_ENDS)
    ]


def obstacles(found: Iterable[Obstacle], old: bytes) -> list[str]:
    """Each obstacle once, in words."""
    labels = element_labels(old)
    words = [obstacle_words(o.code, labels.get(o.element_id, ""), o.message) for o in found]
    return list(dict.fromkeys(words))


def summed(instances: Mapping[int, Sequence[Obstacle]], old: bytes) -> list[tuple[str, int]]:
    """Why instances cannot move, by their first obstacle, with how many, most first."""
    counts: dict[str, int] = {}
    for told in instances.values():
        for words in obstacles(told[:1], old):
            counts[words] = counts.get(words, 0) + 1
    return sorted(counts.items(), key=lambda pair: -pair[1])
