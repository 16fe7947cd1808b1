"""What a press on the sandbox page makes of a run: the next run, nothing done yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.sandbox import read_value
from web.context import house
from web.language import agency_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.usecases.ports.process import Json

#: letters of a name that somebody types
NAME_MAX: Final = 100
#: how far time moves at once
_DAYS_MAX: Final = 3_700
_UNITS: Final = {"hours": "PT{}H", "days": "P{}D", "weeks": "P{}D"}
_DAYS_OF_WEEK: Final = 7
#: chosen instead of a person: somebody who holds that group
GROUP: Final = "group:"

Run = dict[str, "Json"]
Form = "Mapping[str, str]"


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: an id with groups; None: whoever may."""

    id: str | None
    groups: tuple[str, ...] = ()


def stepped(run: Run, step: Mapping[str, Json]) -> Run:
    """The run with one step more."""
    return {**run, "steps": [*run["steps"], step]}


def back(run: Run) -> Run:
    """The run with one step less."""
    return {**run, "steps": run["steps"][:-1]}


def cut(run: Run, steps: int) -> Run:
    """The run's first steps."""
    return {**run, "steps": run["steps"][: max(steps, 0)]}


def acting(run: Run, person: Person) -> Run:
    """The run in which that person is known."""
    people = run.get("people") or {}
    if person.id is None or (person.id in people and not person.groups):
        return run
    groups = sorted({*(people.get(person.id) or ()), *person.groups})
    return {**run, "people": {**people, person.id: groups}}


def person_of(posted: Mapping[str, str]) -> Person:
    """Who was chosen, or typed, to act."""
    typed = _short(posted.get("_other", ""), "_other")
    groups = tuple(filter(None, (one.strip() for one in posted.get("_groups", "").split(","))))
    if typed:
        return Person(typed, groups)
    chosen = _short(posted.get("_as", ""), "_as")
    if chosen.startswith(GROUP):
        group = chosen.removeprefix(GROUP)
        return Person(group, (group,))
    return Person(chosen or None)


def completed(run: Run, element: str, number: int, values: Mapping[str, Json]) -> Run:
    """A user task ends."""
    step: Run = {"complete": element, "form": dict(values)}
    return stepped(run, step | ({"number": number} if number > 1 else {}))


def by(run: Run, person: Person) -> Run:
    """The last step done by that person."""
    if person.id is None:
        return run
    last = run["steps"][-1]
    word = next(iter(last))
    told = {word: last[word], "by": person.id, **{k: v for k, v in last.items() if k != word}}
    return {**acting(run, person), "steps": [*run["steps"][:-1], told]}


def refusing(run: Run, fields: Sequence[str]) -> Run:
    """The last step as one that must be refused for these fields."""
    return {**run, "steps": [*run["steps"][:-1], {**run["steps"][-1], "refused": sorted(fields)}]}


def moved(run: Run, length: str, posted: Mapping[str, str], now: datetime) -> Run:
    """Time passes: a length such as P1D, "own" as typed, or "until" a day."""
    if length == "until":
        return stepped(run, {"until": _until(posted, now)})
    return stepped(run, {"advance": _own(posted) if length == "own" else length})


def sent(run: Run, posted: Mapping[str, str]) -> Run:
    """A message comes in, or a signal."""
    name = _needed(posted, "name")
    values = mapping(posted.get("values", ""), "values")
    carried = {"variables": values} if values else {}
    if posted.get("kind") == "signal":
        return stepped(run, {"signal": name, **carried})
    key = posted.get("key", "").strip()
    return stepped(run, {"message": name, **({"key": key} if key else {}), **carried})


def worked(run: Run, posted: Mapping[str, str]) -> Run:
    """An external worker is done, reports an error, or gives up."""
    element, _, number = posted.get("at", "").rpartition(":")
    step: Run = {"work": element}
    if number.isdecimal() and int(number) > 1:
        step["number"] = int(number)
    how, words = posted.get("how", ""), posted.get("words", "").strip()
    if how in {"error", "fails"}:
        step[how] = words or _missing("words")
    values = mapping(posted.get("values", ""), "values")
    if values and how != "fails":
        step["variables"] = values
    return stepped(run, step)


def changed(run: Run, posted: Mapping[str, str]) -> Run:
    """Somebody changes values of the instance."""
    return stepped(run, {"set": mapping(_needed(posted, "values"), "values")})


def answered(run: Run, posted: Mapping[str, str]) -> Run:
    """An operation or question is answered otherwise: from this turn on, or for these arguments."""
    name = _needed(posted, "name")
    kind = "functions" if posted.get("kind") == "function" else "operations"
    answers = {**(run.get("answers") or {})}
    known = {**(answers.get(kind) or {})}
    held = known.get(name, [])
    several = list(held) if isinstance(held, list) else [held]
    if kind == "operations":
        known[name] = _in_turn(several, _turn(posted), _outcome(posted))
    else:
        known[name] = _for_arguments(several, posted)
    return {**run, "answers": {**answers, kind: known}}


def begun(run: Run, posted: Mapping[str, str]) -> Run:
    """The run at its beginning: which day, which key, which start event."""
    told: Run = {**run, "at": _at(posted), "steps": []}
    for key in ("start", "business_key"):
        told.pop(key, None)
    how, _, name = posted.get("how", "none").partition(":")
    values = mapping(posted.get("values", ""), "values")
    carried = {"variables": values} if values else {}
    key = posted.get("business_key", "").strip()
    if how == "message":
        return stepped(told, {"message": name, **({"key": key} if key else {}), **carried})
    if how == "signal":
        return stepped(told, {"signal": name, **carried})
    if how == "timer":
        return stepped(told, {"until": name})
    if how == "form":
        return told
    return {**told, "start": values, **({"business_key": key} if key else {})}


def entered(run: Run, person: Person, values: Mapping[str, Json]) -> Run:
    """Somebody starts the process with its form."""
    begun = {key: value for key, value in run.items() if key not in {"start", "business_key"}}
    step = {"enter": person.id or _missing("_other"), "form": dict(values)}
    return acting({**begun, "steps": [step]}, person)


def mapping(text: str, field: str) -> dict[str, Json]:
    """Values by name, as somebody types them, one a line; `InputRefused` at the field."""
    found = value(text, field)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _refused(field, "values_lines")
    return found


def value(text: str, field: str) -> Json:
    """One value as somebody types it; `InputRefused` at the field."""
    try:
        return read_value(house(), text.replace("\r\n", "\n"))
    except InputRefused as refused:
        raise _refused(field, "value_unreadable", refused.faults[0].message) from refused


def _in_turn(held: list[Json], turn: int, given: Json | None) -> list[Json]:
    """The answers in turn; what is given counts from that turn on until another one does."""
    if given is None:
        return held[: turn - 1]
    while len(held) < turn - 1:
        held.append(held[-1] if held else {"gives": {}})
    return [*held[: turn - 1], given, *held[turn:]]


def _outcome(posted: Mapping[str, str]) -> Json | None:
    how, words = posted.get("how", ""), posted.get("words", "").strip()
    if how == "none":
        return None
    if how == "error":
        values = mapping(posted.get("values", ""), "values")
        told: Run = {"error": words or _missing("words")}
        return told | ({"gives": values} if values else {})
    if how == "fails":
        return {"fails": words or _missing("words")}
    return {"gives": mapping(posted.get("known") or posted.get("values", ""), "values")}


def _for_arguments(held: list[Json], posted: Mapping[str, str]) -> list[Json]:
    """What was answered for these arguments goes; the new answer counts before those for any."""
    asked = value(posted.get("arguments", "[]"), "arguments")
    whatever = bool(posted.get("whatever"))
    left = [one for one in held if _is_for(one, None if whatever else asked) is False]
    if posted.get("how") == "none":
        return left
    given: Run = {"gives": value(posted.get("known") or posted.get("values", ""), "values")}
    return [*left, given] if whatever else [{"to": asked, **given}, *left]


def _is_for(answer: Json, asked: Json) -> bool:
    bound = isinstance(answer, dict) and "to" in answer
    return not bound if asked is None else bound and answer["to"] == asked


def _turn(posted: Mapping[str, str]) -> int:
    text = posted.get("turn", "1")
    return min(int(text), NAME_MAX) if text.isdecimal() and int(text) > 0 else 1


def _own(posted: Mapping[str, str]) -> str:
    text, unit = posted.get("length", "").strip(), posted.get("unit", "days")
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(_DAYS_MAX * 24)):
        raise _refused("length", "length_number")
    count = int(text) * (_DAYS_OF_WEEK if unit == "weeks" else 1)
    if not 0 < count <= _DAYS_MAX * (24 if unit == "hours" else 1):
        raise _refused("length", "length_number")
    return _UNITS.get(unit, _UNITS["days"]).format(count)


def _until(posted: Mapping[str, str], now: datetime) -> str:
    found = _moment(posted.get("until", ""), "until")
    if found < now or found > now + timedelta(days=_DAYS_MAX):
        raise _refused("until", "time_back")
    return found.isoformat()


def _at(posted: Mapping[str, str]) -> str:
    return _moment(posted.get("at", ""), "at").isoformat()


def _moment(text: str, field: str) -> datetime:
    """A moment of a page's field, in the zone of who reads."""
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=agency_zone())
        found.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise _refused(field, "moment_unreadable") from wrong
    return found


def _needed(posted: Mapping[str, str], field: str) -> str:
    return posted.get(field, "").strip() or _missing(field)


def _missing(field: str) -> Any:
    raise _refused(field, "field_empty")


def _short(text: str, field: str) -> str:
    if len(text) > NAME_MAX:
        raise _refused(field, "name_long")
    return text.strip()


def _refused(field: str, code: str, message: str = "") -> InputRefused:
    return InputRefused(FieldFault(field=field, code=code, message=message or code))


#: press -> what it makes of a run with what stands in its fields
PLAIN: Final[Mapping[str, Callable[[Run, Mapping[str, str]], Run]]] = {
    "send": sent,
    "work": worked,
    "set": changed,
    "answer": answered,
}
