"""History goes when its definition says, and not before; ledger, audit and open work stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.domain.people import Person
from engine.domain.units import Agency
from engine.jobs import retention
from engine.persistence.tables.remarks import remark, watch
from engine.usecases import processes
from engine.usecases.errors import DrawingRefused
from engine.usecases.ports.process import Resource
from tests.usecases.conftest import MODELER, ROOT, Place
from tests.usecases.test_mining import HR, ask, complete

DRAWING = (ROOT / "tests" / "drawings" / "leave.bpmn").read_bytes()
KEPT = b"""<bpmn:extensionElements><zeebe:properties>
<zeebe:property name="regu:keepDays" value="%s" /></zeebe:properties></bpmn:extensionElements>
<bpmn:startEvent id="start">"""


def files(days):
    form = (ROOT / "tests" / "drawings" / "leave.form").read_bytes()
    drawing = DRAWING.replace(b'<bpmn:startEvent id="start">', KEPT % days)
    return (Resource(name="leave.bpmn", content=drawing), Resource(name="leave.form", content=form))


@pytest.fixture
def told(database):
    """A request that was decided, and one that waits; history is kept for thirty days."""
    place = Place(database)
    processes.deploy(place.house, MODELER, files(b"30"))
    ask(place)
    complete(place, HR, {})
    ask(place)
    return place


def rows(place, table):
    with place.house.reading() as uow:
        query = sa.text(f"SELECT count(*) FROM {table}")  # noqa: S608 - names of this test
        return uow.connection.execute(query).scalar()


def roots(place):
    with place.house.reading() as uow:
        query = sa.text("SELECT DISTINCT root_key FROM history ORDER BY 1")
        return list(uow.connection.execute(query).scalars())


def test_history_of_what_ended_long_ago_goes_and_all_else_stays(told):
    ended, open_ = roots(told)
    audited = rows(told, "audit")
    told.clock.at += timedelta(days=31)
    retention.sweep(told.house, timedelta(days=3650))
    assert roots(told) == [open_]
    assert rows(told, "user_task") == 2
    assert rows(told, "audit") == audited
    with told.house.reading() as uow:
        view = told.house.runner.view(uow, ended)
        assert view.row.ended_at is not None
        assert dict(view.variables) == {}
        assert not uow.audit.verify()


def test_nothing_goes_a_day_too_early_and_nothing_twice(told):
    told.clock.at += timedelta(days=29)
    assert retention.sweep(told.house, timedelta(days=3650)) == 0
    told.clock.at += timedelta(days=2)
    assert retention.sweep(told.house, timedelta(days=3650)) == 1
    assert retention.sweep(told.house, timedelta(days=3650)) == 0


def test_a_definition_that_says_nothing_keeps_history_for_ever(database):
    place = Place(database)
    plain = Resource(name="leave.bpmn", content=DRAWING)
    processes.deploy(place.house, MODELER, (plain, files(b"1")[1]))
    ask(place)
    complete(place, HR, {})
    place.clock.at += timedelta(days=40_000)
    assert retention.sweep(place.house, timedelta(days=3650)) == 0


@pytest.mark.parametrize("which", [0, 1], ids=["ended", "open"])
def test_the_database_lets_no_other_history_go(told, which):
    key = roots(told)[which]
    with told.house.writing() as uow, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        uow.connection.execute(sa.text("DELETE FROM history WHERE root_key = :k"), {"k": key})
    with told.house.writing() as uow, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        uow.connection.execute(sa.text("UPDATE history SET actor = 'x'"))


def test_an_open_instance_cannot_be_marked_spent(told):
    with told.house.writing() as uow, pytest.raises(sa.exc.IntegrityError, match="spent"):
        uow.connection.execute(
            sa.text("UPDATE process_instance SET spent_at = started_at WHERE ended_at IS NULL")
        )


@pytest.mark.parametrize("days", [b"0", b"-1", b"soon", b"99999"])
def test_days_that_are_none_are_refused_with_the_process_named(place, days):
    with pytest.raises(DrawingRefused) as refused:
        processes.deploy(place.house, MODELER, files(days))
    (found,) = (f for f in refused.value.findings if f.severity == "error")
    assert (found.code, found.element_id) == ("keep-days", "leave")


def remark_beside(place, key):
    """A remark of somebody beside an instance, and somebody who follows it."""
    now = place.clock.now()
    said = {"instance_key": key, "author_id": "p1", "text": "x", "mentions": [], "at": now}
    followed = {"person_id": "p1", "instance_key": key, "task_key": 0, "at": now}
    with place.house.writing() as uow:
        uow.connection.execute(remark.insert(), said | {"id": f"r{key}"})
        uow.connection.execute(watch.insert(), followed)
        uow.commit()


def test_what_was_said_beside_an_instance_goes_with_its_history_and_no_sooner(told):
    with told.house.writing() as uow:
        uow.agency.add([Agency(id="a1", code="BLDN", name="Badan")])
        uow.agency.add([Person(id="p1", agency_id="a1", nip="198708102011101011", name="Sari")])
        uow.commit()
    ended, open_ = roots(told)
    for key in (ended, open_):
        remark_beside(told, key)
        with told.house.writing() as uow, pytest.raises(sa.exc.DBAPIError, match="append-only"):
            uow.connection.execute(remark.delete().where(remark.c.instance_key == key))
    told.clock.at += timedelta(days=31)
    retention.sweep(told.house, timedelta(days=3650))
    with told.house.reading() as uow:
        for table in (remark, watch):
            left = uow.connection.execute(sa.select(table.c.instance_key)).scalars().all()
            assert left == [open_]
