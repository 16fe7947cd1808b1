"""Data that is drawn fits what carries it: copies, events, messages, operations, called elements.

These rules are about executable processes (BPMN 10.4.1): drawings for people leave types open.
Where a `zeebe` setting says what is done, the operation of another engine has no say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from engine.runtime.drawing.definitions import SUFFIX, definition_elements
from engine.runtime.drawing.findings import error_in, warning_in
from engine.runtime.drawing.model import EVENTS
from engine.runtime.drawing.source import (
    BPMN,
    child,
    children,
    everywhere,
    flag,
    local,
    reference,
    text_of,
    zeebe,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

_COPIES: Final = ("dataInputAssociation", "dataOutputAssociation")
#: the reference of a definition to what it brings, and that one's reference to its item
_BROUGHT: Final = {
    "message": ("messageRef", "itemRef"),
    "signal": ("signalRef", "structureRef"),
    "error": ("errorRef", "structureRef"),
    "escalation": ("escalationRef", "structureRef"),
}


class _File(NamedTuple):
    """The file by ids, and its executable processes."""

    by_id: Mapping[str, Xml]
    processes: tuple[Xml, ...]

    def to(self, element: Xml | None, name: str) -> Xml | None:
        """The element that a reference leads to, if it is in the file."""
        key = None if element is None else reference(element, name)
        return self.by_id.get(key or "")

    def item(self, element: Xml | None, name: str = "itemSubjectRef") -> Xml | None:
        """The item definition of something that holds data, also behind a reference."""
        if element is not None and local(element) == "dataObjectReference":
            element = self.to(element, "dataObjectRef")
        found = self.to(element, name)
        return found if found is not None and local(found) == "itemDefinition" else None


def carried(document: Document) -> Iterator[Finding]:
    """Every rule of this file, with the ids read once."""
    processes = tuple(element for element, process in document.processes if process.executable)
    by_id = {e.get("id", ""): e for e in document.root.iter(f"{{{BPMN}}}*") if e.get("id")}
    file = _File(by_id, processes)
    for rule in _RULES:
        for process in processes:
            yield from rule(file, process)
    for task in document.root:
        if local(task).startswith("global"):
            yield from _bound(file, task)


def _copied(file: _File, process: Xml) -> Iterator[Finding]:
    """A copy keeps its structure; another needs a transformation or assignments."""
    for drawn in everywhere(process, *_COPIES):
        if child(drawn, "transformation") is not None or children(drawn, "assignment"):
            continue
        target = file.item(file.to(drawn, "targetRef"))
        for ref in children(drawn, "sourceRef"):
            source = file.item(file.by_id.get(text_of(ref).rpartition(":")[2]))
            if source is not None and target is not None and not _alike(source, target):
                text = "The association joins different items: give it a transformation."
                yield error_in("data-association-items", text, drawn)


def _directions(file: _File, process: Xml) -> Iterator[Finding]:
    """Inputs of a process are read, outputs written, by what is in it."""
    for name, end, wrong in (
        ("dataInputAssociation", "sourceRef", "dataOutput"),
        ("dataOutputAssociation", "targetRef", "dataInput"),
    ):
        for drawn in everywhere(process, name):
            for ref in children(drawn, end):
                met = file.by_id.get(text_of(ref).rpartition(":")[2])
                if met is not None and local(met) == wrong and _outside(met, drawn):
                    word = "read" if wrong == "dataOutput" else "written"
                    text = f"The {wrong} '{met.get('id')}' of the process cannot be {word} here."
                    yield error_in("data-association-end", text, drawn)


def _outside(item: Xml, association: Xml) -> bool:
    box, holder = item.getparent(), association.getparent()
    around = None if box is None else box.getparent()
    return around is not None and around is not holder and local(around) == "process"


def _brought(file: _File, process: Xml) -> Iterator[Finding]:
    """An event that holds data holds what its definitions bring or take."""
    for event in everywhere(process, *EVENTS):
        data = (*children(event, "dataInput"), *children(event, "dataOutput"))
        payloads = [item for item in _payloads(file, event) if item is not None]
        if not data or not payloads:
            continue
        left = [file.item(one) for one in data]
        for payload in payloads:
            fit = next((one for one in left if one is not None and _alike(one, payload)), None)
            if fit is None:
                text = f"The event brings the item '{payload.get('id')}': no data of it fits."
                yield error_in("event-data", text, event)
                break
            left.remove(fit)


def _payloads(file: _File, event: Xml) -> Iterator[Xml | None]:
    refs = [
        file.by_id.get(text_of(r).rpartition(":")[2]) for r in children(event, "eventDefinitionRef")
    ]
    for drawn in (*definition_elements(event), *(r for r in refs if r is not None)):
        names = _BROUGHT.get(local(drawn).removesuffix(SUFFIX))
        if names is not None:
            yield file.item(file.to(drawn, names[0]), names[1])


def _operations(file: _File, process: Xml) -> Iterator[Finding]:
    """A service task gives and takes what the messages of its operation hold."""
    for task in everywhere(process, "serviceTask"):
        operation = file.to(task, "operationRef")
        if operation is None or zeebe(task, "taskDefinition") is not None:
            continue
        box = child(task, "ioSpecification")
        sets = (
            (0, 0)
            if box is None
            else tuple(len(children(box, n)) for n in ("inputSet", "outputSet"))
        )
        if sets[0] != 1 or sets[1] > 1:
            text = "A service task with an operation has one input set and at most one output set."
            yield error_in("operation-data", text, task)
            continue
        for ref, name in (("inMessageRef", "dataInput"), ("outMessageRef", "dataOutput")):
            message = file.to(operation, ref)
            if message is not None and not _carries(file, box, name, message):
                text = f"The task has not one {name} with the item of its operation's {ref[:-3]}."
                yield error_in("operation-data", text, task)


def _messages(file: _File, process: Xml) -> Iterator[Finding]:
    """A send or receive task holds the item of its message, once, if it holds data."""
    for kind, name, box_name in (
        ("sendTask", "dataInput", "inputSet"),
        ("receiveTask", "dataOutput", "outputSet"),
    ):
        for task in everywhere(process, kind):
            box, message = child(task, "ioSpecification"), file.to(task, "messageRef")
            if box is None or message is None:
                continue
            once = len(children(box, box_name)) <= 1 and len(children(box, name)) <= 1
            if not once or not _carries(file, box, name, message):
                text = f"A {kind} with a message has one {name} in one {box_name}, with its item."
                yield error_in("message-data", text, task)


def _carries(file: _File, box: Xml | None, name: str, message: Xml) -> bool:
    """Whether there is one data item, with the item of the message where it has one."""
    data = [] if box is None else children(box, name)
    wanted = file.item(message, "itemRef")
    if wanted is None:
        return True
    held = file.item(data[0]) if len(data) == 1 else None
    return held is not None and _alike(held, wanted)


def _called(file: _File, process: Xml) -> Iterator[Finding]:
    """A call gives and takes what the called element of the same file declares."""
    for call in everywhere(process, "callActivity"):
        setting = zeebe(call, "calledElement")
        key = call.get("calledElement", "").rpartition(":")[2]
        called = file.by_id.get(key or ("" if setting is None else setting.get("processId", "")))
        if called is None:
            continue
        if local(called) == "process":
            yield from _entered(call, called)
        own, other = child(call, "ioSpecification"), child(called, "ioSpecification")
        if (own is None and setting is not None) or (own is None and other is None):
            continue
        for name in ("dataInput", "dataOutput"):
            given = [] if own is None else [file.item(e) for e in children(own, name)]
            wanted = [] if other is None else [file.item(e) for e in children(other, name)]
            if not _same(given, wanted):
                text = f"Each {name} of the call must be one of '{called.get('id')}', and back."
                yield error_in("called-data", text, call)


def _entered(call: Xml, called: Xml) -> Iterator[Finding]:
    """A called process has a start event without trigger, if it has one at all."""
    starts = children(called, "startEvent")
    if starts and not any(_plain(start) for start in starts):
        text = f"'{called.get('id')}' is called: it needs a start event that waits for nothing."
        yield error_in("called-start", text, call)


def _plain(start: Xml) -> bool:
    return not definition_elements(start) and not children(start, "eventDefinitionRef")


def _bound(file: _File, called: Xml) -> Iterator[Finding]:
    """A callable element that offers an interface binds each operation to data that fits."""
    box, bindings = child(called, "ioSpecification"), children(called, "ioBinding")
    bound = {reference(binding, "operationRef") for binding in bindings}
    for ref in children(called, "supportedInterfaceRef") if box is not None else ():
        offered = file.by_id.get(text_of(ref).rpartition(":")[2])
        for operation in () if offered is None else children(offered, "operation"):
            if operation.get("id") not in bound:
                text = f"No ioBinding binds the operation '{operation.get('id')}' to data."
                yield error_in("io-binding", text, called)
    for binding in bindings:
        meant = file.to(binding, "operationRef")
        for side, name in (("inputDataRef", "inMessageRef"), ("outputDataRef", "outMessageRef")):
            held = file.item(file.to(binding, side))
            wanted = file.item(file.to(meant, name), "itemRef")
            if held is not None and wanted is not None and not _alike(held, wanted):
                text = f"{side} has another item than the operation's {name[:-3]}."
                yield error_in("io-binding", text, binding)


def _names(file: _File, process: Xml) -> Iterator[Finding]:
    """A data object reference with a state is named after both (BPMN 10.4.1): worth a look."""
    for drawn in everywhere(process, "dataObjectReference"):
        state, meant = child(drawn, "dataState"), file.to(drawn, "dataObjectRef")
        name = drawn.get("name", "").strip()
        if state is None or meant is None or not (name and meant.get("name") and state.get("name")):
            continue
        wanted = f"{meant.get('name', '').strip()} [{state.get('name', '').strip()}]"
        if "".join(name.split()) != "".join(wanted.split()):
            text = f"The data object reference '{name}' should be named '{wanted}'."
            yield warning_in("data-reference-name", text, drawn)


def _same(given: list[Xml | None], wanted: list[Xml | None]) -> bool:
    left = list(wanted)
    for one in given:
        fits = (at for at, other in enumerate(left) if _fit(one, other))
        found = next(fits, None)
        if found is None:
            return False
        del left[found]
    return not left


def _fit(one: Xml | None, other: Xml | None) -> bool:
    return one is other or (one is not None and other is not None and _alike(one, other))


def _alike(one: Xml, other: Xml) -> bool:
    """The same item definition, or two of the same structure."""
    if one is other:
        return True
    same = one.get("structureRef") == other.get("structureRef") is not None
    both = [flag(e, "isCollection", default=False) for e in (one, other)]
    return same and both[0] == both[1]


_RULES: Final[tuple[Callable[[_File, Xml], Iterator[Finding]], ...]] = (
    _copied,
    _directions,
    _brought,
    _operations,
    _messages,
    _called,
    _bound,
    _names,
)
