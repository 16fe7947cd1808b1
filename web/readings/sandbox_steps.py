"""The steps of a run as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from web.formats import moment
from web.wording import gettext as _
from web.wording import ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.sandbox import Scene


def shown(value: Json) -> str:
    """A value as a table shows it."""
    if value is None or value in ("", [], {}):
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return " · ".join(
            f"({shown(one)})" if isinstance(one, list) else shown(one) for one in value
        )
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step: what was done, and what was open then."""

    text: str
    #: values that it brought, by name, as they are shown
    values: Mapping[str, str]
    #: steps that people then had to do
    then: Sequence[str]
    #: "done", "stopped" or "left" (behind the one at which it stopped)
    state: str = "done"


def step_lines(scene: Scene, names: Mapping[str, str]) -> Sequence[StepLine]:
    """The start and every step."""
    told = scene.told
    first = [_begun(told)] if told.get("start") is not None else []
    texts = [*first, *((sentence(step, names), _values(step)) for step in told["steps"])]
    ahead = len(told["steps"]) + 1 - len(texts)
    stop = scene.stopped.step + 1 - ahead if scene.stopped else len(texts)
    return [
        StepLine(
            text=text,
            values={name: shown(value) for name, value in values.items()},
            then=_then(scene, number + ahead, names),
            state="done" if number < stop else "stopped" if number == stop else "left",
        )
        for number, (text, values) in enumerate(texts)
    ]


def sentence(step: Mapping[str, Json], names: Mapping[str, str]) -> str:
    """What a step does."""
    word = next((word for word in _WORDS if word in step), "")
    return _WORDS[word](step, names) if word else ""


def _begun(told: Mapping[str, Json]) -> tuple[str, Mapping[str, Json]]:
    key = told.get("business_key")
    if key:
        return _("The process begins with the key %(key)s", key=key), told["start"]
    return _("The process begins"), told["start"]


def _values(step: Mapping[str, Json]) -> Mapping[str, Json]:
    for key in ("form", "variables", "set"):
        if isinstance(step.get(key), dict):
            return dict(step[key])
    return {}


def _then(scene: Scene, number: int, names: Mapping[str, str]) -> Sequence[str]:
    tasks = scene.trail[number] if number < len(scene.trail) else ()
    own = str(scene.told["process"])
    return [
        scene.names.get((own, element)) or names.get(element, element)
        for element in dict.fromkeys(element for element, _person in tasks)
    ]


def _entered(step: Mapping[str, Json], _names: Mapping[str, str]) -> str:
    return _("%(person)s begins the process with its form", person=step["enter"])


def _completed(step: Mapping[str, Json], names: Mapping[str, str]) -> str:
    name = names.get(step["complete"], step["complete"])
    if "refused" in step:
        return _("“%(step)s” is refused with what was typed", step=name)
    if "by" in step:
        return _("%(person)s does “%(step)s”", person=step["by"], step=name)
    return _("Whoever may does “%(step)s”", step=name)


def _worked(step: Mapping[str, Json], names: Mapping[str, str]) -> str:
    name = names.get(step["work"], step["work"])
    if "error" in step:
        return _("Another program reports %(code)s at “%(step)s”", code=step["error"], step=name)
    if "fails" in step:
        return _("Another program gives up at “%(step)s”", step=name)
    return _("Another program does “%(step)s”", step=name)


def _sent(step: Mapping[str, Json], _names: Mapping[str, str]) -> str:
    if step.get("key"):
        return _("The message %(name)s comes for %(key)s", name=step["message"], key=step["key"])
    return _("The message %(name)s comes", name=step["message"])


def _signalled(step: Mapping[str, Json], _names: Mapping[str, str]) -> str:
    return _("The signal %(name)s is given", name=step["signal"])


def _advanced(step: Mapping[str, Json], _names: Mapping[str, str]) -> str:
    return _("Time passes: %(length)s", length=length_words(step["advance"]))


def length_words(text: str) -> str:
    """Like “3 days”; what is not whole days or hours stays as written."""
    body = str(text).upper()
    if body.startswith("PT") and body.endswith("H") and body[2:-1].isdecimal():
        return ngettext("%(num)s hour", "%(num)s hours", int(body[2:-1]))
    if body.startswith("P") and body.endswith("D") and body[1:-1].isdecimal():
        return ngettext("%(num)s day", "%(num)s days", int(body[1:-1]))
    return str(text)


def _until(step: Mapping[str, Json], _names: Mapping[str, str]) -> str:
    try:
        at = moment(datetime.fromisoformat(str(step["until"])))
    except ValueError:
        at = str(step["until"])
    return _("Time passes until %(time)s", time=at)


def _set(step: Mapping[str, Json], _names: Mapping[str, str]) -> str:
    return _("Values are changed: %(names)s", names=", ".join(step["set"]))


def _retried(step: Mapping[str, Json], names: Mapping[str, str]) -> str:
    return _("“%(step)s” is tried again", step=names.get(step["retry"], step["retry"]))


def _cancelled(_step: Mapping[str, Json], _names: Mapping[str, str]) -> str:
    return _("The process is ended")


def _expected(_step: Mapping[str, Json], _names: Mapping[str, str]) -> str:
    return _("What must hold is checked")


_WORDS: Final = {
    "enter": _entered,
    "complete": _completed,
    "work": _worked,
    "message": _sent,
    "signal": _signalled,
    "advance": _advanced,
    "until": _until,
    "set": _set,
    "retry": _retried,
    "cancel": _cancelled,
    "expect": _expected,
}
