"""What a rehearsal answers in the place of the agency: operations and questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.feel import HostFunction, to_json
from engine.usecases.errors import UseCaseError
from engine.usecases.ports.runner import BpmnErrorThrown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime, tzinfo

    from engine.usecases.errors import Finding
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.runner import OperationCall, ProcessHost
    from engine.usecases.ports.work import UnitOfWork


class OperationFails(UseCaseError):
    """An operation was told to fail: an incident, as a technical error is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One answer: values, or a business error, or a technical failure."""

    #: arguments it is for; None: any
    to: Sequence[Json] | None = None
    value: Json = None
    #: code of a BPMN error
    error: str | None = None
    #: words of a technical failure
    failure: str | None = None


@dataclass(slots=True, kw_only=True)
class Answers:
    """Answers by name; each list is used in turn, its last answer again and again."""

    operations: Mapping[str, Sequence[Given]] = field(default_factory=dict)
    functions: Mapping[str, Sequence[Given]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    #: operations and questions that were reached and had no answer
    missing: set[str] = field(default_factory=set)
    _used: dict[str, int] = field(default_factory=dict)

    def operate(self, name: str, _call: OperationCall) -> Mapping[str, Json] | None:
        """What an operation gives back; nothing, and a note, without an answer."""
        given = self.operations.get(name)
        if not given:
            self.missing.add(name)
            return None
        turn = self._used.get(name, 0)
        self._used[name] = turn + 1
        answer = given[min(turn, len(given) - 1)]
        if answer.failure is not None:
            raise OperationFails(answer.failure)
        if answer.error is not None:
            raise BpmnErrorThrown(answer.error, "", answer.value or {})
        values: Mapping[str, Json] | None = answer.value
        return values

    def ask(self, name: str, real: Any, *arguments: Any) -> Any:
        """What a question gives: the answer for these arguments, else what the house knows."""
        asked = [to_json(argument) for argument in arguments]
        for answer in self.functions.get(name, ()):
            if answer.to is None or list(answer.to) == asked:
                return answer.value
        found = real.call(*arguments) if isinstance(real, HostFunction) else None
        if found is None:
            self.missing.add(name)
        return found


class AnsweringHost:
    """`ProcessHost`: knows what the house knows by name, and answers from `answers`."""

    def __init__(
        self, house: ProcessHost, zone: tzinfo, beside: Mapping[str, HostFunction]
    ) -> None:
        self._house = house
        self._zone = zone
        self._beside = beside
        self.answers = Answers()

    @property
    def function_names(self) -> frozenset[str]:
        """Names of all FEEL functions that the house offers, and of those beside them."""
        return self._house.function_names | frozenset(self._beside)

    def functions(self, uow: UnitOfWork, now: datetime) -> Mapping[str, object]:
        """The questions by name."""
        return dict(self._beside) | {
            name: HostFunction(name, real.parameters, partial(self.answers.ask, name, real))
            for name, real in self._house.functions(uow, now).items()
            if isinstance(real, HostFunction)
        }

    def operation(self, name: str) -> Callable[[OperationCall], Mapping[str, Json] | None] | None:
        """An answer in the place of every operation that the house has."""
        if self._house.operation(name) is None:
            return None
        return partial(self.answers.operate, name)

    def check_form(self, name: str, schema: bytes) -> Sequence[Finding]:
        """Findings about a form."""
        return self._house.check_form(name, schema)

    def zone(self, _uow: UnitOfWork, _agency_id: str | None) -> tzinfo:
        """The zone in which days and months count."""
        return self._zone
