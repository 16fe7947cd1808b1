from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.people import Person, Substitution
from engine.domain.units import Agency
from engine.persistence.unit_of_work import UnitsOfWork
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import StaleWrite
from engine.usecases.ports.process import ClosedTask, ProcessChanges, TaskState
from engine.usecases.ports.search import TaskQuery
from tests.persistence.building import NOON, instance, task, units_of, with_instances
from tests.persistence.counting import counted

NEVER = datetime.max.replace(tzinfo=UTC)


def _person(person_id, *groups, agency_id="a1"):
    return Actor(
        kind=ActorKind.PERSON,
        name=person_id,
        person_id=person_id,
        groups=frozenset(groups),
        agency_id=agency_id,
    )


def _open(units, *rows):
    with_instances(units, 1, tasks_each=0)
    with units.writing() as uow:
        uow.processes.flush(ProcessChanges(opened_tasks=list(rows)))
        uow.commit()


def _keys(units, actor, **question):
    with units.reading() as uow:
        found = [row.key for row in uow.work_list.mine(actor, now=NOON, **question)]
        whole = uow.work_list.mine(actor, now=NOON, limit=1000)
        assert uow.work_list.count_mine(actor, now=NOON) == len(whole)
        assert all(uow.work_list.may_take(actor, row, now=NOON) for row in whole)
        return found


def test_mine_are_those_assigned_to_me_and_those_i_may_take_earliest_due_first(units):
    _open(
        units,
        task(1, 1, assignee="p1"),
        task(2, 1, assignee="p1", due_at=NOON + timedelta(days=2)),
        task(3, 1, candidates=(("user", "p1"), ("group", "hr")), due_at=NOON),
        task(4, 1, candidates=(("group", "hr"),), due_at=NOON + timedelta(days=1)),
        task(5, 1, assignee="p2", candidates=(("group", "hr"),), due_at=NOON),
        task(6, 1, candidates=(("group", "perf_admin"),)),
    )
    assert _keys(units, _person("p1", "hr")) == [3, 4, 2, 1]
    assert _keys(units, _person("p1")) == [3, 2, 1]
    assert _keys(units, _person("p9")) == []
    nobody = Actor(kind=ActorKind.CLIENT, name="client")
    assert _keys(units, nobody) == []


def test_a_group_reaches_tasks_of_its_own_agency_only(units):
    group = (("group", "hr"),)
    _open(
        units,
        task(1, 1, candidates=group),
        task(2, 1, candidates=group, agency_id="a2"),
        task(3, 1, candidates=group, agency_id=None),
        task(4, 1, assignee="p1", agency_id="a2"),
        task(5, 1, candidates=(("user", "p1"),), agency_id="a2"),
    )
    assert _keys(units, _person("p1", "hr")) == [1, 3, 4, 5]
    assert _keys(units, _person("p2", "hr", agency_id="a2")) == [2, 3]
    with units.reading() as uow:
        stranger = _person("p3", "hr", agency_id="a3")
        held = [
            uow.work_list.may_take(stranger, row, now=NOON) for row in uow.processes.open_tasks(1)
        ]
        assert held == [False, False, True, False, False]


def test_pages_follow_each_other_without_gap_or_repetition(units):
    same = [task(key, 1, assignee="p1", due_at=NOON) for key in range(1, 8)]
    grouped = [task(key, 1, candidates=(("group", "hr"),), due_at=NOON) for key in range(8, 12)]
    _open(units, *same, *grouped, task(20, 1, assignee="p1"), task(21, 1, assignee="p1"))
    actor, seen, after = _person("p1", "hr"), [], None
    with units.reading() as uow:
        while page := uow.work_list.mine(actor, now=NOON, after=after, limit=4):
            seen += [row.key for row in page]
            after = (page[-1].due_at or NEVER, page[-1].key)
    assert seen == [*range(1, 12), 20, 21]


def test_a_page_can_be_of_one_process_or_element(units):
    _open(
        units,
        task(1, 1, assignee="p1"),
        task(2, 1, assignee="p1", process_id="evaluation", element_id="rate"),
        task(3, 1, candidates=(("user", "p1"),), element_id="rate"),
    )
    actor = _person("p1")
    assert _keys(units, actor, process_id="evaluation") == [2]
    assert _keys(units, actor, element_id="rate") == [2, 3]


def test_a_claimed_task_leaves_the_lists_of_the_others_until_it_is_given_back(units):
    _open(units, task(1, 1, candidates=(("group", "hr"),)))
    ani, budi = _person("p1", "hr"), _person("p2", "hr")
    with units.writing() as uow:
        uow.work_list.assign(1, "p1", version=1)
        uow.commit()
    assert (_keys(units, ani), _keys(units, budi)) == ([1], [])
    with units.writing() as uow:
        with pytest.raises(StaleWrite):
            uow.work_list.assign(1, "p2", version=1)
        uow.work_list.assign(1, None, version=2)
        uow.commit()
    assert (_keys(units, ani), _keys(units, budi)) == ([1], [1])


def test_an_ended_task_is_in_no_list(units):
    _open(units, task(1, 1, candidates=(("group", "hr"),)), task(2, 1, assignee="p1"))
    with units.writing() as uow:
        ends = [ClosedTask(key=key, state=TaskState.CANCELLED, at=NOON, by=None) for key in (1, 2)]
        uow.processes.flush(ProcessChanges(closed_tasks=ends))
        uow.commit()
    assert _keys(units, _person("p1", "hr")) == []
    with units.writing() as uow, pytest.raises(StaleWrite):
        uow.work_list.assign(2, "p2", version=2)


def test_a_substitute_sees_the_tasks_of_the_absent_within_the_scope_of_the_letter(database):
    asked = []

    def substitutes(_connection, person, now):
        asked.append((person, now))
        return [("p2", "all"), ("p3", "evaluation")]

    units = UnitsOfWork(
        database, units_of(database).clock, units_of(database).ids, substitutes=substitutes
    )
    _open(
        units,
        task(1, 1, assignee="p2"),
        task(2, 1, assignee="p3"),
        task(3, 1, assignee="p3", process_id="evaluation"),
        task(4, 1, candidates=(("user", "p3"),)),
        task(5, 1, candidates=(("user", "p2"),)),
    )
    assert _keys(units, _person("p1")) == [1, 3, 5]
    assert ("p1", NOON) in asked


def test_a_substitution_holds_from_its_first_day_to_its_last_in_the_zone_of_the_agency(units):
    agency = Agency(id="a1", code="A", name="A", timezone="Asia/Jayapura")
    people = [
        Person(id=f"p{n}", agency_id="a1", nip=f"19850101201001100{n}", name=f"P{n}")
        for n in (1, 2)
    ]
    letter = Substitution(
        id="s1",
        absent_id="p2",
        substitute_id="p1",
        valid_from=date(2026, 3, 2),
        valid_to=date(2026, 3, 3),
    )
    with units.writing() as uow:
        uow.agency.add([agency, *people, letter])
        uow.commit()
    _open(units, task(1, 1, assignee="p2"))
    midnight = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)  # in Jayapura, nine hours ahead
    for now, seen in (
        (midnight - timedelta(seconds=1), []),
        (midnight, [1]),
        (midnight + timedelta(hours=24, seconds=-1), [1]),
        (midnight + timedelta(hours=24), []),
    ):
        with units.reading() as uow:
            assert [row.key for row in uow.work_list.mine(_person("p1"), now=now)] == seen


def test_overdue_and_orphaned_tasks_are_listed_by_agency(units):
    _open(
        units,
        task(1, 1, due_at=NOON - timedelta(hours=1)),
        task(2, 1, due_at=NOON - timedelta(days=1), agency_id="a2"),
        task(3, 1, due_at=NOON),
        task(4, 1, orphaned=True),
        task(5, 1, orphaned=True, agency_id="a2"),
    )
    with units.reading() as uow:
        work = uow.work_list
        assert [row.key for row in work.overdue(NOON, None)] == [2, 1]
        assert [row.key for row in work.overdue(NOON, "a1")] == [1]
        assert [row.key for row in work.orphaned("a2")] == [5]
        assert [row.key for row in work.orphaned(None)] == [4, 5]


def test_a_draft_is_kept_per_person_and_replaced(units):
    _open(units, task(1, 1))
    with units.writing() as uow:
        uow.work_list.save_draft(1, "p1", {"note": "a"}, NOON)
        uow.work_list.save_draft(1, "p1", {"note": "b"}, NOON)
        uow.work_list.save_draft(1, "p2", {}, NOON)
        uow.commit()
    with units.reading() as uow:
        assert uow.work_list.draft(1, "p1") == {"note": "b"}
        assert uow.work_list.draft(1, "p2") == {}
        assert uow.work_list.draft(1, "p3") is None


def test_instances_are_listed_newest_first_without_their_children(units):
    with_instances(units, 3, tasks_each=0)
    with units.writing() as uow:
        child = instance(9, root_key=1, parent_key=1)
        other = instance(4, agency_id="a2")
        uow.processes.flush(ProcessChanges(new_instances=[child, other]))
        uow.commit()
    with units.reading() as uow:
        listed = uow.work_list.instances
        assert [row["key"] for row in listed(limit=2)] == [4, 3]
        assert [row["key"] for row in listed(after=3)] == [2, 1]
        assert [row["key"] for row in listed(agency_id="a2", status="active")] == [4]
        assert [row["key"] for row in listed(process_id="other")] == []
        assert [row.key for row in uow.search.instances(agency_id="a1")] == [1, 2, 3, 9]
        assert [row.key for row in uow.search.instances(agency_id=None, parent_key=1)] == [9]


def test_tasks_are_searched_by_ascending_key(units):
    _open(
        units,
        task(1, 1, assignee="p1"),
        task(2, 1, candidates=(("group", "hr"),)),
        task(3, 1, agency_id="a2"),
    )
    with units.reading() as uow:
        search = uow.search.tasks
        assert [row.key for row in search(TaskQuery(agency_id=None))] == [1, 2, 3]
        assert [row.key for row in search(TaskQuery(agency_id="a1"), after=1)] == [2]
        assert [row.key for row in search(TaskQuery(agency_id=None, group="hr"))] == [2]
        one = TaskQuery(agency_id="a1", state=TaskState.CREATED, assignee="p1")
        assert [row.key for row in search(one)] == [1]


def test_a_page_seeks_in_indexes_and_scans_no_table(sqlite_database):
    units = units_of(sqlite_database)
    with_instances(units, 3)
    actor = _person("p1", "hr", "perf_admin")
    for question in ({}, {"process_id": "planning"}, {"after": (NOON, 5)}):
        with counted(sqlite_database.reading) as seen, units.reading() as uow:
            uow.work_list.mine(actor, now=NOON, **question)
            statement, values = seen.texts[-1], seen.values[-1]
            plan = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[3] for row in plan]
        searches = [step for step in steps if step.startswith("SEARCH user_task")]
        assert [step for step in searches if "COVERING INDEX" in step or "INDEX ix" in step]
        assert not [step for step in steps if step.startswith("SCAN user_task")], steps


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("due_instances", "ix_process_instance_due"),
        ("overdue", "ix_user_task_due"),
        ("orphaned", "ix_user_task_orphaned"),
    ],
)
def test_what_the_worker_asks_often_reads_a_partial_index(sqlite_database, question, index):
    units = units_of(sqlite_database)
    with counted(sqlite_database.reading) as seen, units.reading() as uow:
        {
            "due_instances": lambda: uow.processes.due_instances(NOON, 10),
            "overdue": lambda: uow.work_list.overdue(NOON, "a1"),
            "orphaned": lambda: uow.work_list.orphaned("a1"),
        }[question]()
        plan = uow.connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {seen.texts[-1]}", seen.values[-1]
        )
        assert any(index in row[3] for row in plan)
