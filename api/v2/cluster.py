"""/v2: the installation: topology, status, licence, clock; who is signed in, who there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from flask import request
from marshmallow import fields, validate

from api.door import actor, house, signed_in
from api.smorest import Paths
from api.v2.filters import Text, filter_of
from api.v2.matching import fits
from api.v2.published import DEFAULT_TENANT, Request, shape
from api.v2.searching import page_of, search, search_of, whole
from engine.usecases import clock, listing
from engine.usecases.ports.listing import Listed
from engine.usecases.rights import GROUPS, require

if TYPE_CHECKING:
    from collections.abc import Mapping

paths = Paths("v2 cluster", "/v2", "The installation and who uses it.", invalid_status=400)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Topology = shape(
    "Topology",
    "One broker, one partition: Regu scales by database, not by partitions.",
    text="clusterId? gatewayVersion lastCompletedChangeId",
    whole="clusterSize partitionsCount replicationFactor",
    brokers=fields.List(fields.Dict()),
)
Licence = shape("Licence", text="licenseType", flag="validLicense isCommercial", time="expiresAt?")
Tenant = shape("Tenant", "There is one.", text="name tenantId description?")
Me = shape(
    "AuthenticationMe",
    "Who is signed in.",
    text="username displayName? email? salesPlanType?",
    texts="authorizedComponents groups roles",
    flag="canLogout",
    table="c8Links",
    tenants=fields.List(fields.Nested(Tenant)),
)
UserFilter = filter_of(
    "UserFilter", {"username": Text("login"), "name": Text("display_name")}, unsupported="email"
)
UserSearch = search_of("UserSearch", UserFilter, {"username": "login", "name": "display_name"})
User = shape("User", "An account.", text="username name? email?")
UserPage = page_of("UserPage", User)
_GROUP_SORT = {"name": "name", "groupId": "name", "roleId": "name"}
GroupFilter = filter_of("GroupFilter", {"groupId": Text("name"), "name": Text("name")})
GroupSearch = search_of("GroupSearch", GroupFilter, _GROUP_SORT)
Group = shape("Group", "A group of rights.", text="groupId name description?")
GroupPage = page_of("GroupPage", Group)
RoleFilter = filter_of("RoleFilter", {"roleId": Text("name"), "name": Text("name")})
RoleSearch = search_of("RoleSearch", RoleFilter, _GROUP_SORT)
Role = shape("Role", "A group of rights.", text="roleId name description?")
RolePage = page_of("RolePage", Role)
TenantFilter = filter_of("TenantFilter", {"tenantId": Text("name"), "name": Text("name")})
TenantSearch = search_of("TenantSearch", TenantFilter, {"tenantId": "name", "name": "name"})
TenantPage = page_of("TenantPage", Tenant)

_TENANT = {"name": "Default", "tenantId": DEFAULT_TENANT, "description": None}


class ClockPin(Request):
    """The moment at which business time shall stand, in epoch milliseconds."""

    timestamp = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=0, max=253_402_300_799_000)
    )


@paths.operation("GET", "/topology", answer=Topology)
def get_topology() -> dict[str, Any]:
    """One broker that holds everything."""
    release = version("regu")
    partition = {"partitionId": 1, "role": "leader", "health": "healthy", "state": "active"}
    host, _, port = request.host.partition(":")
    broker = {
        "nodeId": 0,
        "brokerId": "0",
        "host": host,
        "port": int(port) if port.isdecimal() else 80,
        "partitions": [partition],
        "version": release,
    }
    return {
        "brokers": [broker],
        "clusterId": None,
        "clusterSize": 1,
        "partitionsCount": 1,
        "replicationFactor": 1,
        "gatewayVersion": release,
        "lastCompletedChangeId": "",
    }


@paths.operation("GET", "/status", status=204)
def get_status() -> None:
    """Nothing to say: it works."""


@paths.operation("GET", "/license", answer=Licence)
def get_license() -> dict[str, Any]:
    """Regu needs none."""
    return {
        "validLicense": True,
        "licenseType": "Apache-2.0",
        "isCommercial": False,
        "expiresAt": None,
    }


@paths.operation("PUT", "/clock", status=204, body=ClockPin, errors=(409,))
def pin_clock(body: dict[str, Any]) -> None:
    """Pin business time; forward only, and only where REGU_CLOCK=movable."""
    to = _EPOCH + timedelta(milliseconds=body["timestamp"])
    clock.move_clock(house(), actor(), to)


@paths.operation("POST", "/clock/reset", status=204, errors=(409,))
def reset_clock() -> None:
    """Always a conflict: business time never goes back."""
    clock.reset_clock(house(), actor())


@paths.operation("GET", "/authentication/me", answer=Me)
def get_authentication() -> dict[str, Any]:
    """Who is signed in, with the groups held today."""
    found = signed_in()
    groups = sorted(found.actor.groups)
    return {
        "username": found.account.login,
        "displayName": found.account.display_name,
        "email": None,
        "authorizedComponents": ["*"],
        "tenants": [_TENANT],
        "groups": groups,
        "roles": groups,
        "salesPlanType": None,
        "c8Links": {},
        "canLogout": found.session is not None,
    }


@paths.operation("POST", "/users/search", answer=UserPage, body=UserSearch, body_required=False)
def search_users(body: dict[str, Any]) -> dict[str, Any]:
    """Accounts of the agency."""
    return search(Listed.ACCOUNT, body, UserSearch, _user)


@paths.operation("GET", "/users/<username>", answer=User, errors=(404,))
def get_user(username: str) -> dict[str, Any]:
    """One account."""
    return _user(listing.one(house(), actor(), Listed.ACCOUNT, username))


@paths.operation("POST", "/groups/search", answer=GroupPage, body=GroupSearch, body_required=False)
def search_groups(body: dict[str, Any]) -> dict[str, Any]:
    """The groups of rights."""
    return _groups(body, "groupId")


@paths.operation("POST", "/roles/search", answer=RolePage, body=RoleSearch, body_required=False)
def search_roles(body: dict[str, Any]) -> dict[str, Any]:
    """The same: a role of Regu is a group of rights."""
    return _groups(body, "roleId")


@paths.operation(
    "POST", "/tenants/search", answer=TenantPage, body=TenantSearch, body_required=False
)
def search_tenants(body: dict[str, Any]) -> dict[str, Any]:
    """The one tenant; Regu parts data by agency."""
    shown = fits({"name": DEFAULT_TENANT}, body["filter"])
    return whole([_TENANT] if shown else [], body)


def _groups(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    require(actor(), "account:manage")
    falls = any(one["order"].upper() == "DESC" for one in body["sort"])
    rows = [{"name": one} for one in sorted(GROUPS, reverse=falls)]
    return whole(
        [
            {name: row["name"], "name": row["name"], "description": None}
            for row in rows
            if fits(row, body["filter"])
        ],
        body,
    )


def _user(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"username": row["login"], "name": row["display_name"], "email": None}
