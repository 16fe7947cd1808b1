"""Readings of squads: a person's load by month and role, and how homes answer requests to lend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields

from api.door import actor, house
from api.shapes import text
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.usecases import job_evidence, squad_reports

if TYPE_CHECKING:
    from engine.usecases.load import PersonLoad

# ruff: noqa: N815

paths = Paths("formation", "/api", "Load of people, consents of their homes.")


class MonthShape(Schema):
    """Load of one month in basis points of full time, with the word of the agency's table."""

    month = fields.Integer()
    loadBp = fields.Integer()
    flag = text()


class RoleHoursShape(Schema):
    """What one role books in the cycle."""

    role = text()
    kind = text()
    name = text()
    effortBp = fields.Integer()
    months = fields.Integer()
    hours = fields.Decimal()


class LoadShape(Schema):
    """A person's cycle by month and by role; squads count once the home agreed."""

    personId = text()
    cycleId = text()
    months = fields.List(fields.Nested(MonthShape))
    roles = fields.List(fields.Nested(RoleHoursShape))
    fte = fields.Decimal()
    effectiveHours = fields.Integer()


class JobShape(Schema):
    """Hours of a job in a unit by where they go; `ej` is its class by the agency's table."""

    unitId = text()
    unit = text()
    job = text()
    people = fields.Decimal()
    homeHours = fields.Decimal()
    ownSquadHours = fields.Decimal()
    lentHours = fields.Decimal()
    fte = fields.Decimal()
    ej = text()
    monthsBp = fields.List(fields.Integer())


class JobsShape(Schema):
    """Evidence for revising the workload analysis."""

    cycleId = text()
    effectiveHours = fields.Integer()
    jobs = fields.List(fields.Nested(JobShape))


class RefusalShape(Schema):
    """How one home superior answered."""

    holderId = text()
    name = text()
    given = fields.Integer()
    refused = fields.Integer()
    silent = fields.Integer()
    overruled = fields.Integer()


class RefusalsShape(Schema):
    """Answers of home superiors of an agency in a cycle."""

    cycleId = text()
    items = fields.List(fields.Nested(RefusalShape))


@paths.operation(
    "GET",
    "/people/<person_id>/load",
    answer=LoadShape,
    query=CycleQuery,
    errors=(404,),
)
def get_person_load(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """A person's load by month and by role."""
    found = squad_reports.person_load(house(), actor(), person_id, query.get("cycle"))
    return _load(person_id, found)


@paths.operation("GET", "/cycles/<cycle_id>/refusals", answer=RefusalsShape, errors=(404,))
def get_refusals(cycle_id: str) -> dict[str, Any]:
    """How home superiors answered requests to lend people."""
    found = squad_reports.refusal_report(house(), actor(), cycle_id)
    return {
        "cycleId": found.cycle.id,
        "items": [
            {
                "holderId": row.holder_id,
                "name": found.names.get(row.holder_id, ""),
                "given": row.given,
                "refused": row.refused,
                "silent": row.silent,
                "overruled": row.overruled,
            }
            for row in found.rows
        ],
    }


def _load(person_id: str, found: PersonLoad) -> dict[str, Any]:
    return {
        "personId": person_id,
        "cycleId": found.cycle.id,
        "months": [
            {"month": month, "loadBp": bp, "flag": found.flags[month]}
            for month, bp in found.months.items()
        ],
        "roles": [
            {
                "role": role.role,
                "kind": role.role_kind.value,
                "name": role.name,
                "effortBp": role.effort_bp,
                "months": role.months,
                "hours": role.hours,
            }
            for role in found.roles
        ],
        "fte": found.fte,
        "effectiveHours": found.effective_hours,
    }


@paths.operation("GET", "/workload/jobs", answer=JobsShape, query=CycleQuery, errors=(403, 404))
def get_job_evidence(query: dict[str, Any]) -> dict[str, Any]:
    """Hours by job and unit, of the units that one may see."""
    found = job_evidence.job_evidence(house(), actor(), cycle=query.get("cycle"))
    return {
        "cycleId": found.cycle.id,
        "effectiveHours": found.effective_hours,
        "jobs": [
            {
                "unitId": one.unit.id,
                "unit": one.unit.name,
                "job": one.job,
                "people": one.people,
                "homeHours": one.home,
                "ownSquadHours": one.own_squads,
                "lentHours": one.lent,
                "fte": one.fte,
                "ej": one.ej,
                "monthsBp": list(one.months),
            }
            for one in found.jobs
        ],
    }
