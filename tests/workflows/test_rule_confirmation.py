"""Rules from memory rest until one person shows where they stand and another confirms it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.dmn import memory_rules
from engine.usecases.confirmations import remembered_rows
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from engine.usecases.means import Means
from engine.usecases.ports.process import Resource
from engine.usecases.starting import start_view
from tests.workflows.agency import GROUPS
from tests.workflows.rehearsal import ROOT

SHOWN = {"document": "Peraturan KPU 3/2022", "page": "Lampiran I, hlm. 4"}
TABLE = ROOT / "workflows" / "audit_sample" / "election_periods.dmn"
#: in the first remembered row of the table
CAMPAIGN = date(2023, 12, 1)


@pytest.fixture(autouse=True)
def _human_resources(monkeypatch):
    monkeypatch.setitem(GROUPS, "joko", ("hr", "perf_admin"))
    monkeypatch.setitem(GROUPS, "lina", ("hr",))


def digest(number=1, content=None):
    found = memory_rules(content or TABLE.read_bytes())
    return next(rule.digest for rule in found if rule.number == number)


def propose(town, by="joko", **values):
    form = {"act": "confirm", "rule": digest(), **SHOWN}
    return town.ask("rule_confirmation", by=by, **{**form, **values})


def agree(town, by="lina"):
    town.do("confirm_rule", by=by, decision="agree")


def in_election(town, agency=None):
    with town.house.reading() as uow:
        moment = datetime(2023, 12, 1, tzinfo=UTC)
        found = town.house.runner.consult(
            uow,
            "election_periods",
            {"on": CAMPAIGN.isoformat()},
            as_of=moment,
            agency_id=agency or town.ids["agency"],
        )
    return found.value["in_election"], found.unconfirmed, found.confirmed


def test_a_row_from_memory_rests_until_hr_confirms_it_and_then_counts_in_this_agency(town):
    first = "election_periods_rule_1"
    assert in_election(town) == (False, (first,), ())
    key = propose(town)
    assert in_election(town) == (False, (first,), ())
    agree(town)
    assert town.status(key) == "completed"
    assert in_election(town) == (True, (), (first,))
    assert in_election(town, agency="another") == (False, (first,), ())
    with town.house.reading() as uow:
        [kept] = uow.confirmations.standing(town.ids["agency"])
    assert (kept.document, kept.page) == tuple(SHOWN.values())
    assert (kept.proposed_by, kept.confirmed_by) == (town.ids["joko"], town.ids["lina"])
    assert town.audit_faults() == []


def test_the_form_lists_the_rows_that_rest_in_their_words(town):
    scope = start_view(town.house, town.actor("joko"), "rule_confirmation").variables
    assert scope["agency_id"] == town.ids["agency"]
    with town.house.reading() as uow:
        rows = remembered_rows(uow, town.ids["agency"])
    assert {row.rule.owner_id for row in rows} >= {"election_periods", "planning_dates"}
    words = next(row.words for row in rows if row.rule.digest == digest())
    assert words.startswith("Masa pemilihan, baris 1: Tanggal [date(")
    assert "Pemilu 2024" in words


def test_four_eyes_and_only_hr_confirms(town):
    propose(town)
    with pytest.raises(AccessRefused):
        agree(town, by="joko")
    with pytest.raises(NotFound):
        agree(town, by="wati")
    with pytest.raises(NotFound):
        propose(town, by="sari")
    agree(town)


def test_what_changed_is_confirmed_again(town):
    propose(town)
    agree(town)
    changed = TABLE.read_bytes().replace(b"2024-02-14", b"2024-02-15")
    with town.house.writing() as uow:
        files = [Resource(name=TABLE.name, content=changed)]
        town.house.runner.deploy(uow, files, town.operator)
        uow.commit()
    assert in_election(town)[0] is False
    # the unchanged row beside it keeps its own hash, the changed one is listed anew
    assert digest(2) == digest(2, changed)
    propose(town, rule=digest(1, changed))
    agree(town)
    assert in_election(town)[0] is True


def test_a_row_that_changes_while_it_waits_can_only_be_declined(town):
    key = propose(town)
    changed = TABLE.read_bytes().replace(b"2024-02-14", b"2024-02-16")
    with town.house.writing() as uow:
        files = [Resource(name=TABLE.name, content=changed)]
        town.house.runner.deploy(uow, files, town.operator)
        uow.commit()
    with pytest.raises(InputRefused):
        agree(town)
    town.do("confirm_rule", by="lina", decision="decline", answer="says_otherwise")
    town.do("read_answer", "joko", confirmed=True)
    assert town.status(key) == "completed"


def test_a_confirmation_is_withdrawn_by_two_people_and_can_be_given_again(town):
    propose(town)
    agree(town)
    town.ask("rule_confirmation", by="lina", act="withdraw", standing_rule=digest())
    agree(town, by="joko")
    assert in_election(town)[0] is False
    propose(town)
    agree(town)
    assert in_election(town)[0] is True
    with town.house.reading() as uow:
        key = ("election_periods", "election_periods_rule_1", digest())
        assert uow.confirmations.newest(town.ids["agency"], key).number == 3


def test_an_answer_that_nobody_reads_and_a_late_confirmation_end_too(town):
    key = propose(town)
    town.pass_days(9)
    assert "rule_confirmation_due" in town.told()
    with pytest.raises(InputRefused):
        town.do("confirm_rule", by="lina", decision="decline")
    town.do("confirm_rule", by="lina", decision="decline", answer="elsewhere")
    assert in_election(town)[0] is False
    town.pass_days(15)
    assert town.status(key) == "completed"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"document": ""}, "document"),
        ({"page": " "}, "page"),
        ({"rule": "0" * 64}, "rule"),
        ({"act": "withdraw", "standing_rule": digest()}, "standing_rule"),
    ],
)
def test_a_proposal_without_its_facts_is_refused_at_its_field(town, values, field):
    with pytest.raises(InputRefused) as refused:
        propose(town, **values)
    assert field in {fault.field for fault in refused.value.faults}


def test_the_rules_of_an_agency_reach_its_decisions(town):
    propose(town)
    agree(town)
    means = Means(ids=town.house.ids, clock=town.house.clock, decide=town.house.runner.decide)
    with town.house.reading() as uow:
        tables = Tables(means, uow, town.house.clock.now(), town.ids["agency"])
        assert tables.in_election(CAMPAIGN) is True


def test_every_flow_of_rule_confirmation_is_walked(every_flow):
    every_flow("rule_confirmation")
