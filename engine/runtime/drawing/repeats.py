"""How an activity is done more than once: multi-instance, standard loop, ad-hoc (BPMN 10.3.8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.runtime.drawing.model import EventDefinition


class Behaviour(StrEnum):
    """When a multi-instance throws an event while its instances complete."""

    ALL = "All"
    NONE = "None"
    ONE = "One"
    COMPLEX = "Complex"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event that a multi-instance throws: for its edge, else for whoever waits."""

    event: EventDefinition
    #: FEEL of a complex behaviour; None: as the behaviour says
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiInstance:
    """Multi-instance characteristics of an activity."""

    sequential: bool
    #: FEEL giving a list, empty when there is a cardinality
    collection: str
    #: variable of the item in a child; None: no variable
    element: str | None
    #: variable that receives the list of results, set in the scope around the activity
    output_collection: str | None
    #: FEEL evaluated in the child at its end
    output_element: str | None
    #: FEEL evaluated after each child, None: wait for all
    completion_condition: str | None
    line: int
    #: number of instances where there is no collection: literal or FEEL
    cardinality: str | None = None
    behaviour: Behaviour = Behaviour.ALL
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A standard loop: again while the condition holds, so often at most."""

    #: the condition is asked before the first time too
    test_before: bool
    #: FEEL; None: always
    condition: str | None
    #: as written; None: no limit
    maximum: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHoc:
    """An ad-hoc sub-process: what stands in it without a flow is done once, in any order."""

    #: one after the other, in document order
    sequential: bool
    #: FEEL asked whenever an activity inside is done; None: done when all are
    completion_condition: str | None
    #: what still runs is cancelled when the condition holds
    cancel_remaining: bool
    #: FEEL giving ids of the activities to begin with; None: all that no flow leads to
    active_elements: str | None
    line: int
