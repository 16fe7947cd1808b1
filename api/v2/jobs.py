"""/v2: jobs of external workers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from api.door import actor, house
from api.smorest import Paths
from api.v2 import job_shapes as shapes
from api.v2.shapes import DEFAULT_TENANT
from engine.usecases import worker_jobs

if TYPE_CHECKING:
    from engine.usecases.worker_jobs import TakenJob

paths = Paths("v2 jobs", "/v2", "Jobs of external workers.", invalid_status=400)


@paths.operation("POST", "/jobs/activation", answer=shapes.JobsActivated, body=shapes.JobActivation)
def activate_jobs(body: dict[str, Any]) -> dict[str, Any]:
    """Lease jobs; answers at once, also with none."""
    taken = worker_jobs.take_jobs(
        house(),
        actor(),
        body["type"],
        body["worker"],
        lease_ms=body["timeout"],
        limit=body["maxJobsToActivate"],
    )
    return {"jobs": [job(item, body.get("fetchVariable")) for item in taken]}


@paths.operation(
    "POST",
    "/jobs/<key:job_key>/completion",
    status=204,
    body=shapes.JobCompletion,
    body_required=False,
    errors=(404, 409, 422),
)
def complete_job(body: dict[str, Any], job_key: int) -> None:
    """The worker is done."""
    worker_jobs.complete_job(house(), actor(), job_key, body.get("variables") or {})


@paths.operation(
    "POST",
    "/jobs/<key:job_key>/failure",
    status=204,
    body=shapes.JobFailure,
    body_required=False,
    errors=(404, 409, 422),
)
def fail_job(body: dict[str, Any], job_key: int) -> None:
    """The worker failed; without retries left it is an incident."""
    command = worker_jobs.FailJob(
        job_key=job_key,
        retries=body["retries"],
        message=body["errorMessage"],
        pause_ms=body["retryBackOff"],
    )
    worker_jobs.fail_job(house(), actor(), command)


@paths.operation(
    "POST",
    "/jobs/<key:job_key>/error",
    status=204,
    body=shapes.JobError,
    errors=(404, 409, 422),
)
def throw_job_error(body: dict[str, Any], job_key: int) -> None:
    """A business outcome that the drawing catches."""
    worker_jobs.throw_error(
        house(),
        actor(),
        job_key,
        body["errorCode"],
        message=body.get("errorMessage") or "",
        variables=body.get("variables") or {},
    )


def job(item: TakenJob, wanted: list[str] | None) -> dict[str, Any]:
    """A leased job in the words of /v2."""
    row = item.row
    until = row.deadline_at or datetime.fromtimestamp(0, UTC)
    return {
        "jobKey": str(row.key),
        "type": row.type,
        "worker": row.worker or "",
        "retries": row.retries,
        "deadline": int(until.timestamp() * 1000),
        "variables": {
            name: value for name, value in item.variables.items() if not wanted or name in wanted
        },
        "customHeaders": dict(row.headers),
        "elementId": row.element_id,
        "elementInstanceKey": str(row.token),
        "processDefinitionId": row.process_id,
        "processDefinitionVersion": item.definition.version,
        "processDefinitionKey": str(row.definition_key),
        "processInstanceKey": str(row.instance_key),
        "tenantId": DEFAULT_TENANT,
        "kind": "BPMN_ELEMENT",
        "listenerEventType": "UNSPECIFIED",
    }
