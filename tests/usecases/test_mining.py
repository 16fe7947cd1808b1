"""History for those who improve processes: times as they were, and logs that tools read."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pm4py
import pytest

from engine.usecases import processes, tasks
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.mining import LogFormat, element_times, write_log
from engine.usecases.ports.mining import Window
from engine.usecases.ports.process import Resource
from tests.persistence.counting import counted
from tests.usecases.conftest import MODELER, ROOT, Place

#: the tool says that another reader of its own would be faster
pytestmark = pytest.mark.filterwarnings("ignore:.*r4pm.*:UserWarning")

SARI = Actor(kind=ActorKind.PERSON, name="sari", person_id="sari")
HR = Actor(kind=ActorKind.PERSON, name="citra", person_id="citra", groups=frozenset({"hr"}))
AUDITOR = replace(HR, name="ani", groups=frozenset({"auditor"}))
LEAVE = Window(process_id="leave", agency_id=None)
#: hours until each of ten requests was decided
HOURS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)


@pytest.fixture
def told(database):
    """Ten requests for leave, decided after 1 to 10 hours, and one that waits."""
    place = Place(database)
    files = sorted((ROOT / "tests" / "drawings").glob("leave.*"))
    resources = tuple(Resource(name=p.name, content=p.read_bytes()) for p in files)
    processes.deploy(place.house, MODELER, resources)
    for hours in HOURS:
        ask(place)
        place.clock.at += timedelta(hours=hours)
        complete(place, HR, {})
    ask(place)
    return place


def ask(place):
    start = processes.StartProcess(process_id="leave", variables={"who": "sari"}, business_key="b")
    processes.start_process(place.house, MODELER, start)
    complete(place, SARI, {"days": 2})


def complete(place, actor, form):
    with place.house.reading() as uow:
        (task,) = uow.work_list.mine(actor, now=place.clock.now())
    tasks.complete_task(place.house, actor, tasks.CompleteTask(task_key=task.key, variables=form))


def log(place, form, actor=MODELER, *, names=False):
    into = io.BytesIO()
    write_log(place.house, actor, LEAVE, form, into, names=names)
    return into.getvalue()


def test_times_are_median_and_90th_percentile_by_nearest_rank(told):
    found = {one.element_id: one for one in element_times(told.house, MODELER, "leave")}
    decide = found["decide"]
    assert (decide.ended, decide.waiting, decide.incidents) == (10, 1, 0)
    assert decide.quantiles_s == (5 * 3600, 9 * 3600)
    assert found["ask"].quantiles_s == (0, 0)
    assert (found["end"].ended, found["end"].waiting) == (10, 0)


def test_times_are_one_statement_however_long_the_history(told):
    with told.house.reading() as uow, counted(uow.connection.engine) as statements:
        uow.mining.element_times(LEAVE, (0.1, 0.5, 0.9))
    assert statements.count == 1


def test_a_log_as_xes_is_read_by_a_mining_tool(told, tmp_path):
    path = tmp_path / "leave.xes"
    path.write_bytes(log(told, LogFormat.XES))
    frame = pm4py.read_xes(str(path))
    assert frame["case:concept:name"].nunique() == 11
    done = frame[frame["lifecycle:transition"] == "complete"]
    variants = pm4py.get_variants(done)
    assert variants[("start", "Ask for leave", "Decide", "end")] == 10


def test_a_log_as_ocel_is_read_by_a_mining_tool(told, tmp_path):
    path = tmp_path / "leave.json"
    path.write_bytes(log(told, LogFormat.OCEL))
    found = pm4py.read_ocel2_json(str(path))
    kinds = found.objects[found.object_type_column].value_counts()
    assert kinds["leave"] == 11
    assert set(found.events[found.event_activity]) == {"start", "Ask for leave", "Decide", "end"}


def test_a_log_as_csv_has_a_row_for_each_event(told):
    rows = list(csv.DictReader(io.StringIO(log(told, LogFormat.CSV).decode())))
    assert len({row["case_id"] for row in rows}) == 11
    assert [row["element"] for row in rows if row["case_id"] == rows[0]["case_id"]][-1] == "end"


@pytest.mark.parametrize("form", LogFormat)
def test_people_are_numbers_unless_names_may_be_read(told, form):
    covered, named = log(told, form), log(told, form, AUDITOR, names=True)
    assert b"sari" not in covered
    assert b"citra" not in covered
    assert b"resource-0001" in covered
    assert b"sari" in named
    with pytest.raises(AccessRefused):
        log(told, form, names=True)


def test_who_may_not_read_history_gets_no_log(told):
    with pytest.raises(AccessRefused):
        log(told, LogFormat.CSV, SARI)


def test_another_agency_reads_an_empty_log(told):
    into = io.BytesIO()
    other = replace(MODELER, agency_id="elsewhere")
    window = replace(LEAVE, agency_id="elsewhere")
    write_log(told.house, other, window, LogFormat.OCEL, into, names=False)
    assert json.loads(into.getvalue())["events"] == []


def test_an_unknown_process_is_not_found(told):
    with pytest.raises(NotFound):
        element_times(told.house, MODELER, "nothing")


JOIN = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://regu/tests">
 <bpmn:process id="both" isExecutable="true">
  <bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
  <bpmn:parallelGateway id="split"><bpmn:incoming>a</bpmn:incoming>
   <bpmn:outgoing>b</bpmn:outgoing><bpmn:outgoing>c</bpmn:outgoing></bpmn:parallelGateway>
  <bpmn:parallelGateway id="join"><bpmn:incoming>b</bpmn:incoming>
   <bpmn:incoming>c</bpmn:incoming><bpmn:outgoing>e</bpmn:outgoing></bpmn:parallelGateway>
  <bpmn:endEvent id="end"><bpmn:incoming>e</bpmn:incoming></bpmn:endEvent>
  <bpmn:sequenceFlow id="a" sourceRef="s" targetRef="split" />
  <bpmn:sequenceFlow id="b" sourceRef="split" targetRef="join" />
  <bpmn:sequenceFlow id="c" sourceRef="split" targetRef="join" />
  <bpmn:sequenceFlow id="e" sourceRef="join" targetRef="end" />
 </bpmn:process></bpmn:definitions>"""


def test_nothing_waits_at_a_join_that_was_passed(place):
    processes.deploy(place.house, MODELER, (Resource(name="both.bpmn", content=JOIN),))
    start = processes.StartProcess(process_id="both", variables={})
    processes.start_process(place.house, MODELER, start)
    found = {one.element_id: one for one in element_times(place.house, MODELER, "both")}
    assert (found["join"].ended, found["join"].waiting) == (2, 0)
    with place.house.reading() as uow:
        window = replace(LEAVE, process_id="both")
        assert [element for element, _, _ in uow.mining.ways(window)] == ["split"]
