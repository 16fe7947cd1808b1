"""An agency-year played by the real operations gives the same numbers again from its rows alone."""

from __future__ import annotations

import shutil
from datetime import date
from types import SimpleNamespace

import pytest

from bench import books, replay
from bench.population import YEAR, Scale
from bench.simulation import played, proved
from engine.persistence.database import open_database

SMALL = Scale(people=60, squads=7, seed=7)
TINY = Scale(people=40, squads=3, seed=3)
#: what must have happened, or the year proves little
HAPPENED = (
    "acts refused to whom they do not belong",
    "changes: berhenti",
    "changes: cuti",
    "changes: keluar_tim",
    "changes: mutasi",
    "claims lapsed",
    "claims returned",
    "collective remainders",
    "consents given from above",
    "consents left unanswered",
    "consents refused by home",
    "corrections approved",
    "disputes",
    "lines adjusted",
    "outputs sealed",
    "overlay lines",
    "periods sealed",
    "second signatures",
    "segments frozen",
)


@pytest.fixture(scope="module")
def small_year(sqlite_template, tmp_path_factory):
    """Played once on SQLite for all questions."""
    path = tmp_path_factory.mktemp("year") / "regu.db"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    year = played(database, SMALL)
    yield proved(year, database), database
    database.close()


def test_a_small_agency_year_gives_every_number_again_from_its_rows(small_year):
    found, _ = small_year

    assert found.faults == {name: [] for name in found.faults}
    assert len(found.faults) == 5
    assert {name: found.year.counts[name] for name in HAPPENED if not found.year.counts[name]} == {}
    # the others left, or studied all year
    assert (
        sum(1 for one in found.indexes.found.values() if one.index is not None) > SMALL.people * 0.8
    )


def test_the_replay_sees_a_line_that_is_missing(small_year):
    found, database = small_year
    held = replay.books(database, YEAR)
    output_id, account = next(
        key for key, amount in held.held.items() if key[1].startswith("person:") and amount
    )
    person = account.removeprefix("person:")
    before = replay.replayed(held, person)
    held.kept[output_id, person] = None
    held.held[output_id, account] = 0

    assert before.ihk_e2 == int(found.indexes.found[person].index.ihk * 100)
    assert replay.replayed(held, person).ihk_e2 != before.ihk_e2


def test_the_replay_sees_months_of_a_membership_that_are_missing(small_year):
    _, database = small_year
    held = replay.books(database, YEAR)
    person, rows = next((who, rows) for who, rows in held.members.items() if who in held.plans)
    before = replay.replayed(held, person).roles
    rows[0] = SimpleNamespace(**rows[0]._asdict() | {"valid_from": date(YEAR, 6, 1)})
    after = replay.replayed(held, person).roles

    assert after[rows[0].id].weight_bp < before[rows[0].id].weight_bp
    assert sum(role.weight_bp for role in after.values()) == books.WHOLE


def test_a_year_on_postgresql_ends_with_the_very_ledger_of_sqlite(
    postgres_database, sqlite_database
):
    there = proved(played(postgres_database, TINY), postgres_database)
    here = proved(played(sqlite_database, TINY), sqlite_database)

    assert there.faults == here.faults == {name: [] for name in here.faults}
    assert there.year.counts == here.year.counts
    assert last_hashes(there.year) == last_hashes(here.year)


def last_hashes(year):
    """The end of every output's chain: the content of all its rows, in order."""
    with year.stage.house.reading() as uow:
        store = uow.contributions
        return {name: store.ledger(name)[-1].hash for name in store.outputs_with_ledger()}


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_year_of_2_000_people_and_200_squads_holds(database):
    found = proved(played(database, Scale()), database)

    assert found.faults == {name: [] for name in found.faults}
    assert found.year.counts["outputs sealed"] == 600


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(1, 9))
def test_years_of_other_seeds_hold(sqlite_database, seed):
    found = proved(
        played(sqlite_database, Scale(people=120, squads=16, seed=seed)), sqlite_database
    )

    assert found.faults == {name: [] for name in found.faults}
