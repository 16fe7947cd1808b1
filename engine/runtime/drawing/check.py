"""A drawing checked: all findings at once, each with its element and line."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from engine.runtime.drawing import (
    rules_activities,
    rules_carried,
    rules_classes,
    rules_compensation,
    rules_data,
    rules_details,
    rules_events,
    rules_expressions,
    rules_flow,
    rules_formal,
    rules_host,
    rules_items,
    rules_markup,
    rules_messages,
    rules_references,
    rules_structure,
    rules_triggers,
    rules_variables,
)
from engine.runtime.drawing.constraints import rule_of
from engine.runtime.drawing.findings import ERROR, warning, warning_in
from engine.runtime.drawing.reader import read_drawing
from engine.runtime.drawing.source import parse
from engine.runtime.limits import MAX_DRAWINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from engine.runtime.drawing.context import DeployContext
    from engine.runtime.drawing.model import Drawing, Process
    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

#: rules of valid BPMN, for every file
ON_DOCUMENT: Final[tuple[Callable[[Document], Iterable[Finding]], ...]] = (
    rules_references.unique_ids,
    rules_references.references,
    rules_structure.flow_ends,
    rules_structure.gateway_directions,
    rules_structure.listed_flows,
    rules_events.allowed,
    rules_events.links,
    rules_messages.message_flows,
    rules_messages.multiplicities,
    rules_data.sets,
    rules_data.associations,
    rules_carried.carried,
    rules_formal.informal,
    rules_formal.truths,
    rules_formal.scripts,
    rules_formal.roles,
    rules_formal.conversations,
    rules_markup.roots,
    rules_markup.places,
    rules_markup.formats,
    rules_markup.loops,
    rules_markup.expressions_written,
    rules_markup.timers,
    rules_markup.executable_limits,
    rules_markup.instantiating_gateways,
    rules_markup.repeated_settings,
    rules_markup.multi_instance_settings,
    rules_classes.elements,
    rules_classes.attributes,
    rules_classes.foreign_settings,
    rules_details.bindings,
    rules_activities.quantities,
    rules_activities.behaviours,
    rules_activities.data,
    rules_activities.ad_hoc_settings,
    rules_items.collections,
    rules_items.list_items,
    rules_items.expressions,
)
#: rules of valid BPMN, for every process
ON_PROCESS: Final[tuple[Callable[[Process], Iterable[Finding]], ...]] = (
    rules_structure.flow_directions,
    rules_structure.hosts,
    rules_structure.default_flows,
    rules_structure.event_gateways,
    rules_events.event_sub_processes,
    rules_events.connected,
)
#: rules for what runs
ON_EXECUTABLE: Final[tuple[Callable[[Process], Iterable[Finding]], ...]] = (
    rules_triggers.events,
    rules_compensation.handlers,
    rules_compensation.throws,
    rules_compensation.inside,
    rules_compensation.cancels,
    rules_classes.traits,
    rules_flow.size,
    rules_flow.starts,
    rules_flow.reachable,
    rules_flow.dead_ends,
    rules_flow.conditions,
    rules_flow.unique_events,
    rules_flow.boundaries,
    rules_details.work,
    rules_details.results,
    rules_activities.loops,
    rules_activities.multi_instances,
    rules_activities.ad_hocs,
    rules_activities.complex_gateways,
    rules_activities.splits,
    rules_details.events,
    rules_details.user_tasks,
    rules_details.retries,
    rules_details.placed,
    rules_expressions.times,
)


@lru_cache(maxsize=MAX_DRAWINGS)
def check_drawing(
    data: bytes, name: str, context: DeployContext
) -> tuple[Drawing | None, tuple[Finding, ...]]:
    """Read and check one file; the drawing is None when an error refuses it.

    Never raises, whatever the bytes. Findings stand in the order of their lines. The same file
    is checked once in the same context.
    """
    root, found = parse(data)
    if root is None:
        return None, tuple(replace(f, resource=name) for f in found)
    document = read_drawing(root, name)
    ends = _flow_ends(document.drawing)
    unique = dict.fromkeys(_tidy(f, name, ends) for f in _checked(document, context))
    findings = tuple(sorted(unique, key=lambda f: f.line))
    refused = any(f.severity == ERROR for f in findings)
    return (None if refused else document.drawing), findings


def _flow_ends(drawing: Drawing) -> dict[str, str]:
    """What a flow is called that has no name: from which step to which."""
    names = {
        id_: node.name or id_
        for process in drawing.processes
        for id_, node in process.nodes.items()
    }
    return {
        flow.id: f"{names[flow.source]} → {names[flow.target]}"
        for process in drawing.processes
        for flow in process.flows.values()
        if flow.source in names and flow.target in names
    }


def _tidy(finding: Finding, name: str, flow_ends: Mapping[str, str]) -> Finding:
    """One line of text, however the names in the drawing are broken."""
    called = finding.element_name or flow_ends.get(finding.element_id, "")
    return replace(
        finding,
        resource=name,
        rule=finding.rule or rule_of(finding.code),
        message=" ".join(finding.message.split()),
        element_name=" ".join(called.split()),
    )


def _checked(document: Document, context: DeployContext) -> Iterator[Finding]:
    drawing = document.drawing
    if not drawing.processes:
        text = "The file has no process: it is kept as documentation and nothing runs."
        yield warning_in("no-process", text, document.root)
    for on_document in ON_DOCUMENT:
        yield from on_document(document)
    for process in drawing.processes:
        for on_process in ON_PROCESS:
            yield from on_process(process)
        if not process.executable:
            text = "The process is not executable: it is kept as documentation and never runs."
            yield warning("not-executable", text, process)
            continue
        for on_executable in ON_EXECUTABLE:
            yield from on_executable(process)
        yield from rules_expressions.expressions(process, context)
        yield from rules_variables.conditions(process, context)
        yield from rules_host.operations(process, context)
        yield from rules_host.kept(process)
        yield from rules_host.called_resources(process, context, drawing)
