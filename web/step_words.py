"""Words of the list of steps: kinds of steps, fields, and why an edit is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

#: BPMN element name -> what the step is for its reader
KINDS: Final[Mapping[str, object]] = {
    "startEvent": _l("Start"),
    "endEvent": _l("The end"),
    "intermediateCatchEvent": _l("Waits"),
    "intermediateThrowEvent": _l("Tells"),
    "boundaryEvent": _l("Meanwhile"),
    "task": _l("Step"),
    "userTask": _l("Somebody's task"),
    "manualTask": _l("Done outside Regu"),
    "serviceTask": _l("Regu does it"),
    "scriptTask": _l("Regu works it out"),
    "businessRuleTask": _l("Asks a decision table"),
    "sendTask": _l("Sends a message"),
    "receiveTask": _l("Waits for a message"),
    "callActivity": _l("Another process"),
    "subProcess": _l("Part with steps of its own"),
    "transaction": _l("Part that is done whole or undone"),
    "adHocSubProcess": _l("Steps in free order"),
    "exclusiveGateway": _l("Choice"),
    "inclusiveGateway": _l("Choice of several"),
    "parallelGateway": _l("At the same time"),
    "eventBasedGateway": _l("What happens first"),
    "complexGateway": _l("Choice by a rule"),
}
#: gateways that only gather ways
MEETS: Final[Mapping[str, object]] = {
    "exclusiveGateway": _l("Ways meet"),
    "inclusiveGateway": _l("Ways meet"),
    "parallelGateway": _l("Waits for all ways"),
    "complexGateway": _l("Ways meet"),
}
#: trigger of an event -> what it waits for or does
EVENTS: Final[Mapping[str, object]] = {
    "timer": _l("time"),
    "message": _l("message"),
    "signal": _l("signal"),
    "error": _l("error"),
    "escalation": _l("escalation"),
    "terminate": _l("ends everything"),
    "cancel": _l("cancelled"),
    "compensate": _l("undone"),
    "conditional": _l("a condition comes true"),
    "link": _l("goes on elsewhere"),
    "multiple": _l("several events"),
}
#: field of a step -> its label
LABELS: Final[Mapping[str, object]] = {
    "name": _l("Name of the step"),
    "about": _l("Note for readers"),
    "assignee": _l("One person"),
    "groups": _l("Groups"),
    "users": _l("Several people"),
    "due": _l("Due date"),
    "form": _l("Form"),
    "submit": _l("What Regu does with the form"),
    "operation": _l("What Regu does"),
    "decision": _l("Decision table"),
    "result": _l("Name of the result"),
    "script": _l("What is worked out"),
    "called": _l("Process to call"),
    "when": _l("When"),
}
#: field -> what helps to fill it in
HINTS: Final[Mapping[str, object]] = {
    "assignee": _l("The id of a person, or FEEL that begins with “=”."),
    "users": _l("Ids of people with commas between, or FEEL that begins with “=”."),
    "due": _l("FEEL such as “=add working days(now(), 3)”, or a fixed date."),
    "when": _l("A date, a duration such as P3D, or FEEL that begins with “=”."),
    "result": _l("Later steps use the answer under this name."),
    "script": _l("FEEL; later steps use the answer under its name."),
    "condition": _l("FEEL that is true or false, such as “days > 5”."),
}
#: code of a refused edit -> why, to be put beside the step that stands in the way
REFUSED: Final[Mapping[str, object]] = {
    "unreadable": _l("The drawing cannot be read as BPMN; open it in the drawing editor."),
    "step_gone": _l("This step is not there any more."),
    "way_gone": _l("This way is not there any more."),
    "not_here": _l("This kind of step does not have that."),
    "nothing_given": _l("Fill this in."),
    "feel": _l("The FEEL expression cannot be read."),
    "condition_missing": _l("This way needs a condition, or must be the default one."),
    "condition_needless": _l("This way takes no condition."),
    "remove_start": _l("A process begins here; a start is not removed from the list."),
    "remove_boundary": _l("Events are attached to this step: remove them first."),
    "remove_several": _l("Several ways lead here or away: lead them elsewhere first."),
    "remove_last": _l("Nothing would follow the step before: it is the last on its way."),
    "remove_default": _l("It is the way that is taken when no condition holds; choose another."),
    "remove_loop": _l("The step before would lead back to itself."),
    "remove_awaited": _l("The step before waits for exactly this."),
    "remove_named": _l("Another part of the drawing names this step."),
    "follows_end": _l("Nothing can follow this step."),
    "end_inside": _l("Something follows here already: choose another kind of step."),
    "way_unclear": _l("Several ways lead on from here: choose one."),
    "awaited": _l("Only awaited events follow here: use the drawing editor."),
    "move_apart": _l("It can only change places within a straight run of steps."),
    "target_wrong": _l("No way can lead to that step from here."),
    "target_same": _l("A step does not lead to itself."),
    "cut_off": _l("Nothing would lead to this step any more:"),
    "never_ends": _l("It would never come to an end from this step:"),
    "no_change": _l("It leads there already."),
}
#: what may be added -> how it is asked for
ADDS: Final[Mapping[str, object]] = {
    "userTask": _l("A task for somebody"),
    "serviceTask": _l("Something that Regu does"),
    "businessRuleTask": _l("A question to a decision table"),
    "exclusiveGateway": _l("A choice of two ways"),
    "endEvent": _l("An end"),
}
