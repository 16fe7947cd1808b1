from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.persistence.triggers import append_only, not_append_only
from tests.persistence.building import act, complete, with_instances


@pytest.fixture
def told(units):
    """Three streams with some acts."""
    with_instances(units, 2)
    for key in (1000, 2000):
        with units.writing() as uow:
            complete(uow, key)
            uow.audit.append(act("account", login="ani", share=Decimal("1.50")))
            uow.audit.append(act("account", "account:ani:locked"))
            uow.commit()
    with units.writing() as uow:
        uow.audit.append(act("instance:1", "instance:1:cancelled"))
        uow.commit()
    return units


def _forge(units, *statements):
    """Change what the triggers protect, as somebody with the database's password could."""
    dialect = units.database.writing.dialect.name
    with units.database.writing.begin() as connection:
        for statement in (
            *not_append_only("audit", dialect),
            *statements,
            *append_only("audit", dialect),
        ):
            connection.execute(sa.text(statement))


def _faults(units):
    with units.reading() as uow:
        return uow.audit.verify()


def test_every_chain_holds(told):
    assert _faults(told) == []
    with told.reading() as uow:
        rows = uow.connection.exec_driver_sql(
            "SELECT stream, max(seq) FROM audit GROUP BY stream ORDER BY stream"
        )
        assert [tuple(row) for row in rows] == [
            ("account", 4),
            ("instance:1", 2),
            ("instance:2", 1),
        ]
        assert uow.processes.instance(1).audit_seq == 2


@pytest.mark.parametrize(
    ("forgery", "fault"),
    [
        ("UPDATE audit SET actor = 'x' WHERE stream = 'account' AND seq = 2",
         "account #2: its content was changed"),
        ("UPDATE audit SET facts = '{}' WHERE stream = 'instance:1' AND seq = 1",
         "instance:1 #1: its content was changed"),
        ("DELETE FROM audit WHERE stream = 'account' AND seq = 2",
         "account #3: entry 2 is missing"),
        ("DELETE FROM audit WHERE stream = 'account' AND seq = 4",
         "account #4: the head does not match the last entry"),
        ("DELETE FROM audit WHERE stream = 'instance:1' AND seq = 2",
         "instance:1 #2: the head does not match the last entry"),
        ("DELETE FROM audit WHERE stream = 'instance:2'",
         "instance:2 #1: the head does not match the last entry"),
        ("UPDATE process_instance SET audit_seq = 1 WHERE key = 1",
         "instance:1 #1: the head does not match the last entry"),
        ("DELETE FROM audit_head WHERE stream = 'account'",
         "account: the stream has no head"),
    ],
)  # fmt: skip
def test_a_forgery_is_found_and_named(told, forgery, fault):
    _forge(told, forgery)
    assert fault in _faults(told)


def test_a_rolled_back_act_leaves_no_gap(told):
    with told.writing() as uow:
        uow.audit.append(act("account"))
    with told.writing() as uow:
        uow.audit.append(act("account"))
        uow.commit()
    assert _faults(told) == []


def test_an_act_of_a_new_instance_is_chained_to_it(units):
    with_instances(units, 1)
    with units.writing() as uow:
        uow.audit.append(act("instance:1", "instance:1:started"))
        uow.commit()
    with units.reading() as uow:
        assert uow.processes.instance(1).audit_seq == 1
        assert uow.audit.verify() == []


def test_the_head_of_an_instance_is_written_with_its_state_in_one_statement(told):
    from tests.persistence.counting import counted  # noqa: PLC0415 - used here only

    with counted(told.database.writing) as seen, told.writing() as uow:
        complete(
            uow,
            uow.connection.execute(
                sa.text("SELECT key FROM user_task WHERE state = 'created' ORDER BY key LIMIT 1")
            ).scalar(),
        )
        uow.commit()
    assert sum(text.startswith("UPDATE process_instance") for text in seen.texts) == 1
