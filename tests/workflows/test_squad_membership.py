"""Joining a squad: load, both heads, the home's consent, and who decides when it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.domain.joining import ConsentAnswer, ConsentStage
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.plans import ItemKind, Plan, PlanItem, PlanStatus, RoleKind
from engine.domain.squads import Acceptance, Consent, Squad
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.means import Means
from engine.usecases.squad_reports import refusal_report
from engine.usecases.squads import GiveConsent, give_home_consent
from tests.workflows.forming import confirmed, from_letter, members, membership, signs

SARI = (("citra", "ketua", "20 %"), ("sari", "anggota", "30 %"))


@pytest.fixture
def asked(town):
    """Citra has signed; Sari of another unit is asked for 30 per cent."""
    key = from_letter(town, members=SARI)
    confirmed(town)
    signs(town, "citra")
    town.squad_id = town.variables(key)["squad_id"]
    return town


def sari(town):
    return members(town, town.squad_id)["sari"][0]


def plan_for(town, who):
    with town.house.writing() as uow:
        plan = Plan(
            id=town.house.ids.uuid(),
            person_id=town.ids[who],
            cycle_id=town.ids["cycle"],
            status=PlanStatus.SUBMITTED,
        )
        items = [
            PlanItem(
                id=town.house.ids.uuid(),
                plan_id=plan.id,
                number=n,
                kind=ItemKind.UTAMA,
                role_kind=RoleKind.HOME,
                title=f"Hasil {n}",
                weight_bp=5000,
            )
            for n in (1, 2)
        ]
        uow.performance.add([plan])
        uow.performance.add(items)
        uow.commit()
    return [item.id for item in items]


def test_the_member_sees_his_months_and_answers_for_each_home_result(asked):
    first, second = plan_for(asked, "sari")
    task = asked.task("sign_membership", "sari")
    begun = asked.begun(task)
    # T1 takes 20, home 80; with 30 more the months of the squad stand at 130
    assert [(row["month"], int(row["load_percent"])) for row in begun["load"]] == [
        (f"0{n}/2026", 130) for n in range(2, 7)
    ]
    assert int(begun["home_percent"]) == 50
    rows = begun["results"]
    with pytest.raises(InputRefused) as refused:
        asked.answer(task, {"answer": "accepted"})
    assert [fault.code for fault in refused.value.faults] == ["result_unanswered"] * 2
    kept = [{**rows[0], "change": "kept"}, {**rows[1], "change": "dropped"}]
    with pytest.raises(InputRefused) as refused:
        asked.answer(task, {"answer": "accepted", "results": kept})
    assert [(f.field, f.code) for f in refused.value.faults] == [
        ("results.0.reason", "reason_missing")
    ]
    kept[0]["reason"] = "Tugas rutin"
    asked.answer(task, {"answer": "accepted", "results": kept})
    with asked.house.reading() as uow:
        changes = {r.plan_item_id: r.change for r in uow.formation.home_results(sari(asked).id)}
    assert changes == {first: "kept", second: "dropped"}
    assert asked.waiting() == [("give_consent", "budi")]


def test_above_full_time_both_unit_heads_sign(asked):
    signs(asked, "sari", home_percent=80)
    assert asked.waiting() == [("sign_load", "budi"), ("sign_load", "wati")]
    assert int(asked.begun(asked.task("sign_load", "budi"))["load_percent"]) == 130
    with pytest.raises((AccessRefused, NotFound)):
        asked.do("sign_load", "budi", by="sari", answer="approve")
    asked.do("sign_load", "budi", answer="approve")
    asked.do("sign_load", "wati", answer="approve")
    asked.do("give_consent", "budi", decision="given")
    assert sari(asked).consent is Consent.GIVEN


def test_a_head_who_refuses_sends_the_effort_back_to_the_sponsor(asked):
    signs(asked, "sari", home_percent=80)
    with pytest.raises(InputRefused):
        asked.do("sign_load", "budi", answer="refuse")
    asked.do("sign_load", "budi", answer="refuse", reason="Beban unit")
    asked.do("sign_load", "wati", answer="approve")
    with pytest.raises(InputRefused):
        asked.do("settle_load", "wati", decision="keep", reason="Tetap perlu")
    with pytest.raises(InputRefused):
        asked.do("settle_load", "wati", decision="lower", effort_percent=30, reason="Kurang")
    asked.do("settle_load", "wati", decision="lower", effort_percent=10, reason="Dikurangi")
    assert (sari(asked).effort_bp, sari(asked).acceptance) == (1000, Acceptance.PENDING)
    signs(asked, "sari", home_percent=70)
    assert asked.waiting() == [("give_consent", "budi")]


def test_a_member_may_say_it_is_too_much_and_may_be_released(asked):
    asked.do("sign_membership", "sari", answer="overload")
    assert sari(asked).acceptance is Acceptance.OVERLOAD
    asked.do("settle_load", "wati", decision="release", reason="Tidak dipaksa")
    row = sari(asked)
    assert row.consent is Consent.REFUSED
    assert (row.valid_to - row.valid_from).days == 1
    # the shares go over those who are left
    assert [name for element, name in asked.waiting() if element == "answer_shares"] == ["citra"]


def test_silence_of_a_member_accepts_nothing(asked):
    asked.pass_days(8)
    assert "membership_due" in asked.told()
    asked.pass_days(8)
    assert ("settle_load", "wati") in asked.waiting()
    assert sari(asked).acceptance is Acceptance.PENDING
    asked.do("settle_load", "wati", decision="keep", reason="Menunggu jawaban")
    assert ("sign_load", "budi") in asked.waiting()
    # heads who say nothing approve nothing either
    asked.pass_days(10)
    assert ("settle_load", "wati") in asked.waiting()


def test_silence_and_refusal_of_the_home_go_up_and_are_counted(asked):
    signs(asked, "sari")
    asked.pass_days(10)
    assert asked.waiting() == [("decide_consent", "ratna")]
    with pytest.raises((AccessRefused, NotFound)):
        asked.do("decide_consent", "ratna", by="budi", decision="given")
    with pytest.raises(Conflict):
        give(asked, Consent.GIVEN)
    asked.do("decide_consent", "ratna", decision="given")
    assert sari(asked).consent is Consent.GIVEN
    report = refusal_report(asked.house, asked.actor("joko"), asked.ids["cycle"])
    [row] = report.rows
    assert row.holder_id == asked.ids["budi"]
    assert (row.given, row.refused, row.silent, row.overruled) == (0, 0, 1, 1)


def test_a_refusal_has_its_kind_of_reason_and_the_common_superior_ends_it(asked):
    signs(asked, "sari")
    with pytest.raises(InputRefused):
        asked.do("give_consent", "budi", decision="refused", reason="Beban")
    asked.do("give_consent", "budi", decision="refused", reason_code="workload", reason="Beban")
    asked.do("decide_consent", "ratna", decision="refused", reason="Setuju dengan unit asal")
    row = sari(asked)
    assert row.consent is Consent.REFUSED
    with asked.house.reading() as uow:
        made = uow.formation.consent_decisions(row.id)
    assert [(d.stage, d.answer) for d in made] == [
        (ConsentStage.HOME, ConsentAnswer.REFUSED),
        (ConsentStage.COMMON, ConsentAnswer.REFUSED),
    ]
    assert ("answer_shares", "citra") in asked.waiting()


def give(town, answer):
    command = GiveConsent(membership_id=sari(town).id, consent=answer, reason="Beban")
    give_home_consent(town.house, town.actor("budi"), command)
    town.worker.drain()


def test_the_home_may_answer_outside_the_task_and_the_task_goes(asked):
    signs(asked, "sari")
    give(asked, Consent.GIVEN)
    assert ("give_consent", "budi") not in asked.waiting()
    assert sari(asked).consent is Consent.GIVEN


def test_a_decision_at_an_output_ends_the_task_of_the_formation(asked):
    signs(asked, "sari")
    give(asked, Consent.REFUSED)
    assert asked.waiting() == [("decide_consent", "ratna")]
    with asked.house.writing() as uow:
        house, row = asked.house, membership(asked, sari(asked).id)
        means = Means(ids=house.ids, clock=house.clock, decide=house.runner.decide)
        means.announce(uow, asked.actor("ratna"), "consent_settled", row.id)
        uow.contributions.put(replace(row, consent=Consent.GIVEN))
        uow.commit()
    asked.worker.drain()
    assert ("decide_consent", "ratna") not in asked.waiting()


def test_neither_the_sponsor_nor_the_lead_lends_somebody_to_his_own_squad(town):
    """Sponsor = rater at consent: Budi sponsors a squad of Pusat and rates Sari."""
    from_letter(town, members=SARI, by="joko", sponsor_nip="197503152000011002")
    town.do("confirm_squad", "budi", outputs=[OUT])
    signs(town, "citra")
    signs(town, "sari")
    assert town.waiting() == [("give_consent", "ratna")]
    with pytest.raises((AccessRefused, NotFound)):
        town.do("give_consent", "ratna", by="budi", decision="given")
    town.do("give_consent", "ratna", decision="given")


def test_a_ketua_who_rates_a_member_does_not_lend_him(town):
    """Ketua = rater at consent, and ketua = a member's superior at attestation."""
    from_letter(town, members=(("budi", "ketua", "10 %"), ("sari", "anggota", "10 %")))
    town.do("confirm_squad", "wati", outputs=[OUT])
    signs(town, "sari")
    signs(town, "budi")
    # Budi is lent by Ratna, and so is Sari, since Budi leads the squad
    assert town.waiting() == [("give_consent", "ratna"), ("give_consent", "ratna")]


def test_a_ketua_does_not_attest_his_own_superior(town):
    """Ketua = the claimant's subordinate: the superior's line goes to the sponsor."""
    from_letter(town, members=(("sari", "ketua", "10 %"), ("budi", "anggota", "10 %")))
    town.do("confirm_squad", "wati", outputs=[OUT])
    with town.house.reading() as uow:
        squad = uow.contributions.squad_by_code(town.ids["agency"], "pusat-2026-01")
        [output] = uow.contributions.outputs(town.ids["cycle"], squad.id)
        asks = town.house.host.functions(uow, town.house.clock.now())
        attester = asks["attester"].call(output.id, town.ids["budi"])
    assert isinstance(squad, Squad)
    assert attester == town.ids["wati"]


def guests(town):
    """Another agency with a head, Gita, and Hadi of her unit."""
    new = town.house.ids.uuid
    town.ids.update({name: new() for name in ("other", "dinas", "gita", "hadi")})
    town.names.update({town.ids[name]: name for name in ("gita", "hadi")})
    with town.house.writing() as uow:
        uow.agency.add([Agency(id=town.ids["other"], code="DK", name="Dinas Kota")])
        unit = Unit(id=town.ids["dinas"], agency_id=town.ids["other"], code="dinas", name="Dinas")
        uow.agency.add([unit])
        for name, nip in (("gita", "197601012001042013"), ("hadi", GUEST)):
            person = Person(id=town.ids[name], agency_id=town.ids["other"], nip=nip, name=name)
            post = Post(
                id=new(),
                unit_id=unit.id,
                title=name,
                job_class=JobClass.JF,
                is_head=name == "gita",
            )
            seat = Appointment(
                id=new(),
                person_id=person.id,
                post_id=post.id,
                kind=AppointmentKind.DEFINITIVE,
                valid_from=date(2025, 1, 1),
            )
            for row in (person, post, seat):
                uow.agency.add([row])
        uow.commit()


GUEST = "199001012015041014"


def test_a_guest_is_lent_by_his_own_agency_and_heads_settle_it_across(town):
    guests(town)
    from_letter(town, members=f"19850520 201001 2 006 ketua 20 %\n{GUEST} anggota 10 %")
    confirmed(town)
    signs(town, "citra")
    signs(town, "hadi", home_percent=90)
    assert town.waiting() == [("give_consent", "gita")]
    town.do("give_consent", "gita", decision="refused", reason_code="workload", reason="Beban")
    # nobody stands above both agencies: perf_admin records what their heads agreed on
    assert town.waiting() == [("decide_consent", "perf_admin")]
    town.do("decide_consent", decision="given", reason="Disepakati kedua instansi")
    with town.house.reading() as uow:
        squad = uow.contributions.squad_by_code(town.ids["agency"], "pusat-2026-01")
    row = members(town, squad.id)["hadi"][0]
    assert (row.home_agency_id, row.home_unit_id) == (town.ids["other"], town.ids["dinas"])
    assert row.consent is Consent.GIVEN


OUT = {
    "title": "Laporan",
    "indicator": "Diterima",
    "target": "1",
    "person_days": Decimal(20),
    "due_on": "2026-06-30",
}


def test_flows(asked, every_flow):
    asked.note_walked()
    every_flow("squad_membership")
