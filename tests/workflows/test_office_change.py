"""Substitution by one letter: tasks move and come back, both names stay, nobody judges himself."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.people import Substitution
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.agency import PEOPLE

ACCEPT = {"decision": "accept", "expectation": "Data tepat waktu"}


def nip(name):
    return PEOPLE[name][0]


def change(town, *pairs, by="joko", **values):
    form = {
        "letter_no": "ST-9/2026",
        "starts_on": "2026-01-19",
        "ends_on": "2026-01-30",
        "scope": "all",
        "pairs": [{"absent_nip": nip(a), "substitute_nip": nip(b)} for a, b in pairs],
    }
    return town.ask("office_change", by=by, **{**form, **values})


def waiting_for(town, name):
    """Elements of the tasks that somebody sees in his list, his own and others'."""
    with town.house.reading() as uow:
        found = uow.work_list.mine(town.actor(name), now=town.house.clock.now())
        return sorted(task.element_id for task in found)


def rows(town):
    with town.house.reading() as uow:
        return uow.segments.substitutions(town.ids["agency"], date(2026, 1, 20))


def drafted(town, name="dedi"):
    town.begin("planning", name)
    town.do("draft_plan", name, confirmed=True)


def audited(town, act):
    import sqlalchemy as sa  # noqa: PLC0415

    from engine.persistence.tables.work import audit  # noqa: PLC0415

    with town.wired.database.reading.connect() as connection:
        found = connection.execute(
            sa.select(audit.c.actor, audit.c.on_behalf_of)
            .where(audit.c.act == act)
            .order_by(audit.c.stream, audit.c.seq)
        )
        return [(town.names.get(a, a), town.names.get(b, b)) for a, b in found]


def history_names(town, element):
    with town.house.reading() as uow:
        return [
            (town.names.get(row["actor"]), town.names.get(row["on_behalf_of"]))
            for root in town.all_roots()
            for row in uow.work_list.history(root)
            if row["element_id"] == element and row["event"] == "completed"
        ]


def test_a_task_moves_to_the_substitute_for_the_days_of_the_letter_and_back(town):
    drafted(town)
    assert town.holder(town.task("clarify_expectation")) == "budi"
    key = change(town, ("budi", "sari"))
    assert town.holder(town.task("clarify_expectation")) == "sari"
    town.pass_days(13)
    assert town.holder(town.task("clarify_expectation")) == "budi"
    assert town.status(key) == "completed"


def test_every_act_of_a_substitute_is_recorded_as_b_for_a(town):
    drafted(town)
    change(town, ("budi", "sari"))
    town.do("clarify_expectation", "sari", **ACCEPT)
    assert ("sari", "budi") in audited(town, "plan:rater:clarify")


def test_who_reaches_an_absent_official_s_task_by_letter_leaves_both_names_everywhere(town):
    drafted(town)
    with town.house.writing() as uow:
        letter = Substitution(
            id=town.house.ids.uuid(),
            absent_id=town.ids["budi"],
            substitute_id=town.ids["sari"],
            valid_from=date(2026, 1, 1),
            letter_no="ST-1",
        )
        uow.agency.add([letter])
        uow.commit()
    assert town.holder(town.task("clarify_expectation")) == "budi"  # not moved yet
    town.do("clarify_expectation", by="sari", **ACCEPT)
    assert ("sari", "budi") in audited(town, "task:user:complete")
    assert ("sari", "budi") in audited(town, "plan:rater:clarify")
    assert history_names(town, "clarify_expectation") == [("sari", "budi")]


def test_one_letter_replaces_everybody_of_an_office(town):
    drafted(town, "dedi")
    change(town, unit_id=town.ids["biro"], unit_substitute_nip=nip("citra"))
    found = {(town.names[r.absent_id], town.names[r.substitute_id]) for r in rows(town)}
    assert found == {("budi", "citra"), ("sari", "citra"), ("dedi", "citra")}
    assert town.holder(town.task("clarify_expectation")) == "citra"


def test_a_substitute_who_is_away_himself_is_followed_once(town):
    drafted(town)
    change(town, ("budi", "sari"), ("sari", "citra"))
    assert town.holder(town.task("clarify_expectation")) == "citra"
    assert waiting_for(town, "citra") == ["clarify_expectation"]
    town.do("clarify_expectation", "citra", **ACCEPT)
    assert ("citra", "budi") in audited(town, "plan:rater:clarify")


def test_it_is_never_handed_on_twice_nor_in_a_circle(town):
    for pairs, code in (
        ([("budi", "sari"), ("sari", "citra"), ("citra", "eko")], "substitution_chain"),
        ([("budi", "sari"), ("sari", "budi")], "substitution_circle"),
        ([("budi", "budi")], "same_person"),
    ):
        with pytest.raises(InputRefused) as refused:
            change(town, *pairs)
        assert code in {fault.code for fault in refused.value.faults}
    assert rows(town) == []


def test_nobody_judges_himself_as_a_substitute_not_even_over_one_hop(town):
    drafted(town)
    change(town, ("budi", "sari"), ("sari", "dedi"))
    task = town.task("clarify_expectation")
    assert town.holder(task) == "budi"  # his own employee does not come to clarify himself
    with pytest.raises(AccessRefused):
        town.do("clarify_expectation", by="dedi", **ACCEPT)


def test_a_letter_for_shares_gives_no_plan_and_no_rating(town):
    drafted(town)
    change(town, ("budi", "sari"), scope="attest")
    assert town.holder(town.task("clarify_expectation")) == "budi"
    assert waiting_for(town, "sari") == []
    with pytest.raises(NotFound):
        town.do("clarify_expectation", by="sari", **ACCEPT)


def test_an_official_who_is_back_early_gets_his_tasks_back(town):
    drafted(town)
    key = change(town, ("budi", "sari"))
    town.do("end_early", by="lina", last_day="2026-01-20")
    town.pass_days(2)
    assert town.status(key) == "completed"
    assert town.holder(town.task("clarify_expectation")) == "budi"
    assert rows(town)[0].valid_to == date(2026, 1, 21)


def test_what_somebody_typed_stays_when_his_task_moves(town):
    drafted(town)
    task = town.task("clarify_expectation")
    from engine.usecases import tasks  # noqa: PLC0415

    typed = {"expectation": "Setengah jadi"}
    tasks.save_draft(town.house, town.actor("budi"), task.key, typed)
    change(town, ("budi", "sari"))
    with town.house.reading() as uow:
        assert uow.work_list.draft(task.key, town.ids["budi"]) == typed


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": "2026-01-01"}, "ends_on"),
        ({"letter_no": " "}, "letter_no"),
        ({"pairs": []}, "pairs"),
        ({"unit_id": "nowhere", "unit_substitute_nip": PEOPLE["citra"][0]}, "unit_id"),
    ],
)
def test_a_letter_without_its_facts_is_refused_at_its_field(town, values, field):
    with pytest.raises(InputRefused) as refused:
        change(town, ("budi", "sari"), **values)
    assert field in {fault.field for fault in refused.value.faults}


def test_nobody_makes_himself_a_substitute_and_only_hr_records_letters(town):
    with pytest.raises(AccessRefused):
        change(town, ("budi", "joko"))
    with pytest.raises(NotFound):
        change(town, ("budi", "sari"), by="wati")


def test_every_flow_of_office_change_is_walked(every_flow):
    every_flow("office_change")
