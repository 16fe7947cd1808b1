"""A wrong superior: reported by whom it concerns, repaired by HR with a date; tasks move."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.segments import ChangeKind
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.agency import PEOPLE

REASON = {"reason": "Saya bertugas di Pusat"}
ACCEPT = {"decision": "accept", "expectation": "Data tepat waktu"}


def report(town, by="dedi", **values):
    return town.ask("rater_repair", by=by, **{**REASON, **values})


def confirm(town, by="joko", **values):
    form = {
        "decision": "confirm",
        "rater_nip": PEOPLE["wati"][0],
        "starts_on": "2026-01-19",
        "letter_no": "SK-3/2026",
    }
    town.do("confirm_rater", by=by, **{**form, **values})


def drafted(town):
    town.begin("planning", "dedi")
    town.do("draft_plan", "dedi", confirmed=True)


def test_a_reported_superior_is_repaired_by_letter_and_open_tasks_move(town):
    drafted(town)
    key = report(town, right_rater_id=town.ids["wati"])
    assert town.waiting() == [("clarify_expectation", "budi"), ("confirm_rater", "hr")]
    confirm(town)
    assert town.holder(town.task("clarify_expectation")) == "wati"
    assert town.status(key) == "completed"
    with town.house.reading() as uow:
        held = [row for row, _ in uow.segments.appointments(town.ids["dedi"])]
        [change] = uow.segments.changes(town.ids["dedi"])
        former = uow.segments.raters(town.ids["dedi"], town.ids["cycle"])
    assert [(row.valid_to, row.rater_id) for row in held] == [
        (date(2026, 1, 19), None),
        (None, town.ids["wati"]),
    ]
    assert (change.kind, change.rater_id) == (ChangeKind.PENILAI, town.ids["budi"])
    assert former == {town.ids["budi"]}
    town.do("clarify_expectation", "wati", **ACCEPT)


def test_nobody_s_work_stops_while_human_resources_look(town):
    drafted(town)
    report(town)
    town.do("clarify_expectation", "budi", **ACCEPT)
    confirm(town)


def test_a_repair_for_a_day_to_come_moves_tasks_on_that_day(town):
    drafted(town)
    key = report(town)
    confirm(town, starts_on="2026-01-22")
    assert town.holder(town.task("clarify_expectation")) == "budi"
    town.pass_days(3)
    assert town.holder(town.task("clarify_expectation")) == "wati"
    assert town.status(key) == "completed"


def test_the_rater_on_record_reports_somebody_who_is_not_his(town):
    report(town, by="budi", nip=PEOPLE["dedi"][0])
    confirm(town)
    with pytest.raises(AccessRefused):
        report(town, by="eko", nip=PEOPLE["dedi"][0])


def test_records_that_are_right_stay_and_the_reporter_is_told(town):
    key = report(town)
    with pytest.raises(InputRefused):
        town.do("confirm_rater", by="joko", decision="decline")
    town.do("confirm_rater", by="joko", decision="decline", reason="SK benar")
    town.do("read_answer", "dedi", confirmed=True)
    assert town.status(key) == "completed"


def test_an_answer_that_nobody_reads_and_a_late_confirmation_end_too(town):
    key = report(town)
    town.pass_days(9)
    assert "rater_repair_due" in town.told()
    town.do("confirm_rater", by="joko", decision="decline", reason="SK benar")
    town.pass_days(15)
    assert town.status(key) == "completed"


def test_nobody_confirms_in_a_matter_of_his_own(town):
    report(town, by="joko")
    with pytest.raises(AccessRefused):
        confirm(town, by="joko")
    with pytest.raises(NotFound):
        confirm(town, by="wati")
    with pytest.raises(AccessRefused):
        confirm(town, by="lina", rater_nip=PEOPLE["lina"][0])
    confirm(town, by="lina")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"letter_no": ""}, "letter_no"),
        ({"starts_on": "2031-01-01"}, "starts_on"),
        ({"rater_nip": PEOPLE["dedi"][0]}, "rater_nip"),
    ],
)
def test_a_repair_without_its_facts_is_refused_at_its_field(town, values, field):
    report(town)
    with pytest.raises(InputRefused) as refused:
        confirm(town, **values)
    assert field in {fault.field for fault in refused.value.faults}


def test_every_flow_of_rater_repair_is_walked(every_flow):
    every_flow("rater_repair")
