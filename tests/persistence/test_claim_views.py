"""Lists of claims and of the ledger: one statement each, alike on both databases."""

from __future__ import annotations

import pytest

from bench import rollups
from engine.domain.claims import ClaimState, Degree
from engine.domain.ledger import TransferCode
from engine.domain.squads import Acceptance, Consent, SquadRole
from engine.persistence.tables import contributions as c
from engine.usecases.ports.claim_views import LedgerQuestion
from tests.persistence.building import NOON, units_of
from tests.persistence.counting import counted
from tests.persistence.test_rollups import DAY, PEOPLE, filled

CLAIMS = [(f"o{n}", who) for n in range(1, 6) for who in PEOPLE[:4]]
PERSON = LedgerQuestion(cycle_id="cycle", person_id="p3")
UNIT = LedgerQuestion(cycle_id="cycle", unit_id="u1", side="host")
QUESTIONS = {
    "claims": lambda store: store.claim_rows(CLAIMS),
    "claims of outputs": lambda store: store.claims_in(["o1", "o2"]),
    "evidence": lambda store: store.evidence_in([f"c-{o}-{who}" for o, who in CLAIMS]),
    "attestations": lambda store: store.attestations_in(["o1"]),
    "disputes": lambda store: store.disputes_in(["o1"]),
    "outputs": lambda store: store.outputs_in(["o1", "o3"]),
    "squads": lambda store: store.squads_in(["s"]),
    "steps": lambda store: store.open_steps(["o1"]),
    "rows of a person": lambda store: store.entries(PERSON),
    "rows of a unit": lambda store: store.entries(UNIT, limit=7),
    "sums": lambda store: store.ledger_sums(UNIT),
}
#: nothing of the kind is in this agency; the question must still be one
EMPTY = {"evidence", "attestations", "disputes", "steps"}


def furnished(database, seed=4):
    filled(database, seed)
    with database.writing.connect() as connection:
        rollups.unguarded(connection)
        with connection.begin():
            for table, values in squad_rows():
                connection.execute(table.insert(), values)
    return units_of(database)


def squad_rows():
    yield (
        c.squad,
        {
            "id": "s", "host_agency_id": "x", "host_unit_id": "u0", "code": "S", "name": "Tim S",
            "letter_no": "1", "sponsor_id": "p9", "starts_on": DAY.replace(month=1),
            "ends_on": DAY, "budget_points": 10,
        },
    )  # fmt: skip
    for who in PEOPLE[:4]:
        yield (
            c.membership,
            {
                "id": f"m-{who}", "squad_id": "s", "person_id": who, "home_agency_id": "x",
                "home_unit_id": "u2", "role": SquadRole.ANGGOTA, "effort_bp": 1000,
                "valid_from": DAY.replace(month=1), "consent": Consent.GIVEN,
                "acceptance": Acceptance.ACCEPTED,
            },
        )  # fmt: skip
    for n in range(1, 6):
        for version in (1, 2):
            plan = f"plan-{n}-{version}"
            values = {"id": plan, "output_id": f"o{n}", "version": version, "reason": "x"}
            yield c.share_plan, {**values, "at": NOON}
            for who in PEOPLE[:4]:
                line = {"membership_id": f"m-{who}", "person_id": who}
                yield c.share_line, {"share_plan_id": plan, **line, "expected_bp": 2000 + version}
    for output, who in CLAIMS:
        yield (
            c.claim,
            {
                "id": f"c-{output}-{who}", "output_id": output, "person_id": who, "round": 1,
                "claimed_bp": 2002, "contribution_type": "analysis", "degree": Degree.EQUAL,
                "note": "", "state": ClaimState.CLAIMED, "submitted_at": NOON,
            },
        )  # fmt: skip


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_list_is_one_statement(database, name):
    units = furnished(database)
    with units.reading() as uow, counted(database.reading) as found:
        rows = QUESTIONS[name](uow.contributions)

    assert found.count == 1
    assert bool(rows) is (name not in EMPTY)


def test_both_databases_answer_alike(sqlite_database, postgres_database):
    here, there = furnished(sqlite_database), furnished(postgres_database)
    with here.reading() as one, there.reading() as other:
        for name, ask in QUESTIONS.items():
            assert ask(one.contributions) == ask(other.contributions), name


def test_a_claim_is_compared_with_the_newest_share_plan(database):
    with furnished(database).reading() as uow:
        rows = uow.contributions.claim_rows(CLAIMS)
    assert len(rows) == len(CLAIMS)
    assert {(row.expected_bp, row.evidence, row.disputed) for row in rows} == {(2002, 0, False)}


def test_a_ledger_read_page_by_page_is_the_whole_ledger_once(database):
    with furnished(database).reading() as uow:
        whole = uow.contributions.entries(UNIT)
        pages, before = [], None
        while page := uow.contributions.entries(UNIT, before=before, limit=5):
            pages += page
            before = page[-1].transfer.id
        sums = uow.contributions.ledger_sums(UNIT)
    assert pages == whole
    assert [row.transfer.id for row in whole] == sorted(
        (row.transfer.id for row in whole), reverse=True
    )
    counts = [row for row in whole if row.transfer.line_class.value == "PRIMARY"]
    assert all(row.transfer.code is not TransferCode.OPEN for row in whole)
    assert sum(row.points_e4 for row in sums) == sum(row.points_e4 for row in counts)
