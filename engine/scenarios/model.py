"""What a scenario file says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, timedelta

    from engine.rehearsal.answers import Given
    from engine.usecases.ports.process import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter:
    """Somebody starts the process with its form."""

    by: str
    form: Mapping[str, Json] = field(default_factory=dict)
    #: keys of the form's fields that must be refused; None: the process starts
    refused: Sequence[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """Somebody ends a user task."""

    element_id: str
    #: id of a person; None: whoever may
    by: str | None = None
    form: Mapping[str, Json] = field(default_factory=dict)
    #: which of several open tasks of the element, from 1, oldest first
    number: int = 1
    #: keys of the form's fields that must be refused; None: the task ends
    refused: Sequence[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An external worker ends a job: with variables, with a business error, or not at all."""

    element_id: str
    variables: Mapping[str, Json] = field(default_factory=dict)
    error: str | None = None
    failure: str | None = None
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A message comes in, or without `correlation_key` and with `signal` a signal."""

    name: str
    correlation_key: str = ""
    variables: Mapping[str, Json] = field(default_factory=dict)
    signal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Time passes: by a length, or to a moment."""

    by: timedelta | None = None
    to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVariables:
    """Somebody of the administration changes variables of the instance."""

    variables: Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Somebody resolves the incident of an element."""

    element_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Somebody ends the instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a decision must have given when it was evaluated last."""

    #: numbers of the rules that counted; None: whatever they were
    rules: tuple[int, ...] | None = None
    #: the result; absent: whatever it was
    result: tuple[Json] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What must hold now; what is None is not asked."""

    #: elements that completed, in this order, others between them allowed
    path: Sequence[str] | None = None
    #: elements that were never entered
    never: Sequence[str] = ()
    #: values of some variables of the root scope
    variables: Mapping[str, Json] = field(default_factory=dict)
    decisions: Mapping[str, Rule] = field(default_factory=dict)
    #: elements of all open tasks of the instance, in any order
    tasks: Sequence[str] | None = None
    #: elements of all open jobs of external workers
    jobs: Sequence[str] | None = None
    #: elements with an open incident
    incidents: Sequence[str] | None = None
    #: person -> elements of the open tasks in this person's list
    sees: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: element -> person it is assigned to
    assigned: Mapping[str, str | None] = field(default_factory=dict)
    #: whether the instance has ended
    ended: bool | None = None


Step: TypeAlias = Enter | Complete | Work | Send | Advance | SetVariables | Retry | Cancel | Expect


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A step with the line it stands on."""

    step: Step
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story."""

    name: str
    line: int
    process_id: str
    at: datetime
    #: None: begun by a person, message, signal or timer in the steps
    start: Mapping[str, Json] | None
    business_key: str | None
    #: person -> groups
    people: Mapping[str, frozenset[str]]
    operations: Mapping[str, Sequence[Given]]
    functions: Mapping[str, Sequence[Given]]
    holidays: frozenset[date]
    steps: Sequence[Placed]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFile:
    """All scenarios of a file, about one process."""

    resource: str
    process_id: str
    scenarios: Sequence[Scenario]
