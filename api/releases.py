"""Releases over HTTP: what was proposed, proposing, and the decision of a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields, validate

from api.door import actor, house
from api.shapes import NAME, PageQuery, moment, text
from api.smorest import Paths
from engine.domain.releases import WORDS_MAX, ReleaseState, Running
from engine.usecases import release_views, releases
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.release_outlook import Choice

if TYPE_CHECKING:
    from engine.usecases.ports.releases import Release, ReleaseFile

# ruff: noqa: N815 - the API's words are camelCase

paths = Paths("publishing", "/api", "Releases: propose, review, publish with a second person.")

_ACTS = ("publish", "return", "withdraw")


class ReleaseQuery(PageQuery):
    """Which releases, newest first."""

    state = fields.Enum(ReleaseState, by_value=True)


class PlanBody(Schema):
    """Which element of the version in force becomes which of the new one."""

    elements = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    anew = fields.List(fields.String(validate=NAME), load_default=list)
    askPeople = fields.Boolean(load_default=False)


class ProposeBody(Schema):
    """Drafts on the table, or an earlier version, with reasons and choices."""

    kind = fields.Enum(DraftKind, by_value=True, load_default=DraftKind.PROCESS)
    subjectId = fields.String(required=True, validate=NAME)
    #: "kind:id" each; empty: everything on the table that belongs together
    items = fields.List(
        fields.String(validate=NAME), load_default=list, validate=validate.Length(max=100)
    )
    reason = fields.String(required=True, validate=validate.Length(max=WORDS_MAX))
    running = fields.Enum(Running, by_value=True, load_default=Running.STAY)
    #: without it the engine's own proposal
    plan = fields.Nested(PlanBody, load_default=None, allow_none=True)
    pilotUnits = fields.List(fields.String(validate=NAME), load_default=None, allow_none=True)
    overrideReason = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=WORDS_MAX)
    )
    backTo = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1))
    #: with backTo: at once, without a second person
    urgent = fields.Boolean(load_default=False)


class DecisionBody(Schema):
    """What somebody decides about a release."""

    act = fields.String(required=True, validate=validate.OneOf(_ACTS))
    words = fields.String(load_default="", validate=validate.Length(max=WORDS_MAX))


class ReleaseShape(Schema):
    """A release."""

    id = text()
    kind = text()
    subjectId = text()
    state = text()
    proposedBy = text()
    proposedAt = moment()
    reason = text()
    running = text()
    pilotUnits = fields.List(fields.String(), allow_none=True)
    overrideReason = text(null=True)
    sha256 = text()
    backTo = text(null=True)
    urgent = fields.Boolean()
    decidedBy = text(null=True)
    decidedAt = moment()
    words = text(null=True)
    deploymentKey = text(null=True)
    batchKey = text(null=True)
    #: what was found when it was proposed
    facts = fields.Dict(keys=fields.String())


class ReleaseFileShape(Schema):
    """A file of a release, without its content."""

    kind = text()
    subjectId = text()
    resourceName = text()
    sha256 = text()
    baseKey = text(null=True)


class ReleaseWhole(ReleaseShape):
    """A release with its files and who drew them."""

    files = fields.List(fields.Nested(ReleaseFileShape))
    authors = fields.List(fields.String())
    #: subjects that were published otherwise since
    movedSince = fields.List(fields.String())


class ReleaseList(Schema):
    """Releases, newest first."""

    items = fields.List(fields.Nested(ReleaseShape))
    #: `after` of the next page; null: this is the last
    next = text(null=True)


@paths.operation("GET", "/releases", answer=ReleaseList, query=ReleaseQuery, errors=(404,))
def get_releases(query: dict[str, Any]) -> dict[str, Any]:
    """The agency's releases."""
    limit, state = query["limit"], query.get("state")
    rows = release_views.releases(
        house(),
        actor(),
        states=(state,) if state else (),
        before=query.get("after"),
        limit=limit + 1,
    )
    more = rows[limit - 1].id if len(rows) > limit else None
    return {"items": [_card(row) for row in rows[:limit]], "next": more}


@paths.operation(
    "POST", "/releases", answer=ReleaseShape, body=ProposeBody, status=201, errors=(404, 409, 422)
)
def propose_release(body: dict[str, Any]) -> dict[str, Any]:
    """Put what is on the table before the reviewers; or bring an earlier version back."""
    plan = body["plan"] or {}
    units = body["pilotUnits"]
    choice = Choice(
        running=body["running"],
        elements=plan.get("elements"),
        anew=frozenset(plan.get("anew", ())),
        ask_people=plan.get("askPeople", False),
        units=None if units is None else tuple(units),
    )
    command = releases.ProposeRelease(
        subject=Subject(body["kind"], body["subjectId"]),
        items=tuple(body["items"]),
        reason=body["reason"],
        choice=choice,
        override_reason=body["overrideReason"],
        back_to=body["backTo"],
    )
    act = releases.bring_back if body["urgent"] else releases.propose
    return _card(act(house(), actor(), command))


@paths.operation("GET", "/releases/<release_id>", answer=ReleaseWhole, errors=(404,))
def get_release(release_id: str) -> dict[str, Any]:
    """One release with its files."""
    found = release_views.kept(house(), actor(), release_id)
    return {
        **_card(found.release),
        "files": [_file(one) for one in found.files],
        "authors": sorted(found.authors),
        "movedSince": [f"{one.kind.value}:{one.id}" for one in found.moved],
    }


@paths.operation(
    "POST",
    "/releases/<release_id>/decision",
    answer=ReleaseShape,
    body=DecisionBody,
    errors=(404, 409, 422),
)
def decide_release(body: dict[str, Any], release_id: str) -> dict[str, Any]:
    """Publish or return it as a second person, or withdraw one's own.

    Its state says "outdated" when something of it was published meanwhile.
    """
    if body["act"] == "withdraw":
        return _card(releases.withdraw(house(), actor(), release_id))
    act = releases.publish if body["act"] == "publish" else releases.give_back
    return _card(act(house(), actor(), release_id, body["words"]))


def _card(row: Release) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "subjectId": row.subject_id,
        "state": row.state.value,
        "proposedBy": row.proposed_by,
        "proposedAt": row.proposed_at,
        "reason": row.reason,
        "running": row.running.value,
        "pilotUnits": row.pilot_units,
        "overrideReason": row.override_reason,
        "sha256": row.sha256,
        "backTo": _key(row.back_to),
        "urgent": row.urgent,
        "decidedBy": row.decided_by,
        "decidedAt": row.decided_at,
        "words": row.words,
        "deploymentKey": _key(row.deployment_key),
        "batchKey": _key(row.batch_key),
        "facts": row.facts,
    }


def _file(one: ReleaseFile) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "subjectId": one.subject_id,
        "resourceName": one.resource_name,
        "sha256": one.sha256,
        "baseKey": _key(one.base_key),
    }


def _key(key: int | None) -> str | None:
    return None if key is None else str(key)
