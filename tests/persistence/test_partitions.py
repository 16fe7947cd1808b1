"""History by years on PostgreSQL: where rows lie, what a query asks, what stays forbidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.persistence.migrate import migrate, migrate_down
from engine.persistence.partitions import first_key, make_ahead, prove_ahead, year_of
from engine.persistence.tables.waiting import history as table
from engine.usecases import reach
from engine.usecases.ports.process import InstanceStatus
from tests.persistence.building import NOON, definition, history, instance, units_of

THIS, NEXT, LATER = 2026, 2027, 2040
DAY = timedelta(days=1)


@pytest.fixture
def units(postgres_database):
    """An instance of this year, and one of next, whose history goes on into later years."""
    made = units_of(postgres_database)
    with made.writing() as uow:
        uow.processes.add_definition(definition())
        this, following = first_key(THIS) + 1, first_key(NEXT) + 1
        uow.processes.add_instances([instance(this), instance(following)])
        rows = [
            *(history(this + n, this) for n in range(1, 4)),
            *(history(following + n, following) for n in range(1, 4)),
            history(first_key(NEXT) + 9, this),
            history(first_key(LATER) + 1, following),
        ]
        uow.processes.add_history(rows)
        uow.commit()
    return made


def years(units):
    """How many rows lie in which partition."""
    query = "SELECT tableoid::regclass::text, count(*) FROM history GROUP BY 1"
    with units.database.reading.begin() as connection:
        return dict(connection.execute(sa.text(query)).all())


def first_partition(units):
    query = "SELECT obj_description('regu_years.history_first'::regclass)::bigint"
    with units.database.reading.begin() as connection:
        return connection.execute(sa.text(query)).scalar_one()


def run(units, text):
    with units.database.writing.begin() as connection:
        return connection.execute(sa.text(text))


def test_a_key_names_its_year():
    for year in (2024, 2026, 2027, 2092):
        assert year_of(first_key(year)) == year
        assert year_of(first_key(year) - 1) == year - 1 or year == 2024


def test_rows_lie_in_their_years_and_the_rest_is_caught(units):
    ends = year_of(first_partition(units))  # the year after the one the database was made in
    found = years(units)
    assert sum(found.values()) == 8
    assert found["regu_years.history_first"] >= 3
    assert found["regu_years.history_rest"] == 1
    assert ends >= THIS


def test_next_year_is_made_ahead_once_and_a_late_one_takes_its_rows_from_the_rest(units):
    assert make_ahead(units.database) == 0  # the migration made it
    made = run(units, f"SELECT regu_history_of({LATER})").scalar_one()
    assert made
    assert not run(units, f"SELECT regu_history_of({LATER})").scalar_one()
    found = years(units)
    assert found[f"regu_years.history_{LATER}"] == 1
    assert "regu_years.history_rest" not in found
    with pytest.raises(sa.exc.DBAPIError, match="no keys are made"):
        run(units, "SELECT regu_history_of(2093)")


def test_a_plain_role_makes_years_ahead_and_never_passes_their_table(units, plain_database):
    worker = units_of(plain_database)
    with reach.everywhere(), worker.writing() as uow:
        assert uow.retention.make_years_ahead() == 0
        assert uow.connection.execute(sa.text(f"SELECT regu_history_of({LATER})")).scalar_one()
        uow.commit()
    with (
        pytest.raises(sa.exc.ProgrammingError, match="permission denied for schema"),
        worker.reading() as uow,
    ):
        uow.connection.execute(sa.text("SELECT 1 FROM regu_years.history_first"))


@pytest.mark.parametrize(
    "target", ["history", "regu_years.history_first", "regu_years.history_rest"]
)
@pytest.mark.parametrize("act", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_each_partition_is_append_only(units, target, act):
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        run(units, act.format(target))


def test_a_key_is_there_once_and_rows_are_whole_in_each_partition(units):
    again = history(first_key(LATER) + 1, first_key(NEXT) + 1)
    with pytest.raises(sa.exc.IntegrityError), units.writing() as uow:
        uow.processes.add_history([again])
    with pytest.raises(sa.exc.IntegrityError):
        run(
            units,
            "INSERT INTO history SELECT key + 1, instance_key, root_key, process_id, "
            "definition_key, NULL, element_type, token, event, at, recorded_at, actor FROM history",
        )


def test_history_of_an_instance_asks_no_earlier_year_and_uses_its_index(units):
    run(units, f"SELECT regu_history_of({LATER})")
    root = first_key(LATER) + 1
    wanted = sa.select(table.c.key).where(table.c.root_key == root)
    with units.reading() as uow:
        told = uow.work_list.history(first_key(NEXT) + 1)
        assert told[0]["key"] == first_key(NEXT) + 2
        seen = []
        sa.event.listen(
            uow.connection, "before_cursor_execute",
            lambda _c, _cu, text, values, _x, _m: seen.append((text, values)),
        )  # fmt: skip
        uow.work_list.history(root)
        [(text, values)] = seen
        uow.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = "\n".join(uow.connection.exec_driver_sql(f"EXPLAIN {text}", values).scalars())
        everything = "\n".join(
            uow.connection.execute(
                sa.text(f"EXPLAIN {wanted.compile(compile_kwargs={'literal_binds': True})}")
            ).scalars()
        )
    assert "history_first" not in plan
    assert f"history_{LATER}" in plan
    assert "Index Scan" in plan
    assert "history_first" in everything  # the control: without the bound all years are asked


def test_down_and_up_again_keeps_every_row(units):
    with units.database.reading.begin() as connection:
        before = connection.execute(sa.select(table).order_by(table.c.key)).all()
    migrate_down(units.database, "0050")
    prove_ahead(units.database)
    with units.database.reading.begin() as connection:
        assert connection.execute(sa.select(table).order_by(table.c.key)).all() == before
    migrate(units.database)
    with units.database.reading.begin() as connection:
        assert connection.execute(sa.select(table).order_by(table.c.key)).all() == before
    assert set(years(units)) == {"regu_years.history_first"}
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        run(units, "DELETE FROM history")


def test_the_table_of_before_is_attached_without_reading_its_rows(units):
    migrate_down(units.database, "0050")
    told = []
    sa.event.listen(units.database.writing, "connect", _listening(told))
    units.database.writing.dispose()
    migrate(units.database)
    assert any("history_first" in one and "implied by existing constraints" in one for one in told)


def _listening(told):
    def connected(driver, _record):
        driver.execute("SET client_min_messages = debug1")
        driver.add_notice_handler(lambda notice: told.append(notice.message_primary))

    return connected


def test_what_is_deleted_of_an_ended_instance_is_found_in_every_year(units):
    root = first_key(THIS) + 1
    run(units, "UPDATE process_definition SET keep_days = 1")
    with units.writing() as uow:
        row = uow.processes.lock(root)
        ended = replace(row, status=InstanceStatus.COMPLETED, ended_at=NOON - DAY, version=2)
        uow.processes.change_instances([ended])
        uow.commit()
    with units.writing() as uow:
        assert uow.retention.forget_history(1, NOON, NOON, 10) == 1
        uow.commit()
    with units.reading() as uow:
        assert uow.work_list.history(root) == []
    assert sum(years(units).values()) == 4
