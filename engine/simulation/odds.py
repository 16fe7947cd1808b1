"""A drawing whose gateways choose by chance: their conditions ask for it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from engine.feel import HostFunction
from engine.runtime.drawing.source import BPMN, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.simulation.chance import Lots
    from engine.usecases.ports.process import Resource

#: name of the FEEL function that conditions ask
CHANCE: Final = "simulated chance"


class NoSuchGateway(ValueError):
    """A plan names a gateway or flow that is not in the drawing."""


def chance_function(lots: Lots) -> HostFunction:
    """True as often as it is told, from 0 to 1, by the draws of a flow."""

    def call(flow: Any, probability: Any) -> bool:
        return lots.now.of(f"way:{flow}").random() < float(probability)

    return HostFunction(CHANCE, ("flow", "probability"), call)


def with_odds(
    resources: Sequence[Resource], process_id: str, ways: Mapping[str, Mapping[str, float]]
) -> Sequence[Resource]:
    """The same files, conditions of a process' gateways replaced; `NoSuchGateway`."""
    left = dict(ways)
    found = [_one(resource, process_id, left) for resource in resources]
    if left:
        raise NoSuchGateway(f"'{process_id}' has no gateway '{next(iter(left))}'")
    return found


def _one(resource: Resource, process_id: str, left: dict[str, Mapping[str, float]]) -> Resource:
    whole, _ = parse(resource.content) if resource.name.endswith(".bpmn") else (None, ())
    processes = () if whole is None else whole.findall(f"{{{BPMN}}}process")
    root = next((one for one in processes if one.get("id") == process_id), None)
    if whole is None or root is None:
        return resource
    flows: dict[str, list[etree._Element]] = defaultdict(list)
    for flow in root.iter(f"{{{BPMN}}}sequenceFlow"):
        flows[flow.get("sourceRef", "")].append(flow)
    gateways = [one for one in root.iter() if one.get("id") in left and one.get("id") in flows]
    for gateway in gateways:
        name = gateway.get("id", "")
        _choose(gateway, flows[name], left.pop(name))
    return replace(resource, content=etree.tostring(whole)) if gateways else resource


def _choose(
    gateway: etree._Element, flows: Sequence[etree._Element], odds: Mapping[str, float]
) -> None:
    """Write the conditions: one after the other, each with its share of what is left."""
    unknown = set(odds) - {flow.get("id") for flow in flows}
    if unknown:
        raise NoSuchGateway(f"'{gateway.get('id')}' has no flow '{min(unknown)}'")
    exclusive = gateway.tag == f"{{{BPMN}}}exclusiveGateway"
    shares = _shares([str(flow.get("id")) for flow in flows], odds, exclusive=exclusive)
    if exclusive:
        gateway.attrib.pop("default", "")
    left = 1.0
    for flow, share in zip(flows, shares, strict=True):
        probability = share / left if exclusive and left > 0 else share
        left -= share
        last = exclusive and flow is flows[-1]
        _condition(flow, 1.0 if last else min(max(probability, 0.0), 1.0))


def _shares(flows: Sequence[str], odds: Mapping[str, float], *, exclusive: bool) -> Sequence[float]:
    """Probability of each flow; those not named share what is left, or are never taken."""
    total = sum(odds.values())
    if not exclusive:
        return [odds.get(flow, 0.0) for flow in flows]
    unnamed = [flow for flow in flows if flow not in odds]
    rest = max(1.0 - total, 0.0) / len(unnamed) if unnamed else 0.0
    scale = 1.0 if unnamed and total <= 1.0 else total or 1.0
    return [odds[flow] / scale if flow in odds else rest for flow in flows]


def _condition(flow: etree._Element, probability: float) -> None:
    for old in flow.findall(f"{{{BPMN}}}conditionExpression"):
        flow.remove(old)
    element = etree.SubElement(flow, f"{{{BPMN}}}conditionExpression")
    told = json.dumps(flow.get("id", ""), ensure_ascii=False)
    element.text = f"={CHANCE}({told}, {probability:.9f})"
