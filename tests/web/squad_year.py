"""A squad's outputs played up to the attestation of its claims, on the drawings that ship."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from engine.domain.claims import ClaimState
from engine.domain.outputs import Output, OutputStatus, ShareLine, SharePlan
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.search import TaskQuery
from engine.usecases.tasks import CompleteTask, complete_task
from tests.web.town import NOON

#: what each member expects of an output of the town, in %
EXPECTED = {"budi": 60, "sari": 16, "citra": 24}


def planned_outputs(town, count):
    """More outputs of the town's squad with the same expected shares; their ids."""
    made = []
    with town.house.writing() as uow:
        first = uow.contributions.get(Output, town.ids["output"])
        lines = uow.contributions.share_lines(first.id)
        for number in range(2, count + 2):
            fresh = town.house.ids.uuid()
            made.append(fresh)
            uow.contributions.add([_planned(first, fresh, number)])
            plan = SharePlan(
                id=town.house.ids.uuid(), output_id=fresh, version=1, reason="x", at=NOON
            )
            uow.contributions.add([plan])
            uow.contributions.add(
                [
                    ShareLine(
                        share_plan_id=plan.id,
                        membership_id=line.membership_id,
                        person_id=line.person_id,
                        expected_bp=line.expected_bp,
                    )
                    for line in lines
                ]
            )
        uow.commit()
    return made


def _planned(first, fresh, number):
    return replace(
        first,
        id=fresh,
        number=number,
        title=f"Kamus data {number}",
        value_points=2,
        due_on=date(2026, 6, 20),
        status=OutputStatus.PLANNED,
        attainment=None,
        delivered_by=None,
        accepted_by=None,
        accepted_at=None,
    )


def open_tasks(town, element, login=None):
    """Open tasks of an element, of one holder."""
    query = TaskQuery(agency_id=None, state=TaskState.CREATED, element_id=element)
    with town.house.reading() as uow:
        found = uow.search.tasks(query, limit=500)
    return [task for task in found if login is None or task.assignee == town.ids[login]]


def complete(town, task, **values):
    """The holder ends his task."""
    login = next(name for name, held in town.ids.items() if held == task.assignee)
    complete_task(town.house, town.actor(login), CompleteTask(task_key=task.key, variables=values))


def claimed(town, count, odd=(), stop=""):
    """Outputs delivered, accepted and claimed by all; `odd`: (output, login) -> % claimed.

    `stop` "delivered" ends before anybody accepts. Else it ends with the attestations open: of the
    members at the lead, of the lead at the sponsor.
    """
    outputs = planned_outputs(town, count)
    for output_id in outputs:
        town.start("contribution", output_id=output_id)
    town.wired.worker().drain()
    for task in open_tasks(town, "deliver_output"):
        complete(town, task, note="Selesai", link="https://arsip.contoh.go.id/k")
    town.wired.worker().drain()
    if stop == "delivered":
        return outputs
    for task in open_tasks(town, "accept_output"):
        complete(town, task, decision="accept", attainment=Decimal(98), note="Baik")
    town.wired.worker().drain()
    wanted = {
        (outputs[number], town.ids[login]): percent
        for (number, login), percent in dict(odd).items()
    }
    for task in [*open_tasks(town, "claim"), *open_tasks(town, "claim_early")]:
        _claim(town, task, wanted.get((task.output_id, task.about_id)))
    town.wired.worker().drain()
    return outputs


def _claim(town, task, percent):
    link = f"https://arsip.contoh.go.id/bukti/{task.key % 1000}"
    if percent is None:
        complete(town, task, mode="plan", evidence_link=link, note="Menyusun bab")
        return
    complete(
        town,
        task,
        mode="own",
        claimed_percent=Decimal(str(percent)),
        contribution_type="analysis",
        degree="equal",
        evidence_link=link,
        note="Lebih banyak dari rencana",
    )


def states(town, outputs):
    """How many claims of members stand in each state; the lead's own left out."""
    found = {}
    with town.house.reading() as uow:
        for claim in uow.contributions.claims_in(outputs):
            if claim.person_id != town.ids["budi"]:
                found[claim.state] = found.get(claim.state, 0) + 1
    return found


def open_sample(town):
    """Two outputs with four claims of members: three as planned, Sari's second one above it."""
    return claimed(town, 2, {(1, "sari"): 17})


__all__ = ["ClaimState", "claimed", "complete", "open_sample", "open_tasks", "states"]
