"""What the server finds in a drawing, in the words of the person who draws."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from web.context import locale
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from engine.usecases.errors import Finding, Unread

#: a word or sign of FEEL in quotes, which is the same in every language
_SIGN = re.compile(r"'[^']+'")

#: code of a finding -> the sentence; the engine's own, with its names, stands beside it
WORDS = {
    "scenario": _l("A scenario file cannot be read."),
    "scenario-failed": _l("A scenario does not go as written."),
    "misplaced-element": _l("This element does not belong in this place."),
    "event-unconnected": _l("This event must be connected."),
    "event-not-bpmn": _l("BPMN knows no such event."),
    "boundary-without-host": _l("A boundary event must be attached to an activity."),
    "validity": _l("The dates of validity cannot be read."),
    "validity-overlap": _l("The dates of validity overlap with another version."),
    "timer-kind": _l("This kind of timer does not fit here."),
    "task-without-type": _l("This task does not say what it does."),
    "start-missing": _l("A start event is missing: draw one."),
    "several-none-starts": _l("A sub-process has one plain start event."),
    "reference-wrong": _l("This refers to something of another kind."),
    "reference-dangling": _l("This refers to something that is not there."),
    "operation-unknown": _l("The engine knows no such operation."),
    "property-unknown": _l("The engine knows no such property."),
    "not-xml": _l("The file cannot be read as XML."),
    "not-bpmn": _l("The file is no BPMN drawing."),
    "no-effect": _l("This setting is kept but has no effect here."),
    "flow-without-end": _l("This flow does not lead anywhere."),
    "code-missing": _l("The event needs a code."),
    "variable-name": _l("This is no name for a variable."),
    "unreachable": _l("No start event leads here: connect it or remove it."),
    "dead-end": _l("Nothing leads away from here."),
    "unknown-file": _l("This kind of file is not known."),
    "unknown-element": _l("The engine does not run this element."),
    "refused-property": _l("The engine refuses this property."),
    "refused-extension": _l("The engine refuses this extension."),
    "refused-event": _l("The engine does not run this event here."),
    "timer-several": _l("A timer takes exactly one of date, duration and cycle."),
    "timer-missing": _l("The timer does not say when."),
    "time-unreadable": _l("This date or duration cannot be read."),
    "sub-process-start-event": _l("A sub-process begins with a plain start event."),
    "event-sub-process-repeated": _l(
        "An event sub-process is not repeated: repeat the steps inside."
    ),
    "instantiating-gateway": _l("A gateway does not start a process."),
    "multiple-mixed": _l("These events cannot stand together in one."),
    "event-condition-missing": _l("The event needs its condition."),
    "compensation-unassociated": _l(
        "An association joins a compensation event and the activity that undoes."
    ),
    "compensation-flow": _l("No flow leads to or from what undoes an activity."),
    "compensation-activity": _l("This activity cannot be undone from here."),
    "compensation-place": _l("Compensation of this kind belongs into a sub-process."),
    "cancel-uncaught": _l("The transaction needs a cancel boundary event."),
    "link-ambiguous": _l("Each catching link needs a name of its own."),
    "event-sub-process-start": _l(
        "An event sub-process begins with exactly one event that triggers it."
    ),
    "signal-missing": _l("The event needs its signal."),
    "message-missing": _l("The event needs its message."),
    "correlation-key-missing": _l("The message needs a correlation key."),
    "publish-without-name": _l("The message that is sent needs a name."),
    "script-missing": _l("The script needs a FEEL expression."),
    "decision-missing": _l("The business rule task needs its decision."),
    "called-process-missing": _l("The call needs the process it calls."),
    "decision-unknown": _l("This decision is not published yet."),
    "process-unknown": _l("This process is not published yet."),
    "form-unknown": _l("This form is not published yet."),
    "form-key": _l("The form cannot be found this way."),
    "nobody-assigned": _l("Nobody is assigned: it goes to the administrators."),
    "priority": _l("The priority lies between 0 and 100."),
    "retries": _l("The number of retries cannot be used."),
    "same-event-twice": _l("The same event is caught twice here."),
    "not-feel": _l("Only FEEL expressions are allowed here."),
    "feel-syntax": _l("The FEEL expression cannot be read."),
    "feel-external": _l("External functions are not run."),
    "expression": _l("The expression cannot be used."),
    "operation-data": _l("The data of the task does not fit its operation."),
    "message-data": _l("The data of the task does not fit its message."),
    "event-data": _l("The data of the event does not fit what it brings."),
    "called-data": _l("The data of the call does not fit what it calls."),
    "called-start": _l("What is called needs a plain start event."),
    "data-association-items": _l("The two ends of this association hold different data."),
    "expression-informal": _l("This expression is not one a machine can read."),
    "expression-not-boolean": _l("This condition is never true or false."),
    "script-format-missing": _l("The script does not name its language."),
    "link-partner-other": _l("The two ends of the link name each other differently."),
    "end-missing": _l("What begins with a start event ends with an end event: draw one."),
    "expression-empty": _l("The expression is empty."),
    "not-executable": _l("The process is not marked as executable."),
    "no-process": _l("The drawing holds no process."),
    "condition-missing": _l("This flow needs a condition."),
    "default-flow-missing": _l("The default flow is not one of this element's flows."),
    "default-flow-conditional": _l("The default flow takes no condition."),
    "gateway-direction": _l("The direction of the gateway does not fit its flows."),
    "flow-into-start": _l("No flow leads into a start event."),
    "flow-out-of-end": _l("No flow leads out of an end event."),
    "flow-crosses-scope": _l("A flow stays inside its sub-process."),
    "flow-crosses-process": _l("A flow stays inside its process."),
    "multi-instance-without-collection": _l("The multi-instance needs its collection."),
    "multi-instance-output": _l("The output of the multi-instance is incomplete."),
    "multi-instance-twice": _l("The multi-instance takes a collection or a number, not both."),
    "loop-cardinality": _l("The number of the multi-instance cannot be read."),
    "behaviour": _l("This behaviour of a multi-instance is not known."),
    "behaviour-event": _l("A multi-instance tells by a signal or an escalation."),
    "behaviour-condition": _l("The event of the multi-instance needs its condition."),
    "loop-endless": _l("The loop needs a condition or a maximum."),
    "loop-maximum": _l("The maximum of the loop is a whole number from 1 up."),
    "quantity": _l("The number of tokens cannot be used."),
    "ad-hoc-empty": _l("The ad-hoc sub-process needs an activity to begin with."),
    "ad-hoc-event": _l("An ad-hoc sub-process has no start and no end event."),
    "ad-hoc-job": _l("A worker cannot lead an ad-hoc sub-process."),
    "activation-missing": _l("The complex gateway needs its activation condition."),
    "conditional-flow-alone": _l("The only flow out of an activity takes no condition."),
    "conditional-flow-misplaced": _l("This flow takes no condition: put a gateway before it."),
    "default-flow-misplaced": _l("This element takes no default flow."),
    "condition-no-effect": _l("This condition has no effect: a parallel gateway takes all flows."),
    "data-store": _l("A data store is read and written by operations."),
    "data-collection": _l("The data item must be a collection as its definition is."),
    "data-item": _l("The item does not fit its collection."),
    "global-task-data": _l("The data of a global task is mapped where it is called."),
    "mapping-without-source": _l("The mapping needs its source."),
    "error-never-thrown": _l("This error is thrown nowhere inside."),
    "escalation-never-thrown": _l("This escalation is thrown nowhere inside."),
    "error-not-interrupting": _l("An error always interrupts."),
    "event-gateway-choice": _l("An event-based gateway needs at least two events."),
    "event-gateway-target": _l("An event-based gateway leads to events that catch only."),
    "id-twice": _l("This id is used twice."),
    "id-repeated": _l("This id is used twice."),
    "id-missing": _l("The id is missing."),
    "doctype": _l("Remove the DOCTYPE."),
    "file-too-large": _l("The file is too large."),
    "too-many-nodes": _l("The process holds too many elements."),
    "too-many-elements": _l("The file holds too many elements."),
    "too-many-attributes": _l("An element of the file has too many attributes."),
    "too-deep": _l("The file is nested too deeply."),
    "import": _l("Imports are not allowed."),
    "decision": _l("The decision table has an error."),
    "condition-not-boolean": _l("This condition can be neither true nor false."),
    "variable-unset": _l("A variable is read here before anything sets it."),
    "variable-from-start": _l("Who starts the process must give a variable that is read here."),
    "decision-lost": _l("The decision with this id is not in the file any more."),
    "decision-overlap": _l("Two rules of the table match at once."),
    "decision-gap": _l("The table leaves cases without a rule."),
    "decision-never": _l("This rule of the table never counts."),
    "release-other-process": _l("The drawing holds another process than this one."),
    "decision-unseen": _l("The table could not be looked through for gaps and overlaps."),
}

#: what the reader of FEEL misses, as it says it -> the words
EXPECTED = {
    "an expression": _l("an expression"),
    "an operator or the end": _l("an operator or the end"),
    "a name after the dot": _l("a name after the dot"),
    "a type": _l("a type"),
    "string": _l("a text in double quotes"),
    "number": _l("a number"),
}


def told(finding: Finding) -> tuple[str, str]:
    """The sentence in the reader's language, and the engine's English detail where it differs."""
    known = WORDS.get(finding.code)
    if locale() == "en" or known is None:
        return finding.message, ""
    if finding.unread is not None:
        return _where(finding.unread), ""
    return str(known), finding.message


def _where(unread: Unread) -> str:
    """What cannot be read at which place, and what would fit as far as there are words for it."""
    place = {"line": unread.line, "column": unread.column}
    sign = _SIGN.match(unread.expected)
    expected = sign[0] if sign else EXPECTED.get(unread.expected)
    if expected is None:
        return _(
            "The FEEL expression cannot be read at line %(line)s, character %(column)s.", **place
        )
    return _(
        "The FEEL expression cannot be read at line %(line)s, character %(column)s:"
        " %(expected)s is missing there.",
        expected=expected,
        **place,
    )
