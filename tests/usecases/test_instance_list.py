"""The list of instances by every field of its filter, in pages, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.usecases import processes
from engine.usecases.ports.batches import InstanceFilter
from engine.usecases.ports.process import Resource
from engine.usecases.process_views import list_instances
from engine.usecases.steering import Steer, end_instance
from tests.persistence.counting import counted
from tests.usecases.conftest import MODELER, ROOT, Place

LEAVE = ROOT / "tests" / "drawings" / "leave.bpmn"
FORM = ROOT / "tests" / "drawings" / "leave.form"


@pytest.fixture
def begun(database):
    """A place, when each of six began a day after the other, and their keys; the last two anew."""
    place = Place(database)
    files = [Resource(name=p.name, content=p.read_bytes()) for p in (LEAVE, FORM)]
    processes.deploy(place.house, MODELER, files)
    days, keys = [], []
    for number in range(6):
        if number == 4:
            newer = Resource(name=LEAVE.name, content=LEAVE.read_bytes() + b"<!-- 2 -->")
            processes.deploy(place.house, MODELER, (newer,))
        start = processes.StartProcess(
            process_id="leave", variables={"who": "sari"}, business_key=f"ST-{number}"
        )
        keys.append(int(processes.start_process(place.house, MODELER, start)["instanceKey"]))
        days.append(place.clock.at)
        place.clock.at += timedelta(days=1)
    return place, days, keys


def found(place, limit=50, after=None, **wanted):
    asked = InstanceFilter(agency_id="of somebody else", **wanted)
    rows = list_instances(place.house, MODELER, asked, after=after, limit=limit)
    return [row.key for row in rows]


def test_each_field_narrows_the_list(begun):
    place, days, keys = begun
    assert found(place) == keys
    assert found(place, business_key="ST-3") == [keys[3]]
    assert found(place, started_from=days[2], started_before=days[4]) == keys[2:4]
    with place.house.reading() as uow:
        newest = uow.processes.latest_definition("leave").key
    assert found(place, process_id="leave", definition_key=newest) == keys[4:]
    assert found(place, statuses=("completed",)) == []


def test_ended_ones_are_on_the_list_unless_a_state_is_named(begun):
    place, _, keys = begun
    end_instance(place.house, MODELER, Steer(key=keys[0], reason="begun twice"))
    assert found(place) == keys
    assert found(place, statuses=("active",)) == keys[1:]


def test_pages_follow_each_other_and_each_is_one_statement(begun):
    place, days, keys = begun
    first = found(place, limit=2, started_from=days[1])
    assert first + found(place, limit=50, after=first[-1], started_from=days[1]) == keys[1:]
    with place.house.reading() as uow, counted(uow.connection.engine) as statements:
        asked = InstanceFilter(agency_id=None, business_key="ST-1", started_from=days[0])
        uow.batches.found(asked, limit=50)
    assert statements.count == 1
