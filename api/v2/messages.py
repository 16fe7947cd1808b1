"""/v2: messages, signals and who waits for them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from api.door import actor, house, idempotency_key
from api.smorest import Paths
from api.v2 import cards
from api.v2.filters import Constant, Key, Text, Whole, Word, filter_of
from api.v2.published import DEFAULT_TENANT, NAME, TENANT, Request, VariableValues, shape
from api.v2.searching import page_of, search, search_of
from engine.usecases import messages
from engine.usecases.ports.listing import Listed

# ruff: noqa: N815

paths = Paths("v2 messages", "/v2", "Messages and signals.", invalid_status=400)

_CORRELATION = validate.Length(max=300)

SubscriptionFilter = filter_of(
    "MessageSubscriptionFilter",
    {
        "messageSubscriptionKey": Key("key"),
        "messageSubscriptionState": Constant("CREATED"),
        "messageSubscriptionType": Word(
            "type", {"START_EVENT": ("START_EVENT",), "PROCESS_EVENT": ("PROCESS_EVENT",)}
        ),
        "messageName": Text("name"),
        "correlationKey": Text("correlation_key"),
        "processDefinitionId": Text("process_id"),
        "processDefinitionKey": Key("definition_key"),
        "processDefinitionName": Text("definition_name"),
        "processDefinitionVersion": Whole("definition_version"),
        "processInstanceKey": Key("process_instance"),
        "businessId": Text("business_key"),
        "elementId": Text("element_id"),
        "elementInstanceKey": Key("activation"),
        "tenantId": Constant(),
    },
    unsupported="lastUpdatedDate toolName inboundConnectorType",
)
SubscriptionSearch = search_of(
    "MessageSubscriptionSearch",
    SubscriptionFilter,
    {
        "messageSubscriptionKey": "key",
        "messageName": "name",
        "correlationKey": "correlation_key",
        "messageSubscriptionType": "type",
        "processDefinitionId": "process_id",
        "processDefinitionName": "definition_name",
        "processDefinitionVersion": "definition_version",
        "processInstanceKey": "process_instance",
        "elementId": "element_id",
        "elementInstanceKey": "activation",
        "businessId": "business_key",
    },
)
Subscription = shape(
    "MessageSubscription",
    "Somebody, or a start event, waits for a message.",
    text="messageSubscriptionKey messageSubscriptionState messageSubscriptionType messageName"
    " correlationKey? processDefinitionId processDefinitionKey processDefinitionName"
    " processInstanceKey? rootProcessInstanceKey? businessId? elementId elementInstanceKey?"
    " toolName? inboundConnectorType? tenantId",
    whole="processDefinitionVersion",
    time="lastUpdatedDate",
    table="toolProperties",
)
SubscriptionPage = page_of("MessageSubscriptionPage", Subscription)


class Publication(Request):
    """A message to publish."""

    UNSUPPORTED = frozenset({"businessId"})

    name = fields.String(required=True, validate=NAME)
    correlationKey = fields.String(load_default="", validate=_CORRELATION)
    timeToLive = fields.Integer(
        strict=True, load_default=0, validate=validate.Range(min=0, max=400 * 24 * 3600 * 1000)
    )
    messageId = fields.String(validate=validate.Length(max=300))
    variables = VariableValues(load_default=dict)
    tenantId = fields.String(validate=TENANT)


Published = shape("Published", "A published message.", text="messageKey tenantId")


class Correlation(Request):
    """A message to correlate at once."""

    UNSUPPORTED = frozenset({"businessId"})

    name = fields.String(required=True, validate=NAME)
    correlationKey = fields.String(load_default="", validate=_CORRELATION)
    variables = VariableValues(load_default=dict)
    tenantId = fields.String(validate=TENANT)


Correlated = shape(
    "Correlated", "A correlated message.", text="messageKey processInstanceKey tenantId"
)


class SignalBroadcast(Request):
    """A signal to broadcast."""

    signalName = fields.String(required=True, validate=NAME)
    variables = VariableValues(load_default=dict)
    tenantId = fields.String(validate=TENANT)


SignalSent = shape("SignalSent", "A signal on its way.", text="signalKey tenantId")


@paths.operation(
    "POST",
    "/messages/publication",
    answer=Published,
    body=Publication,
    errors=(409, 422),
    idempotent=True,
)
def publish_message(body: dict[str, Any]) -> dict[str, Any]:
    """Publish a message; it waits timeToLive ms for a receiver."""
    command = messages.PublishMessage(
        name=body["name"],
        correlation_key=body["correlationKey"],
        variables=body["variables"] or {},
        message_id=body.get("messageId") or None,
        time_to_live_ms=body["timeToLive"],
        idempotency_key=idempotency_key(),
    )
    done = messages.publish_message(house(), actor(), command)
    return {**done, "tenantId": DEFAULT_TENANT}


@paths.operation(
    "POST",
    "/messages/correlation",
    answer=Correlated,
    body=Correlation,
    errors=(404, 409, 422),
    idempotent=True,
)
def correlate_message(body: dict[str, Any]) -> dict[str, Any]:
    """Deliver a message to the first who waits for it; 404 when nobody does."""
    command = messages.PublishMessage(
        name=body["name"],
        correlation_key=body["correlationKey"],
        variables=body["variables"] or {},
        idempotency_key=idempotency_key(),
    )
    done = messages.correlate_message(house(), actor(), command)
    return {
        "messageKey": done["messageKey"],
        "processInstanceKey": done["instanceKey"],
        "tenantId": DEFAULT_TENANT,
    }


@paths.operation("POST", "/signals/broadcast", answer=SignalSent, body=SignalBroadcast)
def broadcast_signal(body: dict[str, Any]) -> dict[str, Any]:
    """Broadcast a signal to everybody who waits for it."""
    variables = body["variables"] or {}
    done = messages.broadcast_signal(house(), actor(), body["signalName"], variables)
    return {**done, "tenantId": DEFAULT_TENANT}


@paths.operation(
    "POST",
    "/message-subscriptions/search",
    answer=SubscriptionPage,
    body=SubscriptionSearch,
    body_required=False,
)
def search_message_subscriptions(body: dict[str, Any]) -> dict[str, Any]:
    """Who waits for messages now, start events of the newest versions included."""
    return search(Listed.MESSAGE_SUBSCRIPTION, body, SubscriptionSearch, cards.subscription)
