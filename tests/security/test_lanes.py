"""Drawing does not lift anybody: lanes, groups and assignees of a drawing. Row 8; ASVS 2.3.5, 8.2.

A group of a drawing is a word until an account holds it, and accounts hold the groups of the
platform's catalogue only (`rights.GROUPS`), each in its own agency. What an operation decides, it
decides by the rules of the domain, whoever the drawing gave the task to.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.usecases.accounts import grant_group
from engine.usecases.errors import DrawingRefused, InputRefused
from engine.usecases.rights import ACTS, GROUPS
from tests.access.city import OPERATOR
from tests.runtime.drawn import SE, chain, drawing, ext, props, q, user
from tests.runtime.play import Stage

WORDS = st.one_of(
    st.sampled_from(
        [
            "admin", "hr", "Pejabat penilai", "pejabat_penilai", "auditor,admin", " admin ",
            "ADMIN",
            "perf_admin", "*", "%", "admin' or '1'='1", "\u0430dmin", "admin\u200b", "group:admin",
        ]
    ),
    st.text(alphabet="abc ,*%'_", min_size=1, max_size=12),
)  # fmt: skip


def laned(name, group=None):
    prop = ext(props(regu_group=group)) if group is not None else ""
    lane = f"<lane id='l' name={q(name)}>{prop}<flowNodeRef>u</flowNodeRef></lane>"
    body = f"<laneSet id='ls'>{lane}</laneSet>" + SE + user("u") + chain("Start", "u", "End")
    return drawing(body)


def assigned(**given_to):
    inner = "".join(f"{name}={q(text)} " for name, text in given_to.items())
    body = SE + user("u", f"<zeebe:assignmentDefinition {inner}/>") + chain("Start", "u", "End")
    return drawing(body)


def candidates(data):
    stage = Stage()
    try:
        stage.deploy(data)
    except DrawingRefused:
        return ()
    stage.start()
    return [one for task in stage.open_tasks() for one in task.candidates]


@settings(max_examples=60, deadline=None)
@given(WORDS, st.one_of(st.none(), WORDS), WORDS)
def test_whatever_lane_or_group_is_drawn_only_the_catalogue_opens_a_task(lane, own, listed):
    """A task is reached by a group that the drawing writes out and the platform knows, or not."""
    for data, written in (
        (laned(lane, own), own if own is not None else lane),
        (assigned(candidateGroups=listed), listed),
    ):
        named = {one.strip() for one in written.split(",")} | {written.strip(), written}
        for kind, name in candidates(data):
            assert kind == "group"
            # what nobody is named for goes to those who look after processes, and is marked so
            assert name in named or name in GROUPS
            opened = {group for group in GROUPS if group == name}
            assert opened <= named | {"perf_admin", "process_owner", "admin"}


@settings(max_examples=40, deadline=None)
@given(WORDS)
def test_no_account_is_given_a_group_outside_the_catalogue(group):
    class Nobody:
        def writing(self):
            raise AssertionError("written")

    if group in GROUPS:
        return
    with pytest.raises(InputRefused):
        grant_group(Nobody(), OPERATOR, "whoever", group, date(2026, 1, 1))


def test_every_act_is_of_groups_of_the_catalogue():
    assert {group for groups in ACTS.values() for group in groups} <= GROUPS
    assert all(groups for groups in ACTS.values())


def test_a_group_opens_nothing_in_another_agency(city):
    """A task of one agency: whoever holds its group in another sees nothing."""
    body = (
        assigned(candidateGroups="auditor")
        .replace(b"'P'", b"'lifted'")
        .replace(b'"P"', b'"lifted"')
    )
    city.grant("nurul", "admin", "process_owner")
    files = {"resources": (BytesIO(body), "lifted.bpmn")}
    api = city.api("nurul")
    sent = {"data": files, "content_type": "multipart/form-data"}
    assert api.ask("POST", "/v2/deployments", **sent).status_code == 200
    key = city.start("lifted", by="nurul")
    [task] = city.tasks(key)
    with city.house.reading() as uow:
        now = city.house.clock.now()
        for who in ("xenia", "vina"):
            city_agency = city.ids["agency SEB"]
            actor = replace(
                OPERATOR, name=city.ids[who], person_id=city.ids[who], groups=GROUPS,
                agency_id=city_agency,
            )  # fmt: skip
            assert not uow.work_list.may_take(actor, task, now=now), who
    assert city.api("vina").get(f"/api/tasks/{task.key}").status_code == 404
    assert city.api("vina").post(f"/api/tasks/{task.key}/claim").status_code == 404


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["assignee", "candidateUsers", "candidateGroups"]), min_size=1,
                max_size=3, unique=True), st.sampled_from(sorted(GROUPS)))  # fmt: skip
def test_nobody_decides_about_himself_by_any_way_of_being_named(city, ways, group):
    """Attesting one's own line through a task of one's own drawing: refused by the domain."""
    me = city.ids["sari"]
    named = {way: group if way == "candidateGroups" else me for way in ways}
    inner = "".join(f"{name}={q(text)} " for name, text in named.items())
    task = user(
        "u", f"<zeebe:assignmentDefinition {inner}/>" + props(regu_submit="regu.claim.attest")
    )
    data = drawing(SE + task + chain("Start", "u", "End"), pid="ownway")
    city.grant("sari", *GROUPS)
    files = {"resources": (BytesIO(data), "ownway.bpmn")}
    api = city.api("sari")
    sent = {"data": files, "content_type": "multipart/form-data"}
    assert api.ask("POST", "/v2/deployments", **sent).status_code == 200
    with city.house.reading() as uow:
        claim = uow.contributions.claim_of(city.ids["TIM-01/1"], me)
    key = city.start("ownway", by="sari", output_id=city.ids["TIM-01/1"], person_id=me,
                     claim_id=claim.id if claim else None, member={"person_id": me})  # fmt: skip
    [opened] = city.tasks(key)
    api.post(f"/api/tasks/{opened.key}/claim")
    before = {
        name: city.stored()[name] for name in ("claim", "ledger_entry") if name in city.stored()
    }
    from tests.access.acts import ATTEST  # noqa: PLC0415 - of this alone

    answer = api.post(f"/api/tasks/{opened.key}/complete", {"variables": ATTEST})
    assert answer.status_code in {403, 404, 409, 422}, answer.text
    assert {name: city.stored()[name] for name in before} == before
