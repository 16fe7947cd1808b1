"""What a drawing says about doing an activity more than once, and about tokens it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.runtime.drawing.data_details import collection_variables, variable_of
from engine.runtime.drawing.definitions import definition, definition_elements
from engine.runtime.drawing.kinds import Kind
from engine.runtime.drawing.repeats import AdHoc, Behaviour, Loop, MultiInstance, Told
from engine.runtime.drawing.source import (
    child,
    children,
    flag,
    line_of,
    reference,
    text_of,
    zeebe,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.definitions import Definitions


def repeat_details(element: Xml, kind: Kind, known: Definitions) -> dict[str, Any]:
    """Fields of `Node` about repeating; quantities that are no number are findings of the rules."""
    details: dict[str, Any] = {
        "multi_instance": multi_instance(element, known),
        "loop": _loop(element),
        "start_quantity": quantity(element, "startQuantity") or 1,
        "completion_quantity": quantity(element, "completionQuantity") or 1,
    }
    if kind is Kind.AD_HOC_SUB_PROCESS:
        details["ad_hoc"] = _ad_hoc(element)
    return details


def quantity(element: Xml, name: str) -> int | None:
    """A number of tokens, None when it is none of 1 and more."""
    written = element.get(name, "1").strip().removeprefix("+")
    return int(written) if written.isdecimal() and int(written) else None


def _loop(element: Xml) -> Loop | None:
    drawn = child(element, "standardLoopCharacteristics")
    if drawn is None:
        return None
    return Loop(
        test_before=flag(drawn, "testBefore", default=False),
        condition=text_of(child(drawn, "loopCondition")) or None,
        maximum=drawn.get("loopMaximum", "").strip() or None,
        line=line_of(drawn),
    )


def _ad_hoc(element: Xml) -> AdHoc:
    chosen = zeebe(element, "adHoc")
    active = "" if chosen is None else chosen.get("activeElementsCollection", "").strip()
    return AdHoc(
        sequential=element.get("ordering", "").strip() == "Sequential",
        completion_condition=text_of(child(element, "completionCondition")) or None,
        cancel_remaining=flag(element, "cancelRemainingInstances", default=True),
        active_elements=active or None,
        line=line_of(element),
    )


def multi_instance(element: Xml, known: Definitions) -> MultiInstance | None:
    """The multi-instance characteristics of an activity: of the dialect, else of BPMN alone."""
    drawn = child(element, "multiInstanceLoopCharacteristics")
    if drawn is None:
        return None
    loop = zeebe(drawn, "loopCharacteristics")
    given: Mapping[str, str] = {} if loop is None else {str(k): str(v) for k, v in loop.items()}
    plain = _plain_collections(element, drawn, known) if loop is None else {}
    behaviour = drawn.get("behavior", Behaviour.ALL.value).strip()
    return MultiInstance(
        sequential=flag(drawn, "isSequential", default=False),
        collection=given.get("inputCollection", plain.get("inputCollection", "")).strip(),
        element=given.get("inputElement", plain.get("inputElement", "")).strip() or None,
        output_collection=given.get("outputCollection", plain.get("outputCollection", "")).strip()
        or None,
        output_element=given.get("outputElement", plain.get("outputElement", "")).strip() or None,
        completion_condition=text_of(child(drawn, "completionCondition")) or None,
        line=line_of(drawn),
        cardinality=text_of(child(drawn, "loopCardinality")) or None,
        behaviour=Behaviour(behaviour) if behaviour in set(Behaviour) else Behaviour.ALL,
        told=tuple(_told(drawn, behaviour, known)),
    )


def _plain_collections(element: Xml, drawn: Xml, known: Definitions) -> dict[str, str]:
    """The collections of BPMN alone, as the settings of the dialect that mean the same."""
    given, left = collection_variables(element, known.data)
    found: dict[str, str] = {}
    item, result = child(drawn, "inputDataItem"), child(drawn, "outputDataItem")
    if given:
        found["inputCollection"] = f"={given}"
    if item is not None:
        found["inputElement"] = variable_of(item)
    if left and result is not None:
        found["outputCollection"] = left
        found["outputElement"] = f"={variable_of(result)}"
    return found


def _told(drawn: Xml, behaviour: str, known: Definitions) -> Iterator[Told]:
    """What a behaviour throws, by reference or drawn inside a complex one."""
    if behaviour == Behaviour.COMPLEX:
        for one in children(drawn, "complexBehaviorDefinition"):
            condition = text_of(child(one, "condition")) or None
            for thrown in children(one, "event"):
                shared = [
                    text_of(e).rpartition(":")[2] for e in children(thrown, "eventDefinitionRef")
                ]
                inside = definition_elements(thrown) + [
                    known.events[key] for key in shared if key in known.events
                ]
                for inner in inside:
                    yield Told(event=definition(inner, known), condition=condition)
        return
    name = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}.get(behaviour)
    meant = known.events.get(reference(drawn, name) or "") if name else None
    if meant is not None:
        yield Told(event=definition(meant, known))
