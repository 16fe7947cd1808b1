"""A simulation plan from a file: YAML, every fault with its line."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.domain.calendar import WorkingCalendar
from engine.scenarios.fields import Fields
from engine.scenarios.reading import answers_of
from engine.scenarios.source import LINE, ScenarioUnreadable, plain, read_yaml
from engine.simulation.chance import Between, Choice, Exponential, Fixed, Observed, Triangular
from engine.simulation.hours import WorkingHours
from engine.simulation.plan import Plan, Work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.simulation.chance import Length

_BEGINS: Final = datetime(2026, 1, 5, 1, tzinfo=UTC)
_TAKES: Final = Fixed(timedelta(minutes=5))


def read_plan(content: bytes, *, seed: int | None = None) -> Plan:
    """The plan of a file; `ScenarioUnreadable` with the line. A seed given wins."""
    told = Fields(read_yaml(content), "A plan", 1)
    arrivals = told.inside("arrivals")
    operations, functions = answers_of(told)
    hours = _hours(told)
    plan = Plan(
        process_id=told.text("process"),
        seed=told.number("seed", 1) if seed is None else seed,
        begins=told.moment("begins", _BEGINS),
        arrivals_for=arrivals.length("for"),
        between=_between(arrivals),
        instances_max=arrivals.number("at_most", 100_000),
        hours=hours,
        roles=_roles(told),
        work=_work(told),
        otherwise=Work(takes=_length(told, "otherwise") if told.has("otherwise") else _TAKES),
        ways=_ways(told.inside("ways")),
        variables=_values(told, "variables"),
        operations=operations,
        functions=functions,
        as_of=told.moment("as_of") if told.has("as_of") else None,
    )
    arrivals.done()
    told.done()
    _check_roles(told, plan)
    return plan


def _check_roles(told: Fields, plan: Plan) -> None:
    for element, work in plan.work.items():
        if work.role is not None and work.role not in plan.roles:
            raise told.wrong(f"'{element}' is work of '{work.role}', which 'roles' does not have.")


def _between(arrivals: Fields) -> Length:
    """`every: PT10M` exactly, or `per_day: 12` by chance."""
    if arrivals.has("every"):
        return _length(arrivals, "every")
    per_day = _decimal(arrivals, "per_day")
    if per_day <= 0:
        raise arrivals.wrong("'per_day' is a number above 0.")
    return Exponential(timedelta(days=1) / per_day)


def _hours(told: Fields) -> WorkingHours:
    hours = told.inside("hours")
    found = WorkingHours(
        begins=_time(hours, "from", time(7, 30)),
        ends=_time(hours, "to", time(16, 0)),
        zone=hours.text("zone", "Asia/Jakarta"),
        calendar=WorkingCalendar(holidays=hours.days("holidays")),
    )
    hours.done()
    if found.begins >= found.ends:
        raise hours.wrong("'from' is before 'to'.")
    return found


def _time(told: Fields, key: str, default: time) -> time:
    text = told.text(key, None)
    try:
        return default if text is None else time.fromisoformat(text)
    except ValueError as wrong:
        raise told.wrong(f"'{key}' is a time such as \"07:30\".") from wrong


def _roles(told: Fields) -> Mapping[str, int]:
    roles = told.inside("roles")
    return {name: roles.number(name, 1) for name in roles.names()}


def _work(told: Fields) -> Mapping[str, Work]:
    work = told.inside("work")
    return {element: _one_work(work.inside(element)) for element in work.names()}


def _one_work(told: Fields) -> Work:
    found = Work(
        takes=_length(told, "takes"),
        after=_length(told, "after") if told.has("after") else None,
        role=told.text("role", None),
        gives=_values(told, "gives"),
        chance=_decimal(told, "chance") if told.has("chance") else 1.0,
    )
    told.done()
    return found


def _ways(told: Fields) -> Mapping[str, Mapping[str, float]]:
    found: dict[str, Mapping[str, float]] = {}
    for gateway in told.names():
        flows = told.inside(gateway)
        found[gateway] = {flow: _decimal(flows, flow) for flow in flows.names()}
    return found


def _decimal(told: Fields, key: str) -> float:
    value = told.value(key)
    if isinstance(value, bool) or (
        not isinstance(value, (int, float)) and not hasattr(value, "as_tuple")
    ):
        raise told.wrong(f"'{key}' is a number.")
    return float(value)


def _length(told: Fields, key: str) -> Length:
    """`PT5M`, or how it differs: between, triangular, exponential, observed."""
    value = told.raw(key)
    if not isinstance(value, dict):
        return Fixed(told.length(key))
    inner = told.inside(key)
    kinds = [name for name in inner.names() if name in _KINDS]
    if len(kinds) != 1:
        raise inner.wrong(f"'{key}' is a length, or one of {', '.join(_KINDS)}.")
    least, most, make = _KINDS[kinds[0]]
    texts = inner.raw(kinds[0])
    rows = texts if isinstance(texts, list) else [texts]
    lengths = [Fields({"x": one, LINE: inner.line}, f"'{key}'").length("x") for one in rows]
    if not least <= len(lengths) <= most or lengths != sorted(lengths):
        raise inner.wrong(f"'{kinds[0]}' has {least} to {most} lengths, the shortest first.")
    inner.done()
    drawn: Length = make(lengths)
    return drawn


def _values(told: Fields, key: str) -> Mapping[str, Any]:
    """Values by name; `{one_of: {a: 3, b: 1}}` is a choice by weight."""
    found: dict[str, Any] = {}
    for name, value in told.mapping(key).items():
        found[name] = value
        if isinstance(value, dict) and set(value) == {"one_of"}:
            found[name] = _choice(told, value["one_of"])
    return found


def _choice(told: Fields, value: Any) -> Choice:
    if isinstance(value, list) and value:
        return Choice([plain(one) for one in value], [1.0] * len(value))
    if isinstance(value, dict) and value:
        return Choice(list(value), [float(weight) for weight in value.values()])
    raise told.wrong("'one_of' is a list, or values with their weights.")


_KINDS: Final[Mapping[str, tuple[int, int, Any]]] = {
    "between": (2, 2, lambda lengths: Between(*lengths)),
    "triangular": (3, 3, lambda lengths: Triangular(*lengths)),
    "exponential": (1, 1, lambda lengths: Exponential(*lengths)),
    "observed": (1, 101, Observed),
}

__all__ = ["ScenarioUnreadable", "read_plan"]
