"""The thousandth page of a list costs what the first one costs: both begin in an index."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

from bench.rollups import unguarded
from engine.persistence.tables import agency as a
from engine.persistence.tables.process import process_definition, process_instance, user_task
from engine.persistence.tables.waiting import history
from engine.persistence.tables.work import audit
from engine.persistence.tables.workplace import notice
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.ports.administration import LogQuery, PeopleQuery
from engine.usecases.ports.search import TaskQuery
from tests.persistence.building import NOON, definition, instance, task, units_of
from tests.persistence.building import history as told
from tests.persistence.counting import counted

ROWS_OF_PAGE, PAGES = 2, 1_000
LAST = ROWS_OF_PAGE * (PAGES - 1)
#: of each list, with some behind the thousandth page
ROWS = LAST + 500
#: rows that a page may touch on PostgreSQL, and steps of the machine of SQLite
TOUCHED_MAX, STEPS_MAX = 40, 3_000
SARI = Actor(kind=ActorKind.PERSON, name="p00000", person_id="p00000", agency_id="a0")
YEAR = {"since": NOON - timedelta(days=400), "until": NOON + timedelta(days=400)}
LIMIT = {"limit": ROWS_OF_PAGE}


def at(number):
    return NOON - timedelta(minutes=number)


def fill():
    """Rows by table: half of them of another agency, one long history, one busy person."""
    yield a.agency, [{"id": n, "code": n, "name": n, "timezone": "Asia/Jakarta"} for n in A]
    yield (
        a.person,
        [
            {"id": f"p{n:05d}", "agency_id": A[n % 2], "nip": f"{n:018d}", "name": f"n{n:05d}"}
            for n in range(2 * ROWS)
        ],
    )
    yield process_definition, [asdict(definition())]
    yield (
        process_instance,
        [asdict(instance(n, agency_id=A[n % 2])) for n in range(1, 2 * ROWS)],
    )
    tasks = [
        asdict(task(n, n, assignee=f"p{n % 2:05d}", agency_id="a0")) | {"sort_at": at(n)}
        for n in range(1, 2 * ROWS)
    ]
    yield user_task, tasks
    yield history, [asdict(told(n, 1 + n % 2)) for n in range(1, 2 * ROWS)]
    line = {"act": "x:y:z", "actor": "p", "recorded_at": NOON, "facts": "{}"}
    chain = {"prev_hash": b"", "hash": b"", "on_behalf_of": None}
    yield (
        audit,
        [{"stream": "account", "seq": n, "at": at(n), **line, **chain} for n in range(1, ROWS)],
    )
    yield (
        notice,
        [
            {
                "id": f"n{n:05d}", "person_id": f"p{n % 2:05d}", "kind": "reminder", "key": f"{n}",
                "path": "/", "facts": {}, "at": at(n), "read_at": None,
            }
            for n in range(2 * ROWS)
        ],
    )  # fmt: skip


A = ("a0", "a1")
#: list -> a page of it, and the place behind the row that the page before ended with
LISTS = {
    "instances of an agency": (
        lambda uow, n: uow.work_list.instances(agency_id="a0", after=n, **LIMIT),
        lambda n: 2 * (ROWS - n),
    ),
    "tasks of a person": (
        lambda uow, place: uow.work_list.mine(SARI, now=NOON, after=place, **LIMIT),
        lambda n: (at(2 * (ROWS - n)), 2 * (ROWS - n)),
    ),
    "tasks of an agency": (
        lambda uow, key: uow.search.tasks(TaskQuery(agency_id="a0"), after=key, **LIMIT),
        lambda n: n,
    ),
    "notices of a person": (
        lambda uow, place: uow.workplace.notices("p00000", after=place, **LIMIT),
        lambda n: (at(2 * n), f"n{2 * n:05d}"),
    ),
    "history of an instance": (
        lambda uow, key: uow.work_list.history(1, after=key, **LIMIT),
        lambda n: 2 * n,
    ),
    "the audit log": (
        lambda uow, place: uow.administration.log(
            LogQuery(agency_id=None, **YEAR), after=place, **LIMIT
        ),
        lambda n: (at(n), "account", n),
    ),
    "people of an agency": (
        lambda uow, place: uow.administration.people(
            PeopleQuery(agency_id="a0", today=date(2026, 3, 2)), after=place, **LIMIT
        ),
        lambda n: (f"n{2 * n:05d}", f"p{2 * n:05d}"),
    ),
}


def rows_in(database):
    with database.writing.connect() as connection:
        unguarded(connection)
        with connection.begin():
            for table, rows in fill():
                known = [{k: v for k, v in row.items() if k in table.c} for row in rows]
                connection.execute(table.insert(), known)
    if not database.is_sqlite:
        with database.writing.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    return units_of(database)


def effort(uow, database, text, values):
    """What a statement does to be answered: rows that its busiest step touches, or steps."""
    if not database.is_sqlite:
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {text}"
        [plan] = uow.connection.exec_driver_sql(explain, values).scalar_one()
        return max(_touched(plan["Plan"]))
    driver, passed = uow.connection.connection.dbapi_connection, []
    driver.set_progress_handler(lambda: passed.append(1), 10)
    uow.connection.exec_driver_sql(text, values).all()
    driver.set_progress_handler(None, 10)
    return 10 * len(passed)


def _touched(node):
    left_out = sum(node.get(f"Rows Removed by {by}", 0) for by in ("Filter", "Index Recheck"))
    yield (node["Actual Rows"] + left_out) * node["Actual Loops"]
    for below in node.get("Plans", ()):
        yield from _touched(below)


def test_the_thousandth_page_costs_what_the_first_one_costs(database):
    units = rows_in(database)
    bound = STEPS_MAX if database.is_sqlite else TOUCHED_MAX
    spent = {}
    for name, (ask, place) in LISTS.items():
        for page, after in (("first", None), ("thousandth", place(LAST))):
            with counted(database.reading) as seen, units.reading() as uow:
                assert len(ask(uow, after)) == ROWS_OF_PAGE, (name, page)
                text, values = seen.texts[-1], seen.values[-1]
                spent[name, page] = effort(uow, database, text, values)
    assert {one: cost for one, cost in spent.items() if cost > bound} == {}
    assert all(spent.values())
    # the control: the same page by its number, and in an order that no index has
    for text in (
        "SELECT id FROM person ORDER BY id LIMIT 2 OFFSET 1998",
        "SELECT id FROM person ORDER BY rank, nip LIMIT 2",
    ):
        with units.reading() as uow:
            assert effort(uow, database, text, ()) > bound
