"""Nobody decides about his own act: the cases of amendment 8, each refused by an operation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.domain.people import Appointment, Substitution
from engine.domain.squads import Consent
from engine.usecases import squads
from engine.usecases.actor import system
from engine.usecases.disputes import RaiseDispute, raise_dispute
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from tests.usecases import acting, worked
from tests.usecases.acting import person

OUT_A = {"output_id": "out_a"}


def line(member):
    return {"output_id": "out_a", "member": {"person_id": member}}


@pytest.fixture
def claimed(sqlite_place):
    """Output A accepted, all three claims in."""
    worked.build(sqlite_place)
    sqlite_place.clock.at = datetime(2026, 5, 29, 3, 0, tzinfo=UTC)
    acting.accepted(sqlite_place, "out_a", "budi", "h_pusdatin", 96)
    for member, percent in (("budi", 60), ("sari", 16), ("citra", 24)):
        acting.claim(sqlite_place, "out_a", member, percent)
    return sqlite_place


def stand_in(place, absent, by):
    with place.house.writing() as uow:
        uow.agency.add(
            [
                Substitution(
                    id=f"s_{absent}", absent_id=absent, substitute_id=by,
                    valid_from=date(2026, 1, 1), letter_no="1",
                )
            ]
        )  # fmt: skip
        uow.commit()


def test_the_ketua_cannot_attest_his_own_line(claimed):
    with pytest.raises(AccessRefused):
        acting.attest(claimed, "out_a", "budi", "budi")


def test_a_member_cannot_attest_himself_even_as_the_ketuas_substitute(claimed):
    stand_in(claimed, "budi", "sari")

    with pytest.raises(AccessRefused):
        acting.attest(claimed, "out_a", "sari", person("sari", on_behalf_of="budi"))
    assert claimed.ask("attester", "out_a", "sari") == "h_pusdatin"


def test_a_substitute_attests_for_the_absent_ketua_and_both_names_stay(claimed):
    stand_in(claimed, "budi", "citra")
    acting.attest(claimed, "out_a", "sari", person("citra", on_behalf_of="budi"))

    with claimed.house.reading() as uow:
        [made] = uow.contributions.attestations("out_a")
    assert (made.attester_id, made.on_behalf_of) == ("citra", "budi")


@pytest.mark.parametrize("group", ["perf_admin", "hr", "process_owner", "admin"])
def test_no_group_entitles_to_attest(claimed, group):
    with pytest.raises(AccessRefused):
        acting.attest(claimed, "out_a", "sari", person("wayan", group))


def test_a_subordinate_of_the_claimant_does_not_attest_him(claimed):
    # the ketua is rated by the claimant: the line goes to the sponsor
    with claimed.house.writing() as uow:
        row = uow.agency.get(Appointment, "app_budi")
        uow.agency.put(replace(row, rater_id="citra"))
        uow.commit()

    assert claimed.ask("attester", "out_a", "citra") == "h_pusdatin"
    with pytest.raises(AccessRefused):
        acting.attest(claimed, "out_a", "citra", "budi")


def test_who_handed_over_does_not_accept(sqlite_place):
    worked.build(sqlite_place)
    sqlite_place.do("regu.output.open", system(), **OUT_A)
    sqlite_place.do("regu.output.deliver", person("budi"), {"note": "x"}, **OUT_A)
    stand_in(sqlite_place, "h_pusdatin", "budi")

    form = {"decision": "accept", "attainment": Decimal(90)}
    with pytest.raises(AccessRefused):
        sqlite_place.do(
            "regu.output.accept", person("budi", on_behalf_of="h_pusdatin"), form, **OUT_A
        )


def test_a_line_beyond_the_band_waits_for_answer_and_signature(claimed):
    form = {"decision": "adjust", "share_percent": Decimal(6), "reason_code": "quality"}
    answer = acting.attest(claimed, "out_a", "sari", "budi", **form)

    assert answer["needs_cosign"]
    with claimed.house.reading() as uow:
        assert uow.contributions.balances("out_a") == {"POOL": 10_000}
    form = {"decision": "approve", "reason": "x"}
    with pytest.raises(AccessRefused):  # the attester does not co-sign
        claimed.do("regu.claim.cosign", person("budi"), form, **line("sari"))
    with pytest.raises(AccessRefused):  # nor does the member
        claimed.do("regu.claim.cosign", person("sari"), form, **line("sari"))
    acting.signed(claimed, "out_a", "sari", "h_pusdatin")
    with claimed.house.reading() as uow:
        assert uow.contributions.balances("out_a") == {"POOL": 9_400, "person:sari": 600}


def test_a_moved_line_needs_its_reason_and_a_return_its_words(claimed):
    form = {"decision": "adjust", "share_percent": Decimal(15), "commitment": ""}
    with pytest.raises(InputRefused) as refused:
        acting.attest(claimed, "out_a", "sari", "budi", **form)
    assert refused.value.faults[0].field == "commitment"
    with pytest.raises(InputRefused) as refused:
        acting.attest(
            claimed, "out_a", "sari", "budi", decision="adjust", share_percent=Decimal(15)
        )
    assert {f.field for f in refused.value.faults} == {"reason_code"}
    with pytest.raises(InputRefused) as refused:
        acting.attest(claimed, "out_a", "sari", "budi", decision="return")
    assert {f.field for f in refused.value.faults} == {"reason"}


def test_a_returned_claim_comes_back_as_the_next_round(claimed):
    form = {"decision": "return", "reason": "evidence of the survey is missing"}
    assert acting.attest(claimed, "out_a", "sari", "budi", **form)["returns"] == 1
    acting.claim(claimed, "out_a", "sari", 16)
    assert not acting.attest(claimed, "out_a", "sari", "budi")["needs_cosign"]

    with claimed.house.reading() as uow:
        assert uow.contributions.claim_of("out_a", "sari").round == 2


def test_a_claim_without_evidence_is_refused_at_its_field(sqlite_place):
    worked.build(sqlite_place)
    acting.accepted(sqlite_place, "out_a", "budi", "h_pusdatin", 96)

    with pytest.raises(InputRefused) as refused:
        acting.claim(sqlite_place, "out_a", "sari", 16, evidence_link="")
    assert refused.value.faults[0].field == "evidence_link"


def settled(place):
    acting.attest(place, "out_a", "budi", "h_pusdatin")
    acting.attest(place, "out_a", "sari", "budi")
    acting.attest(place, "out_a", "citra", "budi")


def test_a_dispute_goes_past_everybody_who_acted_on_the_output(claimed):
    settled(claimed)
    raised = RaiseDispute(output_id="out_a", ground="my share of the survey")
    raise_dispute(claimed.house, person("citra"), raised)
    # the sponsor attested the ketua's line: the line above him decides
    assert claimed.ask("dispute decider", "out_a") == "kepala"
    for member in ("budi", "sari", "citra"):
        party = {"party": {"person_id": member}, **OUT_A}
        claimed.do("regu.dispute.hear", person(member), {"statement": "so"}, **party)
    form = {
        "lines": [
            {"person_id": "budi", "share_percent": Decimal(58)},
            {"person_id": "sari", "share_percent": Decimal(16)},
            {"person_id": "citra", "share_percent": Decimal(26)},
        ],
        "reason": "the survey was hers",
    }
    for nobody in ("budi", "h_pusdatin", "citra", "h_hukum"):
        with pytest.raises(AccessRefused):
            claimed.do("regu.dispute.decide", person(nobody), form, **OUT_A)
    claimed.do("regu.dispute.decide", person("kepala"), form, **OUT_A)

    with claimed.house.reading() as uow:
        assert uow.contributions.balances("out_a") == {
            "POOL": 0, "person:budi": 5_800, "person:sari": 1_600, "person:citra": 2_600,
        }  # fmt: skip
        codes = [row.code.value for row in uow.contributions.ledger("out_a")]
        kept = uow.contributions.ledger_of_person("sari", "cycle")
    assert codes.count("reverse") == 2
    assert len(kept) == 1, "a line that stays as it is gets no row"
    claimed.do("regu.output.seal", system(), **OUT_A)


def test_a_decision_that_does_not_restate_the_whole_is_refused(claimed):
    settled(claimed)
    raise_dispute(
        claimed.house, person("citra"), RaiseDispute(output_id="out_a", ground="my share")
    )
    form = {"lines": [{"person_id": "citra", "share_percent": Decimal(80)}], "reason": "x"}

    with pytest.raises(InputRefused) as refused:
        claimed.do("regu.dispute.decide", person("kepala"), form, **OUT_A)
    assert {f.code for f in refused.value.faults} >= {"restated_missing", "collective_most"}


def test_strangers_raise_no_dispute_and_a_second_one_waits(claimed):
    settled(claimed)
    command = RaiseDispute(output_id="out_a", person_id="citra", ground="x")
    with pytest.raises(NotFound):
        raise_dispute(claimed.house, person("wayan"), command)
    raise_dispute(claimed.house, person("h_hukum"), command)  # her home superior may
    with pytest.raises(Conflict):
        raise_dispute(claimed.house, person("sari"), RaiseDispute(output_id="out_a", ground="x"))


def rated(place):
    vars_ = {"person_id": "sari", **worked.CYCLE}
    prepared = place.do("regu.evaluation.prepare", system(), **vars_)
    rating = {"rating_id": prepared["rating_id"], **vars_}
    form = {"result_level": "di_bawah", "behaviour_level": "sesuai", "reason": "late"}
    return rating, form


def test_nobody_rates_himself_or_as_a_substitute_of_his_own_rater(sqlite_place):
    worked.build(sqlite_place)
    rating, form = rated(sqlite_place)
    stand_in(sqlite_place, "h_biro", "sari")

    for nobody in (person("sari"), person("sari", on_behalf_of="h_biro"), person("wayan", "hr")):
        with pytest.raises(AccessRefused):
            sqlite_place.do("regu.rating.rate", nobody, form, **rating)


def test_a_level_other_than_proposed_needs_a_reason(sqlite_place):
    worked.build(sqlite_place)
    acting.home_results(sqlite_place)
    rating, form = rated(sqlite_place)

    with pytest.raises(InputRefused) as refused:
        sqlite_place.do("regu.rating.rate", person("h_biro"), {**form, "reason": ""}, **rating)
    assert refused.value.faults[0].field == "reason"


def test_an_objection_is_decided_above_the_rater_and_changes_a_new_version(sqlite_place):
    worked.build(sqlite_place)
    acting.home_results(sqlite_place)
    rating, form = rated(sqlite_place)
    unproven = {**form, "evidence_reason": "seen at work, nothing filed"}
    sqlite_place.do("regu.rating.rate", person("h_biro"), unproven, **rating)
    sqlite_place.do("regu.rating.record", system(), predikat="butuh_perbaikan", **rating)
    objects = {"answer": "object", "ground": "the period was short"}
    with pytest.raises(AccessRefused):
        sqlite_place.do("regu.rating.receive", person("h_biro"), objects, **rating)
    sqlite_place.do("regu.rating.receive", person("sari"), objects, **rating)
    sqlite_place.do("regu.objection.open", system("sari"), **rating)
    said = {"statement": "so it was"}
    sqlite_place.do("regu.objection.explain", person("sari"), said, **rating)
    with pytest.raises(AccessRefused):
        sqlite_place.do("regu.objection.explain", person("wayan"), said, **rating)
    changed = {
        "outcome": "changed", "result_level": "sesuai", "behaviour_level": "sesuai", "reason": "r",
    }  # fmt: skip
    assert sqlite_place.ask("objection decider", "sari", "cycle") == "kepala"
    for nobody in ("h_biro", "sari", "h_pusdatin"):
        with pytest.raises(AccessRefused):
            sqlite_place.do("regu.objection.decide", person(nobody), changed, **rating)
    answer = sqlite_place.do("regu.objection.decide", person("kepala"), changed, **rating)

    assert answer["result_level"] == "sesuai"
    assert answer["rating_id"] != rating["rating_id"]
    with sqlite_place.house.reading() as uow:
        newest = uow.performance.rating_of("sari", "cycle")
    assert (newest.version, newest.rater_id) == (2, "kepala")


def test_missing_consent_keeps_the_work_and_earmarks_its_share(sqlite_place):
    worked.build(sqlite_place, consent=Consent.PENDING)
    acting.accepted(sqlite_place, "out_a", "budi", "h_pusdatin", 96)
    for member, percent in (("budi", 60), ("sari", 16), ("citra", 24)):
        acting.claim(sqlite_place, "out_a", member, percent)
    settled(sqlite_place)

    answer = sqlite_place.do("regu.output.settle", system(), **OUT_A)
    assert (answer["pool_bp"], answer["earmarked_bp"]) == (0, 4_000)
    assert [row["person_id"] for row in answer["undecided"]] == ["sari", "citra"]
    with pytest.raises(Exception, match="consent_open"):
        sqlite_place.do("regu.output.seal", system(), **OUT_A)
    give = squads.GiveConsent(membership_id="a2", consent=Consent.GIVEN)
    with pytest.raises(AccessRefused):
        squads.give_home_consent(sqlite_place.house, person("sari"), give)
    given = squads.give_home_consent(sqlite_place.house, person("h_biro"), give)
    assert given == {"consent": "given", "posted_bp": 1_600}
    again = squads.GiveConsent(membership_id="a3", consent=Consent.GIVEN)
    squads.give_home_consent(sqlite_place.house, person("h_hukum"), again)
    sqlite_place.do("regu.output.seal", system(), **OUT_A)


def test_a_remainder_is_given_away_whole_and_collective_work_has_its_cap(sqlite_place):
    worked.build(sqlite_place)
    acting.accepted(sqlite_place, "out_a", "budi", "h_pusdatin", 96)
    for member, percent in (("budi", 60), ("citra", 24)):
        acting.claim(sqlite_place, "out_a", member, percent)
    sqlite_place.do("regu.claim.lapse", system(), **line("sari"))
    acting.attest(sqlite_place, "out_a", "budi", "h_pusdatin")
    acting.attest(sqlite_place, "out_a", "citra", "budi")
    assert sqlite_place.do("regu.output.settle", system(), **OUT_A)["pool_bp"] == 1_600
    form = {"collective_percent": Decimal(16), "lines": [], "reason": "shared work"}
    with pytest.raises(InputRefused) as refused:
        sqlite_place.do("regu.output.allocate", person("h_pusdatin"), form, **OUT_A)
    assert refused.value.faults[0].code == "collective_most"
    with pytest.raises(AccessRefused):
        sqlite_place.do("regu.output.allocate", person("budi"), form, **OUT_A)
    rows = [{"person_id": "citra", "share_percent": Decimal(6)}]
    form = {"collective_percent": Decimal(10), "lines": rows, "reason": "shared work"}
    sqlite_place.do("regu.output.allocate", person("h_pusdatin"), form, **OUT_A)

    with sqlite_place.house.reading() as uow:
        assert uow.contributions.balances("out_a") == {
            "POOL": 0, "COLLECTIVE": 1_000, "person:budi": 6_000, "person:citra": 3_000,
        }  # fmt: skip


def test_where_the_line_of_superiors_ends_the_outside_decision_is_recorded(sqlite_place):
    worked.build(sqlite_place)
    vars_ = {"person_id": "h_biro", **worked.CYCLE}
    prepared = sqlite_place.do("regu.evaluation.prepare", system(), **vars_)
    rating = {"rating_id": prepared["rating_id"], **vars_}
    levels = {"result_level": "di_bawah", "behaviour_level": "sesuai"}
    sqlite_place.do("regu.rating.rate", person("kepala"), levels, **rating)
    objects = {"answer": "object", "ground": "the unit was new"}
    sqlite_place.do("regu.rating.receive", person("h_biro"), objects, **rating)
    form = {"outcome": "upheld", "reason": "decided by the minister, letter 7"}

    assert sqlite_place.ask("objection decider", "h_biro", "cycle") is None
    for nobody in (person("wayan"), person("kepala", "perf_admin"), person("h_biro", "perf_admin")):
        with pytest.raises(AccessRefused):
            sqlite_place.do("regu.objection.decide", nobody, form, **rating)
    sqlite_place.do("regu.objection.decide", person("wayan", "perf_admin"), form, **rating)
