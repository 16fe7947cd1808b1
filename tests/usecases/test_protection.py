"""Two signatures after a grievance, read from the acts themselves, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.domain.objections import Objection
from engine.domain.protection import GrievanceKind, LoweringKind, RecordedLowering
from engine.domain.ratings import Level, Rating
from engine.domain.squads import Acceptance, Consent, Membership
from engine.persistence.tables.assurance import lowering_act
from engine.usecases.decisions import Tables
from engine.usecases.disputes import RaiseDispute, raise_dispute
from engine.usecases.errors import AccessRefused, Conflict
from engine.usecases.means import Means
from engine.usecases.protection import guarded_acts, needs_second, record_lowering
from tests.usecases import acting, worked
from tests.usecases.acting import person

NOON = datetime(2026, 5, 29, 3, 0, tzinfo=UTC)
AUDITOR = person("wayan", "auditor")


@pytest.fixture
def worked_place(place):
    worked.build(place)
    place.clock.at = NOON
    return place


def needs(place, actor, about="sari", absent=None):
    with place.house.reading() as uow:
        means = Means(ids=place.house.ids, clock=place.clock, decide=place.decide)
        tables = Tables(means, uow, place.clock.now(), "agency")
        at = place.clock.now()
        return needs_second(
            uow, tables, actor_id=actor, person_id=about, at=at, on_behalf_of=absent
        )


def lowered(place, actor, about="sari", second=None, absent=None):
    with place.house.writing() as uow:
        record_lowering(
            uow,
            place.house.ids,
            actor_id=actor,
            person_id=about,
            kind="line",
            subject_id="c",
            at=place.clock.now(),
            second_id=second,
            on_behalf_of=absent,
        )
        uow.commit()


def later(place):
    place.clock.at += timedelta(hours=1)


def disputed(place):
    """Budi attested Sari's line with Pusdatin's head as the second; she disputes it."""
    acting.squad_a(place, seal=False)
    later(place)
    command = RaiseDispute(output_id="out_a", person_id="sari", ground="Bagian saya lebih besar")
    raise_dispute(place.house, person("sari"), command)
    later(place)


def objected(place):
    rating = Rating(
        id="rating", person_id="sari", cycle_id="cycle", ihk=Decimal(100), index_lines=(),
        proposed_level=Level.SESUAI, rater_id="h_biro", on_behalf_of="kepala", at=NOON,
    )  # fmt: skip
    spoken = Objection(
        id="ob", rating_id="rating", raised_by="sari", ground="Tidak tepat", raised_at=NOON
    )
    with place.house.writing() as uow:
        uow.performance.add([rating, spoken])
        uow.commit()


def rewritten(place, **fields):
    with place.house.writing() as uow:
        row = uow.contributions.get(Membership, "a2")
        uow.contributions.put(replace(row, **fields))
        uow.commit()


def test_nobody_needs_a_second_before_somebody_spoke_up(worked_place):
    assert not needs(worked_place, "budi")
    lowered(worked_place, "budi")
    assert guarded_acts(worked_place.house, AUDITOR) == []


def test_after_a_dispute_the_attester_and_the_second_signer_need_one_each_twice(worked_place):
    disputed(worked_place)
    assert [needs(worked_place, who) for who in ("budi", "h_pusdatin", "h_ditx")] == [
        True,
        True,
        False,
    ]
    for _ in range(2):
        lowered(worked_place, "budi", second="h_pusdatin")
        later(worked_place)
    assert not needs(worked_place, "budi")
    assert needs(worked_place, "h_pusdatin")
    assert not needs(worked_place, "budi", about="citra")


def test_after_an_objection_the_rater_needs_one_and_whom_he_stood_in_for(worked_place):
    objected(worked_place)
    assert needs(worked_place, "h_biro")
    assert needs(worked_place, "kepala")
    assert needs(worked_place, "wayan", absent="h_biro")
    assert not needs(worked_place, "wayan")


def test_after_a_flag_of_overload_ketua_and_sponsor_need_one(worked_place):
    rewritten(worked_place, acceptance=Acceptance.OVERLOAD, accepted_at=NOON)
    assert needs(worked_place, "budi")
    assert needs(worked_place, "h_pusdatin")
    assert not needs(worked_place, "h_biro")


def test_a_home_that_refused_to_lend_is_protected_itself(worked_place):
    rewritten(worked_place, consent=Consent.REFUSED, consent_by="h_biro", consent_at=NOON)
    assert needs(worked_place, "h_pusdatin", about="h_biro")
    assert not needs(worked_place, "h_pusdatin", about="sari")


def test_a_guarded_act_is_not_recorded_with_one_signature(worked_place):
    objected(worked_place)
    later(worked_place)
    with pytest.raises(Conflict, match="second_signature_missing"):
        lowered(worked_place, "h_biro")
    lowered(worked_place, "h_biro", second="kepala")


@pytest.mark.parametrize(
    ("second", "absent", "constraint"),
    [
        ("h_biro", None, "second_not_actor"),
        ("sari", None, "second_not_person"),
        ("kepala", "kepala", "second_not_absent"),
    ],
)
def test_the_second_is_neither_the_first_nor_the_person(worked_place, second, absent, constraint):
    objected(worked_place)
    with pytest.raises(Conflict, match=constraint):
        lowered(worked_place, "h_biro", second=second, absent=absent)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"guarded": True}, "two_signatures"),
        ({"person_id": "budi"}, "not_own"),
        ({"on_behalf_of": "sari"}, "not_for_own"),
    ],
)
def test_the_database_refuses_what_breaks_the_rule(worked_place, change, constraint):
    row = RecordedLowering(
        id="x", actor_id="budi", person_id="sari", kind=LoweringKind.LINE, subject_id="c",
        guarded=False, at=NOON,
    )  # fmt: skip
    with worked_place.house.writing() as uow, pytest.raises(Conflict, match=constraint):
        uow.assurance.add([replace(row, **change)])


def test_what_was_recorded_stays(worked_place):
    lowered(worked_place, "budi")
    for statement in (sa.delete(lowering_act), sa.update(lowering_act).values(subject_id="y")):
        with worked_place.house.writing() as uow, pytest.raises(sa.exc.DBAPIError, match="append"):
            uow.connection.execute(statement)


def test_internal_audit_reads_the_guarded_acts_and_nobody_else_does(worked_place):
    objected(worked_place)
    lowered(worked_place, "budi")
    for n in range(3):
        later(worked_place)
        lowered(worked_place, "h_biro", second="kepala" if n < 2 else None)
    rows = guarded_acts(worked_place.house, AUDITOR)
    assert [(row.actor_id, row.person_name, row.second_id) for row in rows] == [
        ("h_biro", "sari", "kepala")
    ] * 2
    assert rows[0].at > rows[1].at
    for who in (person("h_biro"), person("wayan", "hr"), person("wayan", "perf_admin")):
        with pytest.raises(AccessRefused):
            guarded_acts(worked_place.house, who)
    stranger = replace(AUDITOR, agency_id="elsewhere")
    assert guarded_acts(worked_place.house, stranger) == []


def test_grievances_are_told_once_with_their_kind(worked_place):
    disputed(worked_place)
    objected(worked_place)
    with worked_place.house.reading() as uow:
        found = uow.assurance.grievances("sari", ["budi", "h_biro"])
    assert [(g.about_id, g.kind) for g in found] == [
        ("h_biro", GrievanceKind.OBJECTION),
        ("budi", GrievanceKind.DISPUTE),
    ]
