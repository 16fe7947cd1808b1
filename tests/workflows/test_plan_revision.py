"""A changed expectation: every way from the wish to the new version, or to none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.domain.cycles import Cycle
from engine.domain.plans import PlanStatus
from engine.domain.revisions import RevisionState, Side
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, Conflict, InputRefused
from engine.usecases.index import person_index
from engine.usecases.means import Means
from engine.usecases.organisation import Standing
from tests.workflows.agency import PEOPLE
from tests.workflows.test_planning import MORE, RESULT, plan_of
from tests.workflows.test_risks import register, review

SECOND = {**RESULT, "title": "Rilis data", "indicator": "Jumlah rilis", "target": 4}


@pytest.fixture
def planned(town):
    """Dedi has a fixed plan with two home results, and documented both."""
    town.begin("planning", "dedi")
    rows = [{**RESULT, "weight_percent": 60}, {**SECOND, "weight_percent": 40}]
    town.do("draft_plan", results=rows, confirmed=True)
    town.do("clarify_expectation", decision="accept")
    record(town, {"Data terpadu": 9, "Rilis data": 4})
    return town


def record(town, actuals):
    """Progress of the first period, written as the documentation writes it."""
    from engine.domain.cycles import Period  # noqa: PLC0415
    from engine.usecases.operations.measuring import record_results  # noqa: PLC0415
    from engine.usecases.operations.step import Step  # noqa: PLC0415
    from engine.usecases.ports.runner import OperationCall  # noqa: PLC0415

    with town.house.writing() as uow:
        plan = uow.performance.plan_of(town.ids["dedi"], town.ids["cycle"])
        rows = [
            {"item_id": item.id, "actual": actuals[item.title]}
            for item in uow.performance.items(plan.id)
            if item.title in actuals
        ]
        call = OperationCall(
            uow=uow,
            actor=town.actor("dedi"),
            now=town.house.clock.now(),
            instance_key=0,
            element_id="x",
            variables={"cycle_id": town.ids["cycle"]},
            form={"results": rows},
        )
        period = uow.performance.get(Period, town.ids["period 1"])
        record_results(Step(means(town), call), plan, period)
        uow.commit()


def means(town):
    return Means(ids=town.house.ids, clock=town.house.clock, decide=town.house.runner.decide)


def index(town, name="dedi"):
    """Attainment of the home role."""
    with town.house.reading() as uow:
        now = town.house.clock.now()
        cycle = uow.performance.get(Cycle, town.ids["cycle"])
        tables = Tables(means(town), uow, now, town.ids["agency"])
        found = person_index(Standing(uow, now), tables, town.ids[name], cycle)
        return found.index.lines[0].attainment


def ask(town, by="dedi", **values):
    wish = {"summary": "Target turun", "reason": "Anggaran dipotong", **values}
    return town.ask("plan_revision", by=by, **wish)


def write(town, **values):
    """The proposer halves the first target."""
    rows = town.begun(town.task("write_revision"))["results"]
    changed = [{**rows[0], "target": 5}, *rows[1:]]
    town.do("write_revision", **{"decision": "send", "results": changed, **values})


def versions(town, name="dedi"):
    with town.house.reading() as uow:
        found = uow.performance.plan_versions(town.ids[name], town.ids["cycle"])
        return [(plan.version, plan.status) for plan in found]


def revision(town):
    with town.house.reading() as uow:
        return uow.performance.revisions(town.ids["dedi"], town.ids["cycle"])[-1]


def test_both_sign_and_the_new_version_holds_with_what_was_achieved(planned):
    before = plan_of(planned, "dedi")
    with planned.house.reading() as uow:
        ids = [item.id for item in uow.performance.items(before.id)]
    reached = index(planned)
    key = ask(planned)
    write(planned, more_indicators=[MORE])
    assert planned.waiting() == [("answer_revision", "budi")]
    assert plan_of(planned, "dedi").id == before.id
    planned.do("answer_revision", decision="agree", note="")
    assert planned.status(key) == "completed"
    assert versions(planned) == [(2, PlanStatus.FIXED), (1, PlanStatus.SUPERSEDED)]
    after = plan_of(planned, "dedi")
    assert after.valid_from == date(2026, 1, 19)
    with planned.house.reading() as uow:
        items = uow.performance.items(after.id)
        kept = uow.performance.items(before.id)
        targets = {
            plan: [one.target for one in uow.performance.indicators(plan)]
            for plan in (before.id, after.id)
        }
        progress = uow.performance.progress(after.id)
    assert [item.id for item in items] == ids
    assert [item.origin_item_id for item in kept] == ids
    assert targets[before.id] == [10, 4]
    assert targets[after.id] == [5, None, 4]
    assert [row.attainment for row in progress] == [Decimal("90.00"), Decimal("100.00")]
    assert index(planned) == reached == Decimal("94.00")
    row = revision(planned)
    assert (row.state, row.rater_signed_by) == (RevisionState.APPLIED, planned.ids["budi"])
    assert row.employee_signed_at is not None


def test_the_next_documentation_is_measured_against_the_new_target(planned):
    ask(planned)
    write(planned)
    planned.do("answer_revision", decision="agree")
    record(planned, {"Data terpadu": 5})
    assert index(planned) == Decimal("100.00")


def test_the_rater_asks_the_employee_answers_and_it_waits_for_its_day(planned):
    key = ask(planned, by="budi", person_id=planned.ids["dedi"], valid_from="2026-02-02")
    assert planned.waiting() == [("write_revision", "budi")]
    write(planned)
    planned.do("answer_revision", "dedi", decision="agree")
    assert versions(planned) == [(2, PlanStatus.CLARIFIED), (1, PlanStatus.FIXED)]
    planned.pass_days(10)
    assert plan_of(planned, "dedi").version == 1
    planned.pass_days(5)
    assert plan_of(planned, "dedi").version == 2
    assert planned.status(key) == "completed"
    assert plan_of(planned, "dedi").valid_from == date(2026, 2, 2)


def test_a_refusal_needs_words_and_goes_to_the_raters_superior(planned):
    key = ask(planned)
    write(planned)
    with pytest.raises(InputRefused):
        planned.do("answer_revision", decision="refuse", note="")
    planned.do("answer_revision", decision="refuse", note="Target tetap mungkin")
    assert planned.waiting() == [("mediate_revision", "ratna")]
    planned.do("mediate_revision", decision="adopt", note="Anggaran memang turun")
    assert planned.status(key) == "completed"
    assert versions(planned)[0] == (2, PlanStatus.FIXED)
    assert plan_of(planned, "dedi").fixed_by == planned.ids["ratna"]


def test_what_the_superior_does_not_adopt_stays_readable_and_never_holds(planned):
    ask(planned)
    write(planned)
    planned.do("answer_revision", decision="refuse", note="Target tetap mungkin")
    planned.do("mediate_revision", decision="keep", note="Kembali ke rencana")
    assert versions(planned) == [(2, PlanStatus.DROPPED), (1, PlanStatus.FIXED)]
    assert plan_of(planned, "dedi").version == 1
    again = ask(planned)
    assert planned.status(again) == "active"
    write(planned)
    planned.do("answer_revision", decision="agree")
    assert plan_of(planned, "dedi").version == 3


def test_silence_goes_to_the_superior_and_a_silent_superior_is_told_of(planned):
    ask(planned)
    write(planned)
    planned.pass_days(8)
    assert planned.waiting() == [("mediate_revision", "ratna")]
    planned.pass_days(8)
    assert "revision_undecided" in planned.told()
    planned.do("mediate_revision", decision="keep", note="Tetap")


def test_a_proposal_is_given_up_or_lapses_when_nobody_writes_it(planned):
    key = ask(planned)
    planned.do("write_revision", decision="drop")
    assert planned.status(key) == "completed"
    ask(planned)
    planned.pass_days(15)
    assert planned.waiting() == []
    assert {status for _, status in versions(planned)[:2]} == {PlanStatus.DROPPED}


def test_only_one_wish_at_a_time_forward_dated_and_for_a_fixed_plan(planned):
    with pytest.raises(InputRefused) as refused:
        ask(planned, valid_from="2026-01-18")
    assert refused.value.faults[0].code == "not_forward"
    ask(planned)
    with pytest.raises(Conflict):
        ask(planned)
    with pytest.raises(Conflict):
        ask(planned, by="eko")


def test_a_stranger_wishes_nothing_for_others_and_nobody_answers_himself(planned):
    with pytest.raises((AccessRefused, InputRefused)):
        ask(planned, by="eko", person_id=planned.ids["dedi"])
    ask(planned)
    write(planned)
    with pytest.raises(Exception, match="task"):
        planned.do("answer_revision", by="dedi", decision="agree")


def test_the_other_side_reads_line_by_line_what_changes(planned):
    ask(planned)
    write(planned)
    with planned.house.reading() as uow:
        functions = planned.house.host.functions(uow, planned.house.clock.now())
        told = functions["revision changes"].call(revision(planned).id, "id")
    assert "Target turun: Anggaran dipotong" in told
    assert "Jumlah data: 10 data" in told
    assert "Jumlah data: 5 data" in told
    assert "Rilis data" not in told


def test_what_was_dropped_from_the_plan_keeps_its_progress_in_the_old_version(planned):
    ask(planned)
    rows = planned.begun(planned.task("write_revision"))["results"]
    planned.do("write_revision", decision="send", results=[{**rows[0], "weight_percent": 100}])
    planned.do("answer_revision", decision="agree")
    with planned.house.reading() as uow:
        old, new = (
            next(
                p
                for p in uow.performance.plan_versions(planned.ids["dedi"], planned.ids["cycle"])
                if p.version == n
            )
            for n in (1, 2)
        )
        assert [row.attainment for row in uow.performance.progress(old.id)] == [Decimal(100)]
        assert [row.attainment for row in uow.performance.progress(new.id)] == [Decimal(90)]
    assert index(planned) == Decimal("90.00")


def test_a_late_signature_moves_the_day_it_holds_from(planned):
    ask(planned, valid_from="2026-01-20")
    planned.pass_days(3)
    write(planned)
    planned.do("answer_revision", decision="agree")
    signed = planned.house.clock.now().date()
    assert plan_of(planned, "dedi").valid_from - signed < timedelta(days=1)


def came_true(town):
    """Dedi's risk on his first result came true, and Budi opens the target again."""
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids["dedi"], town.ids["cycle"])
        item = uow.performance.items(plan.id)[0]
    register(town, "dedi", f"item:{item.id}")
    town.ask("risk_review", by="dedi")
    rows = review(town, status="realised", note="Padam sebulan")
    town.do("review_risks", "dedi", risks=rows)
    town.do("decide_reopening", "budi", decision="reopen", reason="Di luar kendali pegawai")


def test_a_target_opened_again_is_written_by_its_owner_and_signed_by_both(planned):
    came_true(planned)
    assert planned.waiting() == [("write_revision", "dedi")]
    row = revision(planned)
    assert (row.side, row.reason) == (Side.EMPLOYEE, "Di luar kendali pegawai")
    write(planned)
    assert planned.waiting() == [("answer_revision", "budi")]
    planned.do("answer_revision", decision="agree")
    assert versions(planned) == [(2, PlanStatus.FIXED), (1, PlanStatus.SUPERSEDED)]
    assert not planned.incidents()


def test_a_target_opened_again_joins_the_change_that_is_being_written(planned):
    ask(planned)
    came_true(planned)
    assert planned.waiting() == [("write_revision", "dedi")]
    assert [state for _, state in versions(planned)] == [PlanStatus.DRAFT, PlanStatus.FIXED]
    assert not planned.incidents()


def on_leave(town, **values):
    """A leave of more than thirty days is recorded for Dedi."""
    leave = {"kind": "cuti", "leave_kind": "besar", "nip": PEOPLE["dedi"][0], "letter_no": "SC-1"}
    days = {"starts_on": "2026-06-01", "ends_on": "2026-08-31"}
    town.ask("role_change", by="joko", **{**leave, **days, **values})
    town.worker.drain()


def test_a_long_leave_offers_a_change_that_holds_from_its_first_day(planned):
    on_leave(planned)
    write(planned)
    planned.do("answer_revision", "budi", decision="agree")
    assert versions(planned)[0][1] is not PlanStatus.FIXED
    planned.move(planned.house.clock.now().replace(month=6, day=1, hour=9))
    assert versions(planned)[0][1] is PlanStatus.FIXED


def test_a_leave_while_a_change_is_being_written_opens_no_second_one(planned):
    ask(planned)
    on_leave(planned)
    assert planned.waiting() == [("write_revision", "dedi")]


def test_every_flow_of_plan_revision_is_walked(every_flow):
    every_flow("plan_revision")
