"""/v2: process definitions."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields

from api.door import actor, house
from api.smorest import Paths
from api.v2 import cards, user_tasks
from api.v2.filters import Constant, Flag, Key, Text, Whole, Word, filter_of
from api.v2.instances import ElementCounts, InstanceFilter, element_count
from api.v2.published import Request, shape
from api.v2.searching import page_of, search, search_of
from engine.usecases import listing, process_statistics, process_views
from engine.usecases.ports.listing import Listed

paths = Paths("v2 process definitions", "/v2", "Process definitions.", invalid_status=400)

DefinitionFilter = filter_of(
    "ProcessDefinitionFilter",
    {
        "name": Text("name"),
        "isLatestVersion": Flag("latest"),
        "resourceName": Text("resource_name"),
        "version": Whole("version"),
        "versionTag": Text("version_tag"),
        "processDefinitionId": Text("process_id"),
        "processDefinitionKey": Key("key"),
        "state": Word("deployed", {"ACTIVE": (1,), "DRAINING": (), "DELETED": ()}),
        "tenantId": Constant(),
    },
    unsupported="hasStartForm",
)
DefinitionSearch = search_of(
    "ProcessDefinitionSearch",
    DefinitionFilter,
    {
        "processDefinitionKey": "key",
        "processDefinitionId": "process_id",
        "name": "name",
        "resourceName": "resource_name",
        "version": "version",
        "versionTag": "version_tag",
    },
)
Definition = shape(
    "ProcessDefinition",
    "A version of a process.",
    text="name? resourceName versionTag? processDefinitionId processDefinitionKey state tenantId",
    whole="version",
    flag="hasStartForm",
)
DefinitionPage = page_of("ProcessDefinitionPage", Definition)


class StatisticsRequest(Request):
    """Of which instances the elements are counted."""

    filter = fields.Nested(InstanceFilter)


@paths.operation(
    "POST",
    "/process-definitions/search",
    answer=DefinitionPage,
    body=DefinitionSearch,
    body_required=False,
)
def search_process_definitions(body: dict[str, Any]) -> dict[str, Any]:
    """Versions of processes."""
    return search(Listed.PROCESS_DEFINITION, body, DefinitionSearch, _card)


@paths.operation(
    "GET", "/process-definitions/<key:definition_key>", answer=Definition, errors=(404,)
)
def get_process_definition(definition_key: int) -> dict[str, Any]:
    """One version of a process."""
    return _card(listing.one(house(), actor(), Listed.PROCESS_DEFINITION, definition_key))


@paths.operation(
    "GET",
    "/process-definitions/<key:definition_key>/xml",
    errors=(404,),
    media=("text/xml",),
)
def get_process_definition_xml(definition_key: int) -> Response:
    """The drawing exactly as it was deployed."""
    row = process_views.definition(house(), actor(), definition_key)
    return Response(row.xml, mimetype="text/xml")


@paths.operation(
    "GET",
    "/process-definitions/<key:definition_key>/form",
    answer=user_tasks.Form,
    errors=(404,),
    doc={"responses": {204: {"description": "The start event has no form."}}},
)
def get_start_process_form(definition_key: int) -> Any:
    """The form of the start event; 204 when it has none."""
    found = process_views.start_form(house(), actor(), definition_key)
    return user_tasks.form_card(found) if found is not None else ("", 204)


@paths.operation(
    "POST",
    "/process-definitions/<key:definition_key>/statistics/element-instances",
    answer=ElementCounts,
    body=StatisticsRequest,
    body_required=False,
    errors=(404,),
)
def get_process_definition_statistics(body: dict[str, Any], definition_key: int) -> dict[str, Any]:
    """How often each element was entered, ended, cancelled, and is in trouble."""
    asked = body.get("filter")
    found = process_statistics.by_element(
        house(),
        actor(),
        definition_key,
        where=asked.where if asked else (),
        any_of=asked.any_of if asked else (),
    )
    return {"items": [element_count(element, count) for element, count in found.items()]}


def _card(row: Any) -> dict[str, Any]:
    form = process_views.start_form(house(), actor(), row["key"])
    return cards.process_definition(row, has_start_form=form is not None)
