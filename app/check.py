"""Check files exactly as a deployment would, without a database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.clock import RealClock
from app.host import Host
from engine.runtime.runner import Runner
from engine.scenarios.reading import read_scenarios
from engine.usecases.host_functions import FUNCTION_NAMES, host_functions
from engine.usecases.operations.registry import OPERATIONS
from engine.usecases.scenario_gate import apart
from forms.adapter import FormAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.errors import Finding
    from engine.usecases.ports.process import Json, Resource
    from engine.usecases.ports.runner import OperationCall

#: endings whose files a deployment knows by name
_KNOWN = (".bpmn", ".dmn", ".form", ".json")
_BPMN = b"http://www.omg.org/spec/BPMN/20100524/MODEL"


def check_files(resources: Sequence[Resource]) -> tuple[Finding, ...]:
    """All findings about these files; one of another ending is read as a drawing if it is one."""
    names = {_as_drawing(item).name: item.name for item in resources}
    runner = Runner(paper_host(), RealClock(), _NoIds())
    drawings, scenarios = apart([_as_drawing(item) for item in resources])
    told = (finding for one in scenarios for finding in read_scenarios(one)[1])
    found = (*runner.check(drawings), *told)
    return tuple(replace(item, resource=names.get(item.resource, item.resource)) for item in found)


def paper_host() -> Host:
    """The house by name: every operation and question it knows, none of which may run."""
    return Host(
        operations=dict.fromkeys(OPERATIONS, _never_run),
        function_names=FUNCTION_NAMES,
        functions=host_functions,
        forms=FormAdapter(FUNCTION_NAMES),
    )


class _NoIds:
    """A check makes nothing that needs an identity."""

    def key(self) -> int:
        """No key is asked for."""
        return 0

    def uuid(self) -> str:
        """No UUID is asked for."""
        return ""


def _never_run(_call: OperationCall) -> Mapping[str, Json] | None:
    return None


def _as_drawing(item: Resource) -> Resource:
    if item.name.endswith(_KNOWN) or _BPMN not in item.content:
        return item
    return replace(item, name=f"{item.name}.bpmn")
