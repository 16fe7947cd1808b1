"""Elements of drawings and their properties in words, for who keeps the drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS: Final[Mapping[str, object]] = {
    "process": _l("process"),
    "task": _l("step"),
    "userTask": _l("task of a person"),
    "manualTask": _l("step by hand"),
    "serviceTask": _l("step of the machine"),
    "scriptTask": _l("calculation"),
    "businessRuleTask": _l("decision table"),
    "sendTask": _l("sent message"),
    "receiveTask": _l("awaited message"),
    "callActivity": _l("called process"),
    "subProcess": _l("group of steps"),
    "adHocSubProcess": _l("group of steps in any order"),
    "transaction": _l("group of steps that is whole or undone"),
    "startEvent": _l("start"),
    "endEvent": _l("end"),
    "boundaryEvent": _l("event at the edge of a step"),
    "intermediateCatchEvent": _l("awaited event"),
    "intermediateThrowEvent": _l("sent event"),
    "exclusiveGateway": _l("choice"),
    "inclusiveGateway": _l("choice of several"),
    "parallelGateway": _l("fork or join"),
    "eventBasedGateway": _l("whichever comes first"),
    "complexGateway": _l("join by a rule"),
    "sequenceFlow": _l("arrow"),
}

#: longest beginning first
_FIELDS: Final[tuple[tuple[str, object], ...]] = (
    ("user_task.due_date", _l("deadline")),
    ("user_task.follow_up", _l("follow-up date")),
    ("user_task.assignee", _l("whose task it is")),
    ("user_task.candidate", _l("who may take it")),
    ("user_task.priority", _l("priority")),
    ("user_task.form", _l("form")),
    ("form.version", _l("version of the form")),
    ("form", _l("form")),
    ("decision.version", _l("version of the decision table")),
    ("decision", _l("decision table")),
    ("event", _l("event")),
    ("multi_instance", _l("repetition")),
    ("loop", _l("repetition")),
    ("inputs", _l("values that come in")),
    ("outputs", _l("values that go out")),
    ("task", _l("work of the machine")),
    ("called", _l("called process")),
    ("lane", _l("lane")),
    ("group", _l("who may take it")),
    ("script", _l("formula")),
    ("properties", _l("property")),
    ("attached_to", _l("at the edge of")),
    ("parent", _l("inside of")),
    ("interrupting", _l("interrupts")),
    ("condition", _l("condition")),
    ("default", _l("otherwise goes to")),
    ("source", _l("from")),
    ("target", _l("to")),
    ("version_tag", _l("name of the version")),
    ("name", _l("name")),
    ("about", _l("description")),
)


def kind_words(kind: str) -> str:
    """The kind of an element, such as "userTask", in words."""
    return str(_KINDS.get(kind, kind))


def field_words(field: str) -> str:
    """A property by its dotted name; "" for one that has no words of its own."""
    return str(next((words for start, words in _FIELDS if field.startswith(start)), ""))
