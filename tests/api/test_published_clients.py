"""The published Python client, unchanged, drives Regu over a real port: its workers included."""

from __future__ import annotations

import asyncio
import io
import threading

import pytest
from camunda_orchestration_sdk import CamundaAsyncClient, CamundaClient, WorkerConfig
from camunda_orchestration_sdk.models import (
    BatchOperationItemSearchQuery,
    CreateDeploymentData,
    DecisionEvaluationByID,
    DecisionInstanceSearchQuery,
    ElementInstanceSearchQuery,
    IncidentResolutionRequest,
    IncidentSearchQuery,
    JobActivationRequest,
    JobCompletionRequest,
    JobFailRequest,
    JobSearchQuery,
    MessageCorrelationRequest,
    MessageSubscriptionSearchQuery,
    ProcessCreationById,
    ProcessDefinitionElementStatisticsQuery,
    ProcessDefinitionSearchQuery,
    ProcessInstanceCancellationBatchOperationRequest,
    ProcessInstanceMigrationInstruction,
    ProcessInstanceModificationInstruction,
    ProcessInstanceSearchQuery,
    ResumeProcessInstanceRequest,
    SetVariableRequest,
    SuspendProcessInstanceRequest,
    UserTaskAssignmentRequest,
    UserTaskCompletionRequest,
    UserTaskSearchQuery,
    VariableSearchQuery,
)
from camunda_orchestration_sdk.runtime.job_worker import JobFailure
from camunda_orchestration_sdk.types import File

from engine.usecases.service_accounts import create_service_account
from tests.serving import AGENCY, DRAWINGS, PASSWORD


def configured(served, login, secret=PASSWORD):
    return {
        "CAMUNDA_REST_ADDRESS": served.base,
        "CAMUNDA_AUTH_STRATEGY": "BASIC",
        "CAMUNDA_BASIC_AUTH_USERNAME": login,
        "CAMUNDA_BASIC_AUTH_PASSWORD": secret,
    }


@pytest.fixture
def client(served):
    with CamundaClient(configuration=configured(served, "admin")) as found:
        yield found


@pytest.fixture
def reviewer(served):
    with CamundaClient(configuration=configured(served, "perf_admin")) as found:
        yield found


@pytest.fixture
def deployed(client):
    return client.deploy_resources_from_files([DRAWINGS / "tour.bpmn", DRAWINGS / "band.dmn"])


@pytest.fixture
def packer(served):
    """A service account that may pack, and nothing else: its secret."""
    return create_service_account(
        served.house, served.hasher, name="packer", job_types=["pack"], agency_id=AGENCY
    )


def wanted(**conditions):
    return {"filter": conditions}


def start(client, **variables):
    body = {"processDefinitionId": "tour", "variables": variables}
    return client.create_process_instance(data=ProcessCreationById.from_dict(body))


def the_task(client, key):
    query = UserTaskSearchQuery.from_dict(
        wanted(processInstanceKey={"$eq": key}, state={"$in": ["CREATED"]})
    )
    (found,) = client.search_user_tasks(data=query).items
    return found


def reviewed(client, reviewer, **variables):
    """A started tour whose review is done: its key."""
    key = start(client, **variables).process_instance_key
    task = the_task(client, key)
    client.assign_user_task(task.user_task_key, data=UserTaskAssignmentRequest("perf_admin"))
    done = UserTaskCompletionRequest.from_dict({"variables": {"approved": True}})
    reviewer.complete_user_task(task.user_task_key, data=done)
    return key


def test_it_deploys_and_finds_what_it_deployed(client, deployed):
    assert [one.process_definition_id for one in deployed.processes] == ["tour"]
    assert [one.decision_definition_id for one in deployed.decisions] == ["band"]
    query = ProcessDefinitionSearchQuery.from_dict(
        wanted(processDefinitionId={"$like": "to*r"}, isLatestVersion=True)
    )
    (found,) = client.search_process_definitions(data=query).items
    assert found.process_definition_key == deployed.processes[0].process_definition_key
    assert 'id="review"' in client.get_process_definition_xml(found.process_definition_key)
    assert client.get_topology().partitions_count == 1
    assert client.get_authentication().username == "admin"


def test_it_starts_finds_assigns_and_completes(client, reviewer, deployed):
    key = reviewed(client, reviewer, orderId="o-1")

    found = client.get_process_instance(key)
    assert (found.process_definition_id, found.state) == ("tour", "ACTIVE")
    query = ProcessInstanceSearchQuery.from_dict(
        {**wanted(processInstanceKey=key), "sort": [{"field": "startDate", "order": "DESC"}]}
    )
    assert [one.process_instance_key for one in client.search_process_instances(data=query).items]
    elements = client.search_element_instances(
        data=ElementInstanceSearchQuery.from_dict(wanted(processInstanceKey=key))
    )
    states = {one.element_id: (one.state, one.element_name) for one in elements.items}
    assert states["review"] == ("COMPLETED", "Review")
    assert states["pack"] == ("ACTIVE", "Pack")
    values = client.search_variables(
        data=VariableSearchQuery.from_dict(wanted(processInstanceKey=key))
    )
    assert {one.name: one.value for one in values.items} == {
        "orderId": '"o-1"',
        "approved": "true",
    }


def test_jobs_are_activated_failed_with_retries_and_completed(client, reviewer, deployed):
    key = reviewed(client, reviewer, orderId="o-2")
    ask = JobActivationRequest(type_="pack", timeout=60_000, max_jobs_to_activate=100, worker="me")
    (job,) = [one for one in client.activate_jobs(data=ask).jobs if one.process_instance_key == key]
    assert job.custom_headers.to_dict() == {"box": "large"}
    assert job.variables.to_dict()["orderId"] == "o-2"

    client.fail_job(job.job_key, data=JobFailRequest(retries=2, error_message="too full"))
    listed = client.search_jobs(data=JobSearchQuery.from_dict(wanted(processInstanceKey=key)))
    assert [(one.state, one.retries, one.error_message) for one in listed.items] == [
        ("FAILED", 2, "too full")
    ]
    again = [one for one in client.activate_jobs(data=ask).jobs if one.job_key == job.job_key]
    assert [one.retries for one in again] == [2]
    done = JobCompletionRequest.from_dict({"variables": {"box": 7}})
    client.complete_job(job.job_key, data=done)

    query = MessageSubscriptionSearchQuery.from_dict(wanted(processInstanceKey=key))
    (waits,) = client.search_message_subscriptions(data=query).items
    assert (waits.message_name, waits.correlation_key) == ("arrived", "o-2")


def test_a_worker_of_a_service_account_completes_fails_and_tries_again(
    served, client, reviewer, deployed, packer, eventually
):
    keys = {reviewed(client, reviewer, orderId=f"w-{n}") for n in range(3)}
    seen, tries = [], {}

    async def pack(job):
        tries[job.process_instance_key] = tries.get(job.process_instance_key, 0) + 1
        if job.variables.to_dict()["orderId"] == "w-1" and tries[job.process_instance_key] < 2:
            raise JobFailure("the tape is gone", retries=2, retry_back_off=10)
        seen.append(job.process_instance_key)
        return {"packed": True}

    def waiting():
        query = JobSearchQuery.from_dict(
            wanted(processInstanceKey={"$in": sorted(keys)}, type="pack")
        )
        return len(client.search_jobs(data=query).items)

    assert waiting() == 3
    with running_worker(configured(served, "packer", packer), "pack", pack):
        eventually(waiting, 0)
    assert keys <= set(seen)
    assert sorted(tries[key] for key in keys) == [1, 1, 2]


def test_a_message_is_correlated_an_incident_resolved_and_a_decision_evaluated(
    client, reviewer, deployed
):
    key = reviewed(client, reviewer, orderId="o-3")
    ask = JobActivationRequest(type_="pack", timeout=60_000, max_jobs_to_activate=100)
    for job in client.activate_jobs(data=ask).jobs:
        client.complete_job(job.job_key, data=JobCompletionRequest())
    sent = MessageCorrelationRequest.from_dict(
        {"name": "arrived", "correlationKey": "o-3", "variables": {"state": "lost"}}
    )
    assert client.correlate_message(data=sent).process_instance_key == key

    query = IncidentSearchQuery.from_dict(wanted(processInstanceKey=key, state="ACTIVE"))
    (trouble,) = client.search_incidents(data=query).items
    assert (trouble.element_id, trouble.error_type) == ("choose", "CONDITION_ERROR")
    change = {"variables": {"state": "whole"}}
    set_variables(client, key, change)
    client.resolve_incident(trouble.incident_key, data=IncidentResolutionRequest())
    assert client.search_incidents(data=query).items == []
    assert client.get_process_instance(key).state == "COMPLETED"

    asked = DecisionEvaluationByID.from_dict(
        {"decisionDefinitionId": "band", "variables": {"nilai": 95}}
    )
    answer = client.evaluate_decision(data=asked)
    assert answer.output == '"sangat_baik"'
    assert answer.evaluated_decisions[0].matched_rules[0].rule_index == 1
    none = client.search_decision_instances(
        data=DecisionInstanceSearchQuery.from_dict(wanted(processInstanceKey=key))
    )
    assert none.items == []


def test_instances_are_held_moved_and_ended_in_bulk(client, deployed, eventually):
    key = start(client, orderId="o-9").process_instance_key
    client.suspend_process_instance(key, data=SuspendProcessInstanceRequest())
    assert client.get_process_instance(key).state == "SUSPENDED"
    client.resume_process_instance(key, data=ResumeProcessInstanceRequest())

    move = {
        "sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "review"},
        "targetElementId": "wait",
    }
    change = ProcessInstanceModificationInstruction.from_dict({"moveInstructions": [move]})
    client.modify_process_instance(key, data=change)
    counts = {
        one.element_id: (one.active, one.canceled)
        for one in client.get_process_instance_statistics(key).items
    }
    assert counts["wait"] == (1, 0)
    assert counts["review"] == (0, 1)
    whole = client.get_process_definition_statistics(
        deployed.processes[0].process_definition_key,
        data=ProcessDefinitionElementStatisticsQuery(),
    )
    assert {"wait", "review"} <= {one.element_id for one in whole.items}

    wanted_keys = ProcessInstanceCancellationBatchOperationRequest.from_dict(
        wanted(processInstanceKey=key)
    )
    batch = client.cancel_process_instances_batch_operation(data=wanted_keys).batch_operation_key
    eventually(lambda: client.get_batch_operation(batch).state, "COMPLETED")
    items = client.search_batch_operation_items(
        data=BatchOperationItemSearchQuery.from_dict(wanted(batchOperationKey=batch))
    )
    assert [(one.process_instance_key, one.state) for one in items.items] == [(key, "COMPLETED")]
    assert client.get_process_instance(key).state == "TERMINATED"


def test_an_instance_moves_to_another_version(client, deployed):
    first = deployed.processes[0].process_definition_key
    drawn = (DRAWINGS / "tour.bpmn").read_bytes().replace(b'name="Review"', b'name="Look"')
    files = CreateDeploymentData(resources=[File(payload=io.BytesIO(drawn), file_name="tour.bpmn")])
    key = start(client, orderId="o-10").process_instance_key
    second = client.create_deployment(data=files).deployments[0].process_definition
    plan = {
        "targetProcessDefinitionKey": second.process_definition_key,
        "mappingInstructions": [{"sourceElementId": "review", "targetElementId": "review"}],
    }
    data = ProcessInstanceMigrationInstruction.from_dict(plan)
    client.migrate_process_instance(key, data=data)

    moved = client.get_process_instance(key)
    assert moved.process_definition_key == second.process_definition_key != first
    task = the_task(client, key)
    assert (task.name, task.process_definition_key) == ("Look", second.process_definition_key)


def test_a_service_account_may_do_its_jobs_and_nothing_else(served, packer):
    with CamundaClient(configuration=configured(served, "packer", packer)) as machine:
        other = JobActivationRequest(type_="weigh", timeout=1_000, max_jobs_to_activate=1)
        with pytest.raises(Exception, match="403"):
            machine.activate_jobs(data=other)
        with pytest.raises(Exception, match="403"):
            machine.search_process_instances(data=ProcessInstanceSearchQuery())


def test_a_service_account_signs_in_by_client_credentials(served, packer):
    settings = {
        "CAMUNDA_REST_ADDRESS": served.base,
        "CAMUNDA_AUTH_STRATEGY": "OAUTH",
        "CAMUNDA_OAUTH_URL": served.base + "/oauth/token",
        "CAMUNDA_CLIENT_ID": "packer",
        "CAMUNDA_CLIENT_SECRET": packer,
        "CAMUNDA_TOKEN_DISK_CACHE_DISABLE": "true",
    }
    with CamundaClient(configuration=settings) as machine:
        assert machine.get_authentication().username == "packer"


def set_variables(client, key, change):
    client.create_element_instance_variables(key, data=SetVariableRequest.from_dict(change))


class running_worker:  # noqa: N801 - used as a `with` statement
    """The SDK's worker loop in a thread of its own, until the block ends."""

    def __init__(self, settings, job_type, handler):
        self.ready = threading.Event()
        self.thread = threading.Thread(
            target=asyncio.run, args=(self._run(settings, job_type, handler),), daemon=True
        )

    def __enter__(self):
        self.thread.start()
        assert self.ready.wait(10)

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join(20)

    async def _run(self, settings, job_type, handler):
        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        async with CamundaAsyncClient(configuration=settings) as client:
            config = WorkerConfig(
                job_type=job_type,
                job_timeout_milliseconds=30_000,
                request_timeout_milliseconds=500,
                worker_name="published",
            )
            worker = client.create_job_worker(config, handler, execution_strategy="async")
            self.ready.set()
            await self.over.wait()
            worker.stop()
