"""What the lists of `/v2` ask: one small language for all of them, and one store that answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor


class Listed(StrEnum):
    """What is listed; the value names it in refusals."""

    PROCESS_DEFINITION = "process definition"
    PROCESS_INSTANCE = "process instance"
    ELEMENT_INSTANCE = "element instance"
    USER_TASK = "user task"
    JOB = "job"
    INCIDENT = "incident"
    MESSAGE_SUBSCRIPTION = "message subscription"
    DECISION_DEFINITION = "decision definition"
    DECISION_REQUIREMENTS = "decision requirements"
    DECISION_INSTANCE = "decision instance"
    RESOURCE = "resource"
    BATCH_OPERATION = "batch operation"
    BATCH_OPERATION_ITEM = "batch operation item"
    ACCOUNT = "account"


class Op(StrEnum):
    """How a column is compared."""

    EQ = "eq"
    NEQ = "neq"
    #: the value is a bool: whether there is one
    EXISTS = "exists"
    #: the value is a tuple
    IN = "in"
    NOT_IN = "notIn"
    #: `*` is any text, `?` any character, a backslash takes the next character as it is
    LIKE = "like"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One comparison of a column of the list."""

    column: str
    op: Op
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One column to sort by; rows without a value come last."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Which rows of a list, in which order, and which part of them.

    Every list ends its order with its key, so that a place in it is exact.
    """

    listed: Listed
    where: tuple[Condition, ...] = ()
    #: when there are any: all conditions of one of these as well
    any_of: tuple[tuple[Condition, ...], ...] = ()
    order: tuple[Order, ...] = ()
    limit: int = 100
    #: rows left out at the beginning; without `after` and `before`
    offset: int = 0
    #: values of the order's columns and of the key in the last row seen
    after: tuple[Any, ...] | None = None
    #: the same of the first row seen, to read backwards
    before: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whose rows are listed; the store asks nothing else about access."""

    #: None: rows of no agency
    agency_id: str | None
    #: only open tasks that this actor may take, at this business time
    taking: tuple[Actor, datetime] | None = None
    #: only what this job worker may take; None: every type
    job_types: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A page of rows, by column name."""

    rows: Sequence[Mapping[str, Any]]
    #: on all pages, counted to just beyond `TOTAL_MAX`
    total: int
    #: places of the first and the last row
    first: tuple[Any, ...] | None
    last: tuple[Any, ...] | None


class ListingStore(Protocol):
    """Part of the unit of work."""

    def find(self, criteria: Criteria, reader: Reader) -> Rows:
        """A page; one statement, and one more for the total of an empty page."""
        ...

    def elements(
        self, definition_key: int, instances: Criteria, reader: Reader
    ) -> Sequence[tuple[str, str, int, int]]:
        """Element instances of a version, in the instances that are meant.

        (element id, "activated", "completed" or "cancelled", how many, with an open incident);
        one statement.
        """
        ...

    def activations(self, tokens: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], int]:
        """Keys of the element instances of (instance key, token); one statement."""
        ...

    def token_of(self, activation: int) -> tuple[int, int] | None:
        """(instance key, token) of an element instance."""
        ...
