"""Load per month, and what the store of formation holds and refuses, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.domain.cycles import Cycle
from engine.domain.formation import (
    Candidate,
    CandidateState,
    Formation,
    FormationStatus,
    Way,
)
from engine.domain.joining import (
    ConsentAnswer,
    ConsentDecision,
    ConsentStage,
    HeadAnswer,
    HeadSignature,
    HomeResult,
    Letter,
    RefusalReason,
    ShareAnswer,
    ShareReply,
    Signature,
)
from engine.domain.plans import Plan, RoleKind
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.domain.workload import ResultChange
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.decisions import Tables
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.index import person_index
from engine.usecases.job_evidence import job_evidence, job_people
from engine.usecases.load import load_of, load_with, monthly_load
from engine.usecases.means import Means
from engine.usecases.organisation import Standing
from engine.usecases.squad_reports import person_load, refusal_report
from tests.usecases import acting, worked

NOW = datetime(2026, 2, 2, 2, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def agency(place):
    worked.build(place)
    return place


def keep(place, *rows, room="formation"):
    with place.house.writing() as uow:
        getattr(uow, room).add(list(rows))
        uow.commit()


def squad(key, starts_on, ends_on, **facts):
    base = Squad(
        id=key, host_agency_id="agency", host_unit_id="ditx", code=key, name=key,
        letter_no=f"ST-{key}", sponsor_id="h_ditx", starts_on=starts_on, ends_on=ends_on,
        budget_points=10,
    )  # fmt: skip
    return replace(base, **facts)


def joins(key, squad_id, effort, starts_on, **facts):
    base = Membership(
        id=key, squad_id=squad_id, person_id="wayan", home_agency_id="agency",
        home_unit_id="biro", role=SquadRole.ANGGOTA, effort_bp=effort, valid_from=starts_on,
        consent=Consent.GIVEN, acceptance=Acceptance.ACCEPTED,
    )  # fmt: skip
    return replace(base, **facts)


@pytest.fixture
def dewi(agency):
    """Home 0.60 as planned, a squad of 0.30 for eight months, another of 0.20 for six."""
    plan = Plan(id="plan w", person_id="wayan", cycle_id="cycle", home_effort_bp=6000)
    keep(agency, plan, room="performance")
    keep(
        agency,
        squad("sa", FIRST, date(2026, 8, 31)),
        squad("sb", date(2026, 5, 1), date(2026, 10, 31)),
        joins("ma", "sa", 3000, FIRST),
        joins("mb", "sb", 2000, date(2026, 5, 1)),
        room="contributions",
    )
    return agency


def asked(place, ask):
    with place.house.reading() as uow:
        cycle = uow.performance.get(Cycle, "cycle")
        return ask(Standing(uow, NOW), cycle, uow)


def tables(place, uow):
    house = place.house
    means = Means(ids=house.ids, clock=house.clock, decide=house.runner.decide)
    return Tables(means, uow, NOW, "agency")


def test_dewi_is_at_110_while_all_three_roles_run_and_books_1125_hours(dewi):
    months = asked(dewi, lambda s, cycle, _: monthly_load(s, "wayan", cycle))
    assert list(months.values()) == [9000] * 4 + [11_000] * 4 + [8000] * 2 + [6000] * 2
    found = asked(dewi, lambda s, c, uow: load_of(s, tables(dewi, uow), "wayan", c))
    assert [(r.role_kind, r.effort_bp, r.months, r.hours) for r in found.roles] == [
        (RoleKind.HOME, 6000, 12, Decimal("750.00")),
        (RoleKind.SQUAD, 3000, 8, Decimal("250.00")),
        (RoleKind.SQUAD, 2000, 6, Decimal("125.00")),
    ]
    assert (found.fte, found.effective_hours) == (Decimal("0.90"), 1250)
    assert {found.flags[month] for month in (5, 6, 7, 8)} == {"warning"}
    assert {found.flags[month] for month in (1, 9, 12)} == {"normal"}


def test_only_what_home_agreed_to_counts_and_home_takes_what_is_left(dewi):
    with dewi.house.writing() as uow:
        row = uow.contributions.get(Membership, "mb")
        uow.contributions.put(replace(row, consent=Consent.PENDING))
        uow.commit()
    months = asked(dewi, lambda s, cycle, _: monthly_load(s, "wayan", cycle))
    assert months[6] == 9000
    sari = asked(dewi, lambda s, cycle, _: monthly_load(s, "sari", cycle))
    assert set(sari.values()) == {10_000}


def test_two_efforts_in_one_squad_count_the_larger_in_the_month_they_meet(agency):
    keep(agency, squad("sa", FIRST, date(2026, 8, 31)), room="contributions")
    keep(
        agency,
        joins("m1", "sa", 3000, FIRST, valid_to=date(2026, 3, 16)),
        joins("m2", "sa", 1000, date(2026, 3, 16)),
        room="contributions",
    )
    keep(agency, signed("m2", 9500))
    months = asked(agency, lambda s, cycle, _: monthly_load(s, "wayan", cycle))
    # home keeps what he signed while the second membership runs
    assert list(months.values())[:5] == [10_000, 10_000, 12_500, 10_500, 10_500]
    heavy = asked(
        agency, lambda s, c, uow: load_with(s, uow.contributions.get(Membership, "m2"), c, 8000)
    )
    assert (min(heavy), max(heavy.values())) == (3, 11_000)


def test_two_memberships_of_one_squad_are_one_role_of_the_index(agency):
    keep(agency, squad("sa", FIRST, LAST), room="contributions")
    keep(
        agency,
        joins("m1", "sa", 2000, FIRST, valid_to=date(2026, 7, 1)),
        joins("m2", "sa", 4000, date(2026, 7, 1)),
        room="contributions",
    )
    found = asked(agency, lambda s, c, uow: person_index(s, tables(agency, uow), "wayan", c))
    [role] = [role for role in found.roles if role.squad_id]
    assert (role.role, role.membership.id) == ("m2", "m2")
    # 20 per cent for 181 days and 40 for 184 of 365
    assert role.weight_bp == 3008
    assert sum(one.weight_bp for one in found.roles) == 10_000


def signed(membership_id, home, number=1, answer=Acceptance.ACCEPTED):
    return Signature(
        id=f"sig {membership_id} {number}", membership_id=membership_id, round=number,
        answer=answer, home_effort_bp=home, at=NOW,
    )  # fmt: skip


def decision(key, **facts):
    base = ConsentDecision(
        id=key, membership_id="ma", stage=ConsentStage.HOME, answer=ConsentAnswer.GIVEN,
        holder_id="h_biro", decided_by="h_biro", reason_code=None, reason="", at=NOW,
    )  # fmt: skip
    return replace(base, **facts)


SILENT = {"answer": ConsentAnswer.SILENT, "decided_by": None}


def test_refusals_and_silences_are_counted_per_superior_by_one_statement(dewi):
    refused = {"answer": ConsentAnswer.REFUSED, "reason_code": RefusalReason.WORKLOAD}
    keep(
        dewi,
        decision("d1", **refused),
        decision("d2", stage=ConsentStage.COMMON, holder_id="kepala", decided_by="kepala"),
        decision("d3", membership_id="mb", **SILENT),
        decision("d4", membership_id="a2"),
        decision("d5", membership_id="a3", holder_id="h_hukum", decided_by="h_hukum"),
    )
    report = refusal_report(dewi.house, acting.person("kepala", "perf_admin"), "cycle")
    rows = [(r.holder_id, r.given, r.refused, r.silent, r.overruled) for r in report.rows]
    assert rows == [("h_biro", 1, 1, 1, 1), ("h_hukum", 1, 0, 0, 0)]


def test_a_load_is_read_by_who_may_and_by_nobody_else(dewi):
    for who in ("wayan", "h_biro", "kepala"):
        assert person_load(dewi.house, acting.person(who), "wayan").months[1] == 9000
    for who in ("citra", "h_hukum"):
        with pytest.raises(NotFound):
            person_load(dewi.house, acting.person(who), "wayan")


def letter(**facts):
    base = Letter(
        id="l", squad_id="sa", letter_no="ST-2", starts_on=date(2026, 9, 1),
        ends_on=date(2027, 8, 30), recorded_by="h_ditx", at=NOW,
    )  # fmt: skip
    return replace(base, **facts)


def formation(**facts):
    base = Formation(
        id="f", agency_id="agency", host_unit_id="ditx", way=Way.LETTER, name="n", code="c",
        letter_no="ST", sponsor_id="h_ditx", opened_by="h_ditx", starts_on=FIRST,
        ends_on=LAST, person_days=10, places=None, competence="", apply_until=None,
        status=FormationStatus.GATHERING, squad_id=None, at=NOW,
    )  # fmt: skip
    return replace(base, **facts)


def candidate(**facts):
    base = Candidate(
        id="k", formation_id="f", person_id="wayan", role=SquadRole.ANGGOTA, effort_bp=1000,
        motive="", state=CandidateState.PROPOSED, reason="", decided_by=None, at=NOW,
    )  # fmt: skip
    return replace(base, **facts)


def head(**facts):
    base = HeadSignature(
        id="h", membership_id="ma", head_id="h_biro", effort_bp=3000, load_bp=11_000,
        answer=HeadAnswer.APPROVE, reason="", at=NOW,
    )  # fmt: skip
    return replace(base, **facts)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([letter(ends_on=date(2027, 9, 1))], "at_most_a_year"),
        ([letter(letter_no="")], "numbered"),
        ([letter(), letter(id="l2")], "squad_letter_once|UNIQUE"),
        ([formation(ends_on=date(2027, 1, 1))], "at_most_a_year"),
        ([formation(way=Way.VOLUNTEERS, places=1)], "call"),
        ([formation(way=Way.APPOINTED)], "places"),
        ([formation(status=FormationStatus.FORMED)], "formed_by_letter"),
        ([formation(), candidate(), candidate(id="k2")], "candidate_once|UNIQUE"),
        ([formation(), candidate(state=CandidateState.PASSED)], "passed_with_reason"),
        ([formation(), candidate(decided_by="wayan")], "not_by_himself"),
        ([decision("d"), decision("e")], "consent_once_per_stage|UNIQUE"),
        ([decision("d", decided_by=None)], "silent_by_nobody"),
        ([decision("d", answer=ConsentAnswer.REFUSED)], "refusal_coded"),
        ([decision("d", stage=ConsentStage.COMMON, **SILENT)], "common_speaks"),
        ([decision("d", decided_by="h_ditx")], "consent_not_by_sponsor"),
        ([decision("d", decided_by="wayan")], "consent_not_by_sponsor"),
        ([signed("ma", 5000), signed("ma", 5000)], "."),
        ([signed("ma", 5000, answer=Acceptance.PENDING)], "answered"),
        ([signed("ma", 5000), HomeResult(signature_id="sig ma 1", plan_item_id="x",
          change=ResultChange.KEPT, reason="")], "kept_with_reason"),
        ([head(head_id="wayan")], "load_not_signed_by_oneself"),
        ([head(), head(id="h2")], "head_signs_once|UNIQUE"),
        ([head(answer=HeadAnswer.REFUSE)], "refused_with_reason"),
    ],
)  # fmt: skip
def test_the_database_refuses_by_name(dewi, rows, named):
    *before, last = rows
    for row in before:
        keep(dewi, row)
    with pytest.raises(Conflict, match=named):
        keep(dewi, last)


def test_words_once_said_stay(dewi):
    keep(dewi, decision("d"), signed("ma", 5000))
    with dewi.house.writing() as uow, pytest.raises(Exception, match="append-only"):
        uow.connection.exec_driver_sql("UPDATE consent_decision SET reason = 'x'")


def test_a_squad_is_longer_only_by_its_letter_and_never_longer_than_a_year(dewi):
    with pytest.raises(Conflict, match="squad_at_most_a_year"):
        keep(dewi, squad("sc", FIRST, date(2027, 1, 1)), room="contributions")
    keep(dewi, letter())
    with dewi.house.writing() as uow:
        longer = replace(
            uow.contributions.get(Squad, "sa"), ends_on=date(2027, 8, 30), letter_no="ST-2"
        )
        uow.contributions.put(longer)
        with pytest.raises(Conflict, match="squad_extended_by_letter"):
            uow.contributions.put(replace(longer, ends_on=date(2027, 8, 31)))


def test_only_a_member_of_a_version_speaks_about_it(dewi):
    place = dewi
    acting.accepted(place, "out_a", "budi", "h_pusdatin", 96)
    with place.house.reading() as uow:
        plan = uow.contributions.share_plan("out_a")
    reply = ShareReply(
        id="r", share_plan_id=plan.id, person_id="wayan", answer=ShareAnswer.AGREE, note="", at=NOW
    )
    with pytest.raises(Conflict, match="share_reply_of_member"):
        keep(place, reply)
    with pytest.raises(Conflict, match="differs_with_note"):
        keep(place, replace(reply, person_id="sari", answer=ShareAnswer.DIFFER))
    keep(place, replace(reply, person_id="sari"))


def reader(groups=("hr",)):
    return Actor(
        kind=ActorKind.PERSON,
        name="h_ditx",
        person_id="h_ditx",
        groups=frozenset(groups),
        agency_id="agency",
    )


def test_dewi_s_job_shows_900_hours_at_home_and_lent_by_month_with_its_class(dewi):
    found = job_evidence(dewi.house, reader(), unit_id="biro")
    behind = [job_people(dewi.house, reader(), "biro", one.job).rows for one in found.jobs]
    mine = [row for rows in behind for row in rows if row.person_id == "wayan"]
    assert [row.home_bp for row in mine] == [6000] * 12
    assert [row.lent_bp for row in mine] == [3000] * 4 + [5000] * 4 + [2000] * 2 + [0] * 2
    for one in found.jobs:
        assert sum(one.months) == int((one.together * 120_000 / 1250).to_integral_value())
        assert one.ej in "ABCDE"


def test_classes_change_at_100_090_070_and_050(agency):
    with agency.house.reading() as uow:
        asked = tables(agency, uow)
        found = [asked.ej_class(Decimal(fte)) for fte in EJ]
    assert found == list(EJ.values())


#: full time per person -> class
EJ = {"1.01": "A", "1.00": "B", "0.90": "B", "0.89": "C", "0.70": "C", "0.69": "D",
      "0.50": "D", "0.49": "E"}  # fmt: skip
