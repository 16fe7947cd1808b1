"""Words about people by agency on PostgreSQL: what a forgotten WHERE shows, and what it costs."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from engine.persistence.schema import metadata
from engine.persistence.tables.row_rules import LEFT_OUT, NOTES, POLICIES, WORDS
from engine.persistence.tables.rows_open import OPEN
from engine.usecases import reach
from tests.persistence.test_row_security import membership, seen, squad, units  # noqa: F401

AT = datetime(2026, 3, 2, tzinfo=UTC)
KNOWN = set(POLICIES) | set(LEFT_OUT) | set(WORDS) | set(NOTES)
#: a row of each table for the person of agency `b`, whom nobody of `a` or `c` rates; parents first
SAID = (
    (
        "cycle",
        {
            "id": "y",
            "agency_id": "b",
            "year": 2026,
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31),
        },
    ),
    ("feedback_note", {"id": "f", "person_id": "pb", "cycle_id": "y", "giver_id": "pb2"}),
    ("feedback_reply", {"id": "r", "feedback_id": "f"}),
    (
        "check_in",
        {"id": "t", "person_id": "pb", "leader_id": "pb2", "cycle_id": "y", "asked_by": "pb"},
    ),
    ("agenda_item", {"id": "g", "check_in_id": "t", "raised_by": "pb"}),
    ("commitment", {"id": "o", "owner_id": "pb", "counterpart_id": "pb2", "cycle_id": "y"}),
    ("private_note", {"id": "n", "author_id": "pb2", "about_id": "pb"}),
    ("coaching", {"id": "h", "person_id": "pb", "cycle_id": "y"}),
    ("coaching_session", {"id": "s", "coaching_id": "h"}),
    ("competency_score", {"id": "k", "session_id": "s"}),
    ("session_answer", {"id": "w", "session_id": "s"}),
    ("rating", {"id": "q", "person_id": "pb", "cycle_id": "y"}),
    ("objection", {"id": "j", "rating_id": "q", "raised_by": "pb"}),
    ("voice_round", {"id": "v", "person_id": "pb", "cycle_id": "y"}),
    ("voice_words", {"id": "x", "round_id": "v"}),
    ("plan", {"id": "l", "person_id": "pb", "cycle_id": "y"}),
    ("output", {"id": "u1", "squad_id": "private", "cycle_id": "y"}),
    ("claim", {"id": "c1", "output_id": "u1", "person_id": "pb"}),
    ("attestation", {"id": "a1", "claim_id": "c1", "attester_id": "pb2"}),
    ("evidence", {"id": "e", "uploaded_by": "pb"}),
    ("dispute", {"id": "d", "output_id": "u1", "claim_id": "c1", "raised_by": "pb"}),
    ("hearing", {"id": "z", "dispute_id": "d", "person_id": "pb"}),
    ("daily_note", {"id": "dn", "root_id": "dn", "person_id": "pb", "item_id": "i"}),
)


@pytest.fixture
def said(units, postgres_database):  # noqa: F811 - a fixture
    """Agency b with two people who wrote to each other; its guards and checks put aside."""
    person = metadata.tables["person"]
    with postgres_database.writing.begin() as owner:
        owner.execute(sa.text("SET LOCAL session_replication_role = replica"))
        row = {"id": "pb2", "agency_id": "b", "nip": "198001012005011077", "name": "b2"}
        owner.execute(person.insert(), row | {"rank": ""})
        for name, values in SAID:
            uncheck(owner, name)
            owner.execute(metadata.tables[name].insert(), filled(name, values))
    return units


def uncheck(owner, name):
    """Take the CHECKs away: what a row means is not what is asked here."""
    query = (
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = CAST(:t AS regclass)"
    )
    for check in owner.scalars(sa.text(query), {"t": name}).all():
        owner.execute(sa.text(f'ALTER TABLE {name} DROP CONSTRAINT "{check}"'))


def filled(name, values):
    """The row with something in every column that must not be empty."""
    table = metadata.tables[name]
    wanted = [
        column
        for column in table.columns
        if not column.nullable and column.server_default is None and column.name not in values
    ]
    return {column.name: _some(column) for column in wanted} | values


def _some(column):  # noqa: PLR0911 - one for each kind of column
    kind = column.type.python_type if not isinstance(column.type, sa.types.TypeDecorator) else None
    kept = column.type.impl_instance if kind is None else column.type
    if isinstance(column.type, sa.Enum) or hasattr(column.type, "enums"):
        return column.type.enums[0]
    if isinstance(kept, sa.Boolean):
        return False
    if isinstance(kept, sa.Integer | sa.Numeric):
        return 1
    if isinstance(kept, sa.DateTime):
        return AT
    if isinstance(kept, sa.Date):
        return AT.date()
    if isinstance(kept, sa.LargeBinary):
        return b"x"
    return [] if isinstance(kept, sa.JSON) else ""


@pytest.mark.parametrize("table", sorted(WORDS | NOTES))
def test_words_about_people_are_seen_by_their_own_agency_alone(said, table):
    assert len(seen(said, "b", table, "1")) == 1
    assert len(seen(said, reach.EVERYWHERE, table, "1")) == 1
    for other in ("c", reach.UNBOUND, None):
        assert seen(said, other, table, "1") == set()


def test_without_its_policy_a_table_would_show_them(said, postgres_database):
    """The positive control of the test above."""
    with postgres_database.writing.begin() as owner:
        owner.execute(sa.text("ALTER TABLE private_note DISABLE ROW LEVEL SECURITY"))
    assert seen(said, "c", "private_note") == {"n"}


def test_words_of_another_agency_are_neither_written_nor_changed(said):
    made = "INSERT INTO feedback_reply SELECT 'r2', 'f', text, at FROM feedback_reply"
    with reach.of("c"), said.writing() as uow:
        for table in WORDS | NOTES:
            assert uow.connection.execute(sa.text(f"DELETE FROM {table} RETURNING 1")).all() == []  # noqa: S608
        assert uow.connection.execute(sa.text(made)).rowcount == 0
    note = metadata.tables["private_note"]
    row = filled("private_note", {"id": "n2", "author_id": "pb2", "about_id": "pb"})
    with (
        reach.of("c"),
        pytest.raises(ProgrammingError, match="row-level security"),
        said.writing() as uow,
    ):
        uow.connection.execute(note.insert(), row)


def test_a_squad_that_one_shares_shows_evidence_attestations_and_disputes_of_its_members(said):
    with reach.everywhere(), said.writing() as uow:
        uow.contributions.add([membership("m3", "private", "a")])
        uow.commit()
    shared = {"evidence", "attestation", "dispute", "hearing", "daily_note"}
    for table in WORDS | NOTES:
        assert len(seen(said, "a", table, "1")) == (1 if table in shared else 0), table


def test_every_table_that_leads_to_a_person_has_a_policy_or_a_reason(plain_database):
    """Found by keys: those to people, and those to a table that has one."""
    about, before = {"person"}, set()
    while about != before:
        before = set(about)
        about |= {
            table.name
            for table in metadata.tables.values()
            if any(key.column.table.name in before for key in table.foreign_keys)
        }
    assert about - KNOWN - set(OPEN) == set()
    assert set(OPEN) & KNOWN == set()
    assert all(len(why) > 20 for why in OPEN.values())
    assert set(OPEN) <= set(metadata.tables)
    query = sa.text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    with plain_database.reading.begin() as connection:
        assert set(WORDS | NOTES) <= set(connection.scalars(query))
