"""/v2: element instances and variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields
from werkzeug.exceptions import NotImplemented as NotSupported

from api.door import actor, house
from api.smorest import Paths
from api.v2 import cards, variable_lists
from api.v2.filters import Constant, Filtered, Flag, Key, Text, Time, Word, filter_of
from api.v2.incident_lists import IncidentPage, IncidentSearch
from api.v2.published import REFERENCE, Request, VariableValues, shape
from api.v2.reasons import reason
from api.v2.searching import answer, criteria_of, page_of, search_of
from engine.usecases import element_acts, listing, variables
from engine.usecases.ports.listing import Condition, Listed, Op

if TYPE_CHECKING:
    from collections.abc import Mapping

paths = Paths("v2 element instances", "/v2", "Element instances, variables.", invalid_status=400)

ElementFilter = filter_of(
    "ElementInstanceFilter",
    {
        "elementInstanceKey": Key("key"),
        "processInstanceKey": Key("process_instance"),
        "processDefinitionId": Text("process_id"),
        "processDefinitionKey": Key("definition_key"),
        "elementId": Text("element_id"),
        "state": Word("state", cards.ELEMENT_STATES),
        "type": Word("element_type", cards.ELEMENT_TYPES),
        "hasIncident": Flag("has_incident"),
        "incidentKey": Key("incident_key"),
        "startDate": Time("started_at"),
        "endDate": Time("ended_at"),
        "tenantId": Constant(),
    },
    unsupported="elementName elementInstanceScopeKey",
    either=True,
)
ElementSearch = search_of(
    "ElementInstanceSearch",
    ElementFilter,
    {
        "elementInstanceKey": "key",
        "processInstanceKey": "process_instance",
        "processDefinitionKey": "definition_key",
        "processDefinitionId": "process_id",
        "startDate": "started_at",
        "endDate": "ended_at",
        "elementId": "element_id",
        "type": "element_type",
        "state": "state",
        "incidentKey": "incident_key",
    },
)
Element = shape(
    "ElementInstance",
    "A token on an element, from arriving to leaving.",
    text="elementInstanceKey processInstanceKey rootProcessInstanceKey processDefinitionId"
    " processDefinitionKey elementId elementName type state incidentKey? tenantId",
    time="startDate endDate?",
    flag="hasIncident",
)
ElementPage = page_of("ElementInstancePage", Element)


class VariableChange(Request):
    """Variables to set at a scope."""

    variables = VariableValues(required=True)
    local = fields.Boolean(load_default=False)
    operationReference = fields.Integer(strict=True, validate=REFERENCE)  # noqa: N815 - API's word


@paths.operation(
    "POST",
    "/element-instances/search",
    answer=ElementPage,
    body=ElementSearch,
    body_required=False,
)
def search_element_instances(body: dict[str, Any]) -> dict[str, Any]:
    """Tokens that are or were on elements."""
    criteria = criteria_of(Listed.ELEMENT_INSTANCE, body, ElementSearch)
    found = listing.search(house(), actor(), criteria)
    names = listing.element_names(house(), actor(), {row["definition_key"] for row in found.rows})
    return answer(found, criteria, lambda row: cards.element_instance(row, names))


@paths.operation("GET", "/element-instances/<key:element_key>", answer=Element, errors=(404,))
def get_element_instance(element_key: int) -> dict[str, Any]:
    """One of them."""
    row = listing.one(house(), actor(), Listed.ELEMENT_INSTANCE, element_key)
    names = listing.element_names(house(), actor(), {row["definition_key"]})
    return cards.element_instance(row, names)


@paths.operation(
    "POST",
    "/element-instances/<key:element_key>/incidents/search",
    answer=IncidentPage,
    body=IncidentSearch,
    body_required=False,
    errors=(404,),
)
def search_element_instance_incidents(body: dict[str, Any], element_key: int) -> dict[str, Any]:
    """Incidents of an element instance."""
    instance_key, token = listing.at_element(house(), actor(), element_key)
    where = (
        Condition(column="instance_key", op=Op.EQ, value=instance_key),
        Condition(column="token", op=Op.EQ, value=token),
    )
    criteria = criteria_of(Listed.INCIDENT, body, IncidentSearch, Filtered(where))
    found = listing.inside(house(), actor(), instance_key, criteria)
    return answer(found, criteria, cards.incident)


@paths.operation(
    "PUT",
    "/element-instances/<key:element_key>/variables",
    status=204,
    body=VariableChange,
    errors=(404, 409, 422),
)
def create_element_instance_variables(body: dict[str, Any], element_key: int) -> None:
    """Set variables at a process instance or at a live element instance.

    With `local` in exactly that scope, else where the name is found upwards, as a task would.
    """
    command = element_acts.ScopeVariables(
        activation=element_key,
        variables=body["variables"] or {},
        local=body["local"],
        reason=reason(body),
    )
    element_acts.set_variables(house(), actor(), command)


@paths.operation(
    "POST",
    "/variables/search",
    answer=variable_lists.VariablePage,
    body=variable_lists.VariableSearch,
    body_required=False,
    query=variable_lists.Truncation,
    errors=(404, 501),
)
def search_variables(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Variables of a process instance; the filter must name its key."""
    asked: Filtered = body.get("filter") or Filtered()
    found: list[variables.Variable] = []
    for key in _instances(asked):
        found += variables.of_instance(house(), actor(), key)
    return variable_lists.answer(found, body, truncated=query["truncateValues"])


def _instances(asked: Filtered) -> Mapping[int, None]:
    """Process instances that a filter names; `NotSupported` for one that names none."""
    for column in ("instance_key", "scope_key"):
        for one in asked.where:
            if one.column == column and one.op in (Op.EQ, Op.IN):
                keys = one.value if isinstance(one.value, tuple) else (one.value,)
                if column == "instance_key":
                    return dict.fromkeys(keys)
                return dict.fromkeys(
                    element_acts.process_instance(house(), actor(), key) for key in keys
                )
    raise NotSupported("search variables by processInstanceKey or scopeKey")
