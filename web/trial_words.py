"""What scenarios promise and how they fail, in the words of who reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web.context import locale
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.scenarios import Told

#: code of a `Told` -> the sentence
WORDS: Final[Mapping[str, object]] = {
    "tasks": _l("Open tasks should be %(elements)s; found: %(found)s."),
    "jobs": _l("Open work of other programs should be %(elements)s; found: %(found)s."),
    "incidents": _l("Incidents should stand at %(elements)s; found: %(found)s."),
    "sees": _l("In the list of %(person)s should be %(elements)s; found: %(found)s."),
    "ended": _l("It is over, and should not be yet."),
    "not-ended": _l("It is not over, and should be."),
    "incident": _l("It stands at an incident at %(element)s: %(message)s"),
    "path": _l("%(element)s was not done, or not in this order."),
    "never": _l("%(element)s was entered, and never should be."),
    "variable-unset": _l("The variable %(name)s is not set."),
    "variable": _l("The variable %(name)s should be %(wanted)s; found: %(found)s."),
    "assigned": _l("%(element)s should be with %(person)s; found: %(found)s."),
    "assigned-nobody": _l("%(element)s should be with %(person)s, but it is not open."),
    "decision-unasked": _l("The decision %(decision)s was not asked."),
    "decision-rules": _l(
        "In the decision %(decision)s the rules %(wanted)s should count; found: %(found)s."
    ),
    "decision-result": _l("The decision %(decision)s should give %(wanted)s; found: %(found)s."),
    "no-task": _l("The task %(element)s is not open; open are: %(found)s."),
    "no-job": _l("No other program is asked for %(element)s; open are: %(found)s."),
    "no-incident": _l("No incident stands at %(element)s."),
    "not-started": _l("Nothing has started the process yet."),
    "time-back": _l("Time does not go back."),
    "refused-other": _l("The form should refuse %(fields)s; it refused: %(found)s."),
    "taken": _l("The form was accepted, and should have been refused."),
    "field": _l("The form refuses the field %(field)s: %(message)s"),
    "refused": _l("The engine refuses this step: %(why)s"),
    "out-of-time": _l("It took too long and was stopped."),
    "never-rests": _l("Timers or messages go on without end here."),
    "not-played": _l("Not played: the time for all scenarios was used up."),
    "promise-ends": _l("It ends."),
    "promise-open": _l("It is still going on at the end."),
    "promise-incidents": _l("Incidents stand at %(elements)s."),
    "promise-path": _l("It goes through %(elements)s."),
    "promise-never": _l("It never enters %(elements)s."),
    "promise-tasks": _l("It gives people %(elements)s to do."),
    "promise-decisions": _l("It checks the decision %(names)s."),
    "promise-variables": _l("It checks the values of %(names)s."),
    "promise-refused": _l("The form refuses %(names)s."),
}
#: facts that are ids of elements
_ELEMENTS: Final = frozenset({"element", "elements"})
#: codes whose `found` are elements too
_FOUND_ELEMENTS: Final = frozenset({"tasks", "jobs", "incidents", "sees", "no-task", "no-job"})


def said(told: Told, names: Mapping[str, str]) -> str:
    """A sentence in the reader's language; elements by their names as drawn."""
    known = WORDS.get(told.code)
    if known is None or (locale() == "en" and not told.code.startswith("promise-")):
        return str(told)
    facts = {name: _fact(told.code, name, value, names) for name, value in told.facts.items()}
    return str(known) % facts


def _fact(code: str, name: str, value: object, names: Mapping[str, str]) -> str:
    drawn = name in _ELEMENTS or (name == "found" and code in _FOUND_ELEMENTS)
    several = value if isinstance(value, tuple) else (value,)
    told = [_named(str(one), names) if drawn else str(one) for one in several]
    return ", ".join(dict.fromkeys(told)) or _("nothing")


def _named(element: str, names: Mapping[str, str]) -> str:
    """Like “Accept” (accept_output)."""
    name = names.get(element, "")
    return f"“{name}”" if name else element
