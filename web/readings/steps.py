"""The list of steps as its page shows it: numbers, words, what may be chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from engine.steplist.paper import GATEWAYS
from engine.steplist.writing import CHOOSING, FIELDS
from web.operation_words import OPERATIONS, Place
from web.readings.administration import GROUPS
from web.step_words import EVENTS, KINDS, MEETS
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.steplist.outline import Outline, Step, Way
    from engine.usecases.ports.drafts import Nameable

_GATHERS: Final = 1
#: deadlines that are offered beside those of the drawing
_DUE: Final = ("=add working days(now(), 3)", "=add working days(now(), 5)")


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names of what steps refer to."""

    forms: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    processes: Mapping[str, str] = field(default_factory=dict)


def names_of(rows: Sequence[Nameable]) -> Names:
    """By kind, id to name."""
    found: dict[str, dict[str, str]] = {"form": {}, "decision": {}, "process": {}}
    for row in rows:
        found[row.kind][row.id] = row.name or row.id
    return Names(forms=found["form"], decisions=found["decision"], processes=found["process"])


@dataclass(frozen=True, slots=True, kw_only=True)
class StepList:
    """What the templates ask while they write the list."""

    outline: Outline
    names: Names

    def number(self, step_id: str) -> int:
        """Number in reading order; 0 for none."""
        return self.outline.numbers.get(step_id, 0)

    def label(self, step_id: str) -> str:
        """Name of a step, else its kind."""
        step = self.outline.steps.get(step_id)
        return step_id if step is None else step.name or str(self.kind(step))

    def kind(self, step: Step) -> str:
        """What the step is, with what its event is about."""
        gathers = step.kind in GATEWAYS and len(step.ways) <= _GATHERS
        words = MEETS.get(step.kind) if gathers else None
        text = str(words or KINDS.get(step.kind, step.kind))
        event = EVENTS.get(step.facts.event)
        return f"{text} ({event})" if event is not None else text

    def goes(self, step: Step, way: Way) -> str:
        """Where a way leads that is not told right below."""
        number, name = self.number(way.target), self.label(way.target)
        if number <= self.number(step.id):
            return _("back to step %(number)s, %(name)s", number=number, name=name)
        if way.follows:
            return _("on to the next step, %(number)s, %(name)s", number=number, name=name)
        return _("on to step %(number)s, %(name)s", number=number, name=name)

    def one(self, step: Step) -> Way | None:
        """The only way out when it leads somewhere else than to the next line."""
        if len(step.ways) == 1 and not step.ways[0].follows:
            return step.ways[0]
        return None

    def several(self, step: Step) -> bool:
        """Whether the ways out are a list of their own."""
        return len(step.ways) > 1 or any(way.steps for way in step.ways)

    def facts(self, step: Step) -> list[tuple[str, str, bool]]:
        """Label, text, and whether the text is FEEL; in the order in which one asks."""
        found = [*self._who(step), *self._what(step), *self._when(step)]
        return [(label, text, text.startswith("=")) for label, text in found if text]

    def _who(self, step: Step) -> list[tuple[str, str]]:
        facts = step.facts
        if step.kind != "userTask":
            return []
        said = facts.assignee or facts.groups or facts.users
        return [
            (_("Who"), facts.assignee),
            (_("Groups"), self._groups(facts.groups)),
            (_("Several people"), facts.users),
            (_("Who"), "" if said else self._lane(facts.lane)),
        ]

    @staticmethod
    def _lane(lane: str) -> str:
        if not lane:
            return _("nobody is named yet")
        return _("lane “%(name)s”", name=lane)

    @staticmethod
    def _groups(text: str) -> str:
        if text.startswith("=") or not text:
            return text
        names = [one.strip() for one in text.split(",")]
        return ", ".join(str(GROUPS.get(name, name)) for name in names)

    def _what(self, step: Step) -> list[tuple[str, str]]:
        facts, names = step.facts, self.names
        repeated = facts.repeated if facts.repeated != "1" else _("several times")
        return [
            (_("Form"), names.forms.get(facts.form, facts.form)),
            (_("Regu then"), operation_words(facts.submit)),
            (_("What Regu does"), operation_words(facts.operation)),
            (_("Decision table"), names.decisions.get(facts.decision, facts.decision)),
            (_("Process"), names.processes.get(facts.called, facts.called)),
            (_("Works out"), facts.script),
            (_("Name of the result"), facts.result),
            (_("Event"), facts.event_name),
            (_("For each of"), repeated),
        ]

    def _when(self, step: Step) -> list[tuple[str, str]]:
        facts = step.facts
        label = {"duration": _("After"), "cycle": _("Every")}.get(facts.timer, _("When"))
        found = [(_("Due date"), facts.due), (label, facts.when)]
        for told in step.boundary:
            event = told[0]
            if event.facts.timer and not facts.due and event.facts.interrupting:
                found.append((_("At the latest"), event.facts.when))
        if step.kind == "boundaryEvent":
            goes_on = "" if facts.interrupting else _("the task goes on beside it")
            found.append((_("Meanwhile"), goes_on))
        return found

    # ---- what the forms of one step offer

    def fields(self, step: Step) -> list[str]:
        """Fields of a step in the order of its form."""
        timed = bool(step.facts.timer)
        plain = not (step.kind == "startEvent" and step.facts.event)
        return [
            name
            for name, kinds in FIELDS.items()
            if (not kinds or step.kind in kinds)
            and (name != "when" or timed)
            and (name not in {"form", "submit"} or plain)
        ]

    def choices(self, step: Step, name: str) -> list[Choice] | None:
        """Entries of a list field with what the step says now among them; None: a text field."""
        facts = step.facts
        place = Place.START if step.kind == "startEvent" else Place.FORM
        offered = {
            "form": (self.names.forms, facts.form),
            "decision": (self.names.decisions, facts.decision),
            "called": (self.names.processes, facts.called),
            "submit": (operations(place), facts.submit),
            "operation": (operations(Place.SERVICE), facts.operation),
        }.get(name)
        if offered is None:
            return None
        known, now = offered
        rows = [Choice(value, label) for value, label in known.items()]
        rows.sort(key=lambda row: row.label.casefold())
        return rows if not now or now in known else [Choice(now, now), *rows]

    def suggestions(self, name: str) -> list[str]:
        """Texts that other steps of the drawing have in this field."""
        if name not in {"assignee", "due", "users"}:
            return []
        steps = self.outline.steps.values()
        found = {str(getattr(step.facts, name)) for step in steps}
        return sorted((found | set(_DUE if name == "due" else ())) - {""})

    def groups(self, step: Step) -> tuple[list[Choice], frozenset[str], str]:
        """Known groups, those that are chosen, and what else is written there."""
        known = [Choice(name, str(words)) for name, words in GROUPS.items()]
        text = step.facts.groups
        given = [] if text.startswith("=") else [one.strip() for one in text.split(",")]
        other = text if text.startswith("=") else ", ".join(g for g in given if g not in GROUPS)
        return known, frozenset(given) & frozenset(GROUPS), other

    def targets(self, step: Step) -> list[Choice]:
        """Steps of the same part to which a way may lead."""
        here = self.outline.scopes.get(step.id)
        return [
            Choice(other.id, f"{self.number(other.id)}. {self.label(other.id)}")
            for other in self.outline.steps.values()
            if self.outline.scopes.get(other.id) == here
            and other.id != step.id
            and other.kind not in {"startEvent", "boundaryEvent"}
            and not (other.facts.triggered or other.facts.undoes)
        ]

    @staticmethod
    def chooses(step: Step) -> bool:
        """Whether its ways carry conditions."""
        return len(step.ways) > 1 and step.kind not in {"parallelGateway", "eventBasedGateway"}

    @staticmethod
    def takes_new_way(step: Step) -> bool:
        """Whether a further way may begin here."""
        return step.kind in GATEWAYS and step.kind != "eventBasedGateway"

    @staticmethod
    def new_way_asks(step: Step) -> bool:
        """Whether a further way needs a condition."""
        return step.kind in CHOOSING

    def at(self, element_id: str) -> str:
        """The step at which something about an element is shown; "" when there is none."""
        if element_id in self.outline.steps:
            return element_id
        return self.outline.sources.get(element_id, "")


def operations(place: Place) -> dict[str, str]:
    """Operations of a place by name."""
    return {name: str(one.words) for name, one in OPERATIONS.items() if one.place is place}


def operation_words(name: str) -> str:
    """What a drawer calls an operation."""
    known = OPERATIONS.get(name)
    return name if known is None else str(known.words)
