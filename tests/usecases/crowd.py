"""A crowd for statement counts: people with plans and an open task each, in forty units."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as t
from engine.persistence.tables.process import process_definition, process_instance, user_task

UNITS = 40
FIRST = date(2026, 1, 1)
NOON = datetime(2026, 2, 2, 5, tzinfo=UTC)


def crowd(place, people, *, start=0, member_rows=None):
    """Add people p<n>, their posts, fixed plans, planning processes and tasks, some late."""
    numbers = range(start, start + people)
    with place.house.writing() as uow:
        connection = uow.connection
        if not start:
            _frame(connection)
        for table, row in _ROWS:
            rows = (row,) if table is not c.membership or member_rows is None else member_rows
            connection.execute(table.insert(), [make(n) for make in rows for n in numbers])
        uow.commit()


def person(n):
    """A person's id, as long as a real one."""
    return f"p{n:035d}"


def _frame(connection):
    connection.execute(
        a.unit.insert(),
        [
            {"id": f"u{n}", "agency_id": "agency", "code": f"U{n:03d}", "name": f"Unit {n}",
             "parent_id": "top"}
            for n in range(UNITS)
        ],
    )  # fmt: skip
    connection.execute(
        process_definition.insert(),
        {"key": 1, "deployment_key": 1, "process_id": "planning", "version": 1, "name": "SKP",
         "resource_name": "planning.bpmn", "xml": b"", "sha256": "0", "deployed_at": NOON,
         "deployed_by": "x"},
    )  # fmt: skip


def _person_row(n):
    return {
        "id": person(n), "agency_id": "agency", "nip": f"{10**17 + n}", "name": f"Orang {n:06d}",
        "email": None, "rank": "",
    }  # fmt: skip


def _post(n):
    return {
        "id": f"post{n}", "unit_id": f"u{n % UNITS}", "title": "JF", "job_class": "JF",
        "is_head": False,
    }  # fmt: skip


def _seat(n):
    return {
        "id": f"seat{n}", "person_id": person(n), "post_id": f"post{n}", "kind": "definitive",
        "valid_from": FIRST, "valid_to": None, "rater_id": None,
    }  # fmt: skip


def _plan(n):
    return {
        "id": f"plan{n}", "person_id": person(n), "cycle_id": "cycle", "version": 1,
        "status": "fixed", "approach": "kuantitatif", "valid_from": FIRST,
        "home_effort_bp": 8000 if n % 3 else None, "fixed_by": "kepala", "fixed_at": NOON,
    }  # fmt: skip


def member(n):
    """His place in a squad of another unit."""
    return {
        "id": f"m{n}", "squad_id": "squad_b", "person_id": person(n), "home_agency_id": "agency",
        "home_unit_id": f"u{n % UNITS}", "role": "anggota", "effort_bp": 1000 + n % 7 * 500,
        "valid_from": FIRST, "valid_to": None, "consent": "given", "consent_by": "kepala",
        "consent_at": NOON, "acceptance": "accepted", "accepted_at": NOON,
    }  # fmt: skip


def _instance(n):
    return {
        "key": 1000 + n, "root_key": 1000 + n, "process_id": "planning", "definition_key": 1,
        "status": "active", "business_key": f"{person(n)}:cycle", "version": 1, "incidents": 0,
        "started_at": NOON, "started_by": "x", "agency_id": "agency", "audit_seq": 0,
        "audit_head": b"", "state": b"",
    }  # fmt: skip


def _task(n):
    due = NOON + timedelta(hours=n % 400 - 200)
    return {
        "key": 5_000_000 + n, "instance_key": 1000 + n, "root_key": 1000 + n, "token": n,
        "process_id": "planning", "definition_key": 1, "element_id": "draft_plan",
        "name": "Susun SKP", "assignee": person(n), "candidates": (), "priority": 50,
        "due_at": due, "sort_at": due, "state": "created", "created_at": NOON, "version": 1,
        "orphaned": False, "agency_id": "agency", "about_id": person(n),
    }  # fmt: skip


_ROWS = (
    (a.person, _person_row),
    (a.post, _post),
    (a.appointment, _seat),
    (t.plan, _plan),
    (c.membership, member),
    (process_instance, _instance),
    (user_task, _task),
)
