"""Answers of a run played by hand, with a note of everything that was asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from engine.feel import to_json
from engine.rehearsal.answers import Answers, OperationFails
from engine.usecases.errors import UseCaseError
from engine.usecases.ports.runner import BpmnErrorThrown
from engine.usecases.ports.sandbox import Asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.runner import OperationCall

#: what is noted; a run that asks more is asked about less
NOTES_MAX: Final = 400


@dataclass(slots=True, kw_only=True)
class NotedAnswers(Answers):
    """The same answers; `asked` tells what was asked, in order, a question once."""

    asked: list[Asked] = field(default_factory=list)
    #: step that is being done, from 0; -1: the start
    step: int = -1
    _steps: list[int] = field(default_factory=list)
    _turns: dict[str, int] = field(default_factory=dict)
    _questions: dict[str, int] = field(default_factory=dict)

    def operate(self, name: str, call: OperationCall) -> Mapping[str, Json] | None:
        """As it is answered, noted."""
        turn = self._turns[name] = self._turns.get(name, 0) + 1
        note = Asked(
            kind="operation",
            name=name,
            element_id=call.element_id,
            turn=turn,
            form=dict(call.form),
        )
        try:
            value = Answers.operate(self, name, call)
        except OperationFails as fails:
            self._note(replace(note, answer="fails", value=str(fails)))
            raise
        except BpmnErrorThrown as thrown:
            self._note(replace(note, answer="error", value=thrown.code))
            raise
        given = "given" if self.operations.get(name) else "none"
        self._note(replace(note, answer=given, value=value))
        return value

    def ask(self, name: str, real: Any, *arguments: Any) -> Any:
        """As it is answered, noted."""
        asked = tuple(to_json(argument) for argument in arguments)
        note = Asked(kind="function", name=name, arguments=asked)
        try:
            value = Answers.ask(self, name, real, *arguments)
        except UseCaseError:
            self.missing.add(name)
            self._note(note)
            raise
        given = any(one.to in (None, list(asked)) for one in self.functions.get(name, ()))
        answer = "given" if given else "none" if value is None else "house"
        self._note(replace(note, answer=answer, value=to_json(value)))
        return value

    def told(self, last: int) -> tuple[Asked, ...]:
        """Everything noted; what the step `last` or a form behind it asked is fresh."""
        return tuple(
            replace(note, fresh=step >= last)
            for note, step in zip(self.asked, self._steps, strict=True)
        )

    def _note(self, note: Asked) -> None:
        key = f"{note.name}:{note.arguments!r}" if note.kind == "function" else ""
        if key in self._questions:
            self.asked[self._questions[key]] = note
        elif len(self.asked) < NOTES_MAX:
            self._questions |= {key: len(self.asked)} if key else {}
            self.asked.append(note)
            self._steps.append(self.step)
