"""Rows by agency on PostgreSQL: what a forgotten WHERE shows, and to whom."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from engine.domain.people import Person
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.domain.units import Agency, Unit
from engine.persistence.roles import role_facts, role_warning
from engine.persistence.schema import metadata
from engine.persistence.tables.row_rules import LEFT_OUT, POLICIES
from engine.usecases import reach
from engine.usecases.errors import Conflict
from engine.usecases.ports.process import ProcessChanges
from tests.persistence.building import definition, instance, task, units_of

#: tables of rooms that came after revision 0050 answer for themselves
LATER = set()
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def units(plain_database):
    """Agencies a and b with a person each; a squad of b has the person of a, another has not."""
    made = units_of(plain_database)
    with reach.everywhere(), made.writing() as uow:
        for n, name in enumerate("abc", start=1):
            uow.agency.add([Agency(id=name, code=name, name=name, timezone="Asia/Jakarta")])
            uow.agency.add([Unit(id=f"u{name}", agency_id=name, code=name, name=name)])
            nip = f"19800101200501100{n}"
            uow.agency.add([Person(id=f"p{name}", agency_id=name, nip=nip, name=name)])
        uow.contributions.add([squad("shared"), squad("private")])
        uow.contributions.add([membership("m1", "shared", "a"), membership("m2", "private", "b")])
        uow.processes.add_definition(definition())
        for key, agency, assignee in ((1, "a", "pa"), (2, "b", "pb"), (3, "b", "pa")):
            row = task(key * 10, key, agency_id=agency, assignee=assignee)
            new = [instance(key, agency_id=agency)]
            uow.processes.flush(ProcessChanges(new_instances=new, opened_tasks=[row]))
        uow.commit()
    return made


def squad(name, agency="b"):
    return Squad(
        id=name, host_agency_id=agency, host_unit_id=f"u{agency}", code=name, name=name,
        letter_no="SK-1", sponsor_id=f"p{agency}", starts_on=FIRST, ends_on=LAST, budget_points=50,
    )  # fmt: skip


def membership(key, of, home):
    return Membership(
        id=key, squad_id=of, person_id=f"p{home}", home_agency_id=home, home_unit_id=f"u{home}",
        role=SquadRole.ANGGOTA, effort_bp=4000, valid_from=FIRST, consent=Consent.PENDING,
        acceptance=Acceptance.PENDING,
    )  # fmt: skip


def seen(units, agency, table, column="id"):
    """What a statement without any condition finds."""
    with reach.of(agency), units.reading() as uow:
        return set(uow.connection.scalars(sa.text(f"SELECT {column} FROM {table}")))  # noqa: S608


def test_a_forgotten_condition_shows_one_s_own_rows_and_those_of_shared_squads(units):
    assert seen(units, "a", "squad") == {"shared"}
    assert seen(units, "b", "squad") == {"shared", "private"}
    assert seen(units, "c", "squad") == set()
    assert seen(units, "a", "membership") == {"m1"}
    assert seen(units, "b", "membership") == {"m1", "m2"}
    # partners know each other's directory; who shares nothing sees his own alone
    assert seen(units, "a", "person") == {"pa", "pb"}
    assert seen(units, "c", "person") == {"pc"}
    assert seen(units, "c", "unit") == {"uc"}


def test_a_task_of_one_s_own_people_shows_with_its_instance_wherever_it_stands(units):
    assert seen(units, "a", "user_task", "key") == {10, 30}
    assert seen(units, "a", "process_instance", "key") == {1, 3}
    assert seen(units, "b", "process_instance", "key") == {2, 3}
    assert seen(units, "c", "process_instance", "key") == set()


def test_who_says_nothing_sees_nothing_and_the_system_says_so_and_sees_all(units):
    for table in ("squad", "membership", "person", "unit", "process_instance", "user_task"):
        column = "key" if table in ("process_instance", "user_task") else "id"
        assert seen(units, None, table, column) == set()
        assert seen(units, reach.UNBOUND, table, column) == set()
    assert seen(units, reach.EVERYWHERE, "squad") == {"shared", "private"}
    assert seen(units, reach.EVERYWHERE, "process_instance", "key") == {1, 2, 3}


def test_rows_for_an_agency_out_of_reach_are_refused(units):
    foreign = Person(id="px", agency_id="b", nip="198001012005011009", name="x")
    for nobody in ("a", reach.UNBOUND, None):
        with (
            reach.of(nobody),
            pytest.raises(Conflict, match="row-level security"),
            units.writing() as uow,
        ):
            uow.agency.add([replace(foreign, agency_id="c")])
    with (
        reach.of("a"),
        pytest.raises(Conflict, match="row-level security"),
        units.writing() as uow,
    ):
        uow.contributions.add([squad("taken")])
    with reach.of("b"), units.writing() as uow:
        uow.agency.add([foreign])
        uow.contributions.add([squad("own")])
        uow.commit()


def test_rows_out_of_reach_are_neither_changed_nor_deleted(units):
    with reach.of("c"), units.writing() as uow:
        for text in ("UPDATE squad SET name = 'x'", "DELETE FROM membership"):
            done = uow.connection.execute(sa.text(f"{text} RETURNING id")).all()
            assert done == []


def test_a_guest_s_task_goes_on_in_the_agency_of_its_instance_until_the_transaction_ends(units):
    with reach.of("a"), units.writing() as uow:
        assert uow.processes.lock(2) is None
        assert uow.processes.lock(3).agency_id == "b"
        uow.processes.flush(
            ProcessChanges(opened_tasks=[task(31, 3, agency_id="b", assignee="pb")])
        )
        uow.commit()
    assert seen(units, "a", "process_instance", "key") == {1, 3}


def test_what_a_savepoint_undoes_it_undoes_of_the_reach_too(units):
    with reach.of("a"), units.writing() as uow:
        with suppress(LookupError), uow.savepoint():
            uow.processes.lock(3)
            raise LookupError
        assert uow.processes.lock(3).agency_id == "b"
        uow.processes.flush(
            ProcessChanges(opened_tasks=[task(31, 3, agency_id="b", assignee="pb")])
        )
        uow.commit()


def test_somebody_of_another_agency_is_found_by_his_whole_nip_alone(units):
    with reach.of("c"), units.reading() as uow:
        assert uow.agency.get(Person, "pa") is None
        assert uow.agency.person_by_nip("198001012005011001").id == "pa"
    with reach.of("c"), units.reading() as uow:
        assert uow.agency.get(Person, "pa") is None


def test_guards_of_the_ledger_look_at_all_agencies_whoever_writes(units):
    """Every function of a trigger works with the reach of the system."""
    query = """SELECT proname FROM pg_proc WHERE prorettype = 'trigger'::regtype
        AND pronamespace = 'public'::regnamespace
        AND NOT COALESCE('regu.agency=*' = ANY(proconfig), false)"""
    with reach.everywhere(), units.reading() as uow:
        assert set(uow.connection.scalars(sa.text(query))) <= {"regu_append_only"}


def test_every_table_that_names_an_agency_has_a_policy_or_a_reason(plain_database):
    named = {
        table.name
        for table in metadata.tables.values()
        if any(column.name.endswith("agency_id") for column in table.columns)
    }
    assert named - LATER <= set(POLICIES) | set(LEFT_OUT)
    assert not set(POLICIES) & set(LEFT_OUT)
    query = sa.text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    with plain_database.reading.begin() as connection:
        assert set(POLICIES) <= set(connection.scalars(query))


def test_a_role_that_policies_do_not_bind_is_told_of(plain_database, postgres_database):
    assert role_facts(plain_database).is_bound
    assert role_warning(plain_database) is None
    assert "row-level security does not bind it" in role_warning(postgres_database)


def test_the_harness_sees_a_leak_when_the_policies_are_taken_away(units, postgres_database):
    """Its positive control."""
    with postgres_database.writing.begin() as owner:
        owner.execute(sa.text("ALTER TABLE squad DISABLE ROW LEVEL SECURITY"))
    assert seen(units, "c", "squad") == {"shared", "private"}
