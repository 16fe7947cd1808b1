"""/v2: jobs of external workers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from api.door import actor, house
from api.smorest import Paths
from api.v2 import awaiting, cards
from api.v2 import job_shapes as shapes
from api.v2.published import DEFAULT_TENANT
from api.v2.searching import search
from engine.usecases import worker_jobs
from engine.usecases.ports.listing import Listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.worker_jobs import TakenJob

paths = Paths("v2 jobs", "/v2", "Jobs of external workers.", invalid_status=400)


@paths.operation("POST", "/jobs/activation", answer=shapes.JobsActivated, body=shapes.JobActivation)
def activate_jobs(body: dict[str, Any]) -> dict[str, Any]:
    """Lease jobs; waits `requestTimeout` ms for one (0: ten seconds; negative: not at all)."""

    def take() -> Sequence[TakenJob] | None:
        if not worker_jobs.jobs_wait(house(), actor(), body["type"]):
            return None
        return (
            worker_jobs.take_jobs(
                house(),
                actor(),
                body["type"],
                body["worker"],
                lease_ms=body["timeout"],
                limit=body["maxJobsToActivate"],
            )
            or None
        )

    taken = awaiting.until(take, body["requestTimeout"], awaiting.seats().jobs) or ()
    return {"jobs": [job(item, body.get("fetchVariable")) for item in taken]}


@paths.operation(
    "POST",
    "/jobs/search",
    answer=shapes.JobPage,
    body=shapes.JobSearch,
    body_required=False,
)
def search_jobs(body: dict[str, Any]) -> dict[str, Any]:
    """Jobs that wait; one that is done is no longer listed."""
    return search(Listed.JOB, body, shapes.JobSearch, cards.job)


@paths.operation(
    "PATCH",
    "/jobs/<key:job_key>",
    status=204,
    body=shapes.JobUpdate,
    errors=(404, 409, 422),
)
def update_job(body: dict[str, Any], job_key: int) -> None:
    """Change retries or the end of the lease."""
    wanted = body["changeset"]
    command = worker_jobs.ChangeJob(
        job_key=job_key, retries=wanted.get("retries"), lease_ms=wanted.get("timeout")
    )
    worker_jobs.change_job(house(), actor(), command)


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
        message=body["errorMessage"] or "",
        pause_ms=body["retryBackOff"],
        variables=body.get("variables") or {},
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
        "elementInstanceKey": str(item.activation),
        "processDefinitionId": row.process_id,
        "processDefinitionVersion": item.definition.version,
        "processDefinitionKey": str(row.definition_key),
        "processInstanceKey": str(row.instance_key),
        "rootProcessInstanceKey": str(row.root_key),
        "businessId": item.business_key,
        "tenantId": DEFAULT_TENANT,
        "physicalTenantId": DEFAULT_TENANT,
        "kind": "BPMN_ELEMENT",
        "listenerEventType": "UNSPECIFIED",
        "userTask": None,
        "jobLeaseToken": None,
        "priority": 0,
        "tags": [],
    }
