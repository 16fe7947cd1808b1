"""What internal audit reads of a cycle: the same rows on SQLite and PostgreSQL, by rights."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
import sqlalchemy as sa

from engine.domain.claims import (
    Attestation,
    AttestDecision,
    Claim,
    ClaimState,
    Commitment,
    Degree,
    Evidence,
    EvidenceStatus,
)
from engine.domain.evidence import CheckOutcome, EvidenceCheck, EvidenceReplacement
from engine.domain.joining import ConsentAnswer, ConsentStage, RefusalReason
from engine.domain.judging import DeviationKind
from engine.domain.outputs import Output, OutputStatus
from engine.domain.overrides import OverrideAct, OverrideKind
from engine.domain.peer_review import Judgement, PeerAnswer, PeerReview, PeerSeat
from engine.domain.plans import Plan, PlanStatus, Progress
from engine.domain.ratings import Level, Rating
from engine.domain.sampling import (
    AuditSample,
    Finding,
    SampleItem,
    Stratum,
    SubjectKind,
    Verdict,
)
from engine.persistence.tables import assurance as tables
from engine.persistence.tables.formation import consent_decision
from engine.persistence.tables.judging import deviation
from engine.usecases import auditing, evidence, lending
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.means import Means
from engine.usecases.overrides import overrides, record_override
from tests.usecases import worked
from tests.usecases.acting import person

NOON = datetime(2026, 5, 29, 3, 0, tzinfo=UTC)
#: 30 June in Jakarta begins here, the last day of the first period
LAST_DAY = datetime(2026, 6, 29, 17, 0, tzinfo=UTC)
AUDITOR = person("wayan", "auditor")
LINKED = {"link": "https://bukti.example/1"}


@pytest.fixture
def audited(place):
    """The worked agency; output A taken at 110 and B at 90, with claims that were signed."""
    worked.build(place)
    place.clock.at = NOON
    with place.house.writing() as uow:
        for output, lead, sponsor, attainment in (
            ("out_a", "budi", "h_pusdatin", 110),
            ("out_b", "sari", "h_ditx", 90),
        ):
            row = uow.contributions.get(Output, output)
            uow.contributions.put(taken(row, lead, sponsor, attainment))
        for claim_id, output, who, handed_in in (
            ("c_budi", "out_a", "budi", NOON),
            ("c_sari", "out_a", "sari", LAST_DAY),
            ("c_citra", "out_a", "citra", None),
            ("c_dedi", "out_b", "dedi", NOON),
        ):
            uow.contributions.add([claim(claim_id, output, who, handed_in)])
        uow.commit()
    return place


def taken(row, lead, sponsor, attainment):
    return replace(
        row,
        status=OutputStatus.ACCEPTED,
        attainment=Decimal(attainment),
        delivered_by=lead,
        accepted_by=sponsor,
        accepted_at=NOON,
    )


def claim(claim_id, output, who, handed_in):
    return Claim(
        id=claim_id, output_id=output, person_id=who, claimed_bp=1000,
        contribution_type="analysis", degree=Degree.EQUAL, state=ClaimState.ATTESTED,
        submitted_at=handed_in,
    )  # fmt: skip


def stored(place, *rows, store="contributions"):
    with place.house.writing() as uow:
        getattr(uow, store).add(list(rows))
        uow.commit()


def signed(place, claim_id, by, second=None, decision=AttestDecision.ATTEST):
    returned = decision is AttestDecision.RETURN
    row = Attestation(
        id=f"{claim_id} {by}", claim_id=claim_id, attester_id=by, decision=decision,
        share_bp=None if returned else 1000, commitment=None if returned else Commitment.MET,
        cosigner_id=second, at=NOON,
    )  # fmt: skip
    stored(place, row)


def proof(place, claim_id=None, status=EvidenceStatus.VERIFIED, **fields):
    checker = None if status is EvidenceStatus.UNVERIFIED else "h_biro"
    row = Evidence(
        id=f"e {claim_id} {status} {sorted(fields)}", claim_id=claim_id, uploaded_by="sari",
        at=NOON, status=status, verified_by=checker, **{**LINKED, **fields},
    )  # fmt: skip
    stored(place, row)
    return row.id


# ---- each report


def test_pairs_who_signed_each_other_are_found_whatever_their_office(audited):
    signed(audited, "c_budi", "h_pusdatin", second="sari")
    signed(audited, "c_sari", "budi")
    signed(audited, "c_citra", "budi", decision=AttestDecision.RETURN)
    signed(audited, "c_dedi", "sari")
    [pair] = auditing.mutual_pairs(audited.house, AUDITOR, "cycle")
    assert (pair.first_id, pair.second_id) == ("budi", "sari")
    assert (pair.first_signed, pair.second_signed) == (1, 1)


def test_attainments_above_100_are_listed_until_verified_evidence_shows_them(audited):
    progress = Progress(
        id="pr", item_id="r1", period_id="p1", actual=Decimal(115), attainment=Decimal(115),
        recorded_by="sari", at=NOON,
    )  # fmt: skip
    stored(audited, progress, store="performance")

    def listed():
        rows = auditing.unshown(audited.house, AUDITOR, "cycle")
        return [(row.kind, row.subject_id, row.person_id, row.attainment) for row in rows]

    assert listed() == [
        ("result", "r1", "sari", Decimal("115.00")),
        ("output", "out_a", "h_pusdatin", Decimal("110.00")),
    ]
    proof(audited, "c_sari", EvidenceStatus.UNVERIFIED)
    proof(audited, "c_sari", EvidenceStatus.REJECTED)
    assert len(listed()) == 2
    proof(audited, "c_sari")
    assert [row[0] for row in listed()] == ["result"]
    proof(audited, plan_item_id="r1")
    assert listed() == []


def test_sponsors_stand_beside_the_mean_of_all(audited):
    rows = [
        Output(
            id=f"x{n}", squad_id="squad_a", number=n, title="x", indicator="i", target="t",
            value_points=1, cycle_id="cycle", period_id="p1", due_on=date(2026, 6, 1),
            status=OutputStatus.ACCEPTED, attainment=Decimal(reached), delivered_by="budi",
            accepted_by="h_pusdatin", accepted_at=NOON,
        )
        for n, reached in ((2, "120"), (3, "99.99"))
    ]  # fmt: skip
    stored(audited, *rows)
    first, second = auditing.sponsors(audited.house, AUDITOR, "cycle")
    assert first.figures.sponsor_id == "h_pusdatin"
    assert (first.figures.outputs, first.figures.above_100) == (3, 2)
    assert (first.mean, first.all_mean) == (Decimal("110.00"), Decimal("105.00"))
    assert (first.above_percent, first.all_above_percent) == (Decimal("66.67"), Decimal("50.00"))
    assert first.lenient
    assert (second.figures.sponsor_id, second.mean, second.lenient) == (
        "h_ditx",
        Decimal("90.00"),
        False,
    )


def test_outputs_split_just_under_the_limit_are_seen_together(audited):
    def output(n, points, period="p1", squad="squad_b"):
        return Output(
            id=f"s{n}", squad_id=squad, number=n, title="s", indicator="i", target="t",
            value_points=points, cycle_id="cycle", period_id=period, due_on=date(2026, 6, 1),
        )  # fmt: skip

    stored(audited, output(2, 18), output(3, 19), output(4, 17), output(5, 19, "p2"))
    [found] = auditing.split_outputs(audited.house, AUDITOR, "cycle")
    assert (found.squad_id, found.period_id) == ("squad_b", "p1")
    assert (found.outputs, found.points) == (2, 37)


def test_a_claim_of_the_last_day_is_one_by_the_agencys_clock(audited):
    with audited.house.writing() as uow:
        early = replace(
            uow.contributions.get(Claim, "c_budi"), submitted_at=LAST_DAY.replace(hour=16)
        )
        uow.contributions.put(early)
        uow.commit()
    [found] = auditing.late_claims(audited.house, AUDITOR, "cycle", limit=2)
    assert (found.claim_id, found.submitted_at) == ("c_sari", LAST_DAY)
    for seen in ("c_sari", "nobody"):
        assert auditing.late_claims(audited.house, AUDITOR, "cycle", after=seen) == []
    later = replace(early, submitted_at=LAST_DAY + timedelta(minutes=1))
    with audited.house.writing() as uow:
        uow.contributions.put(later)
        uow.commit()
    page = partial(auditing.late_claims, audited.house, AUDITOR, "cycle", limit=1)
    assert [row.claim_id for row in (*page(), *page(after="c_budi"))] == ["c_budi", "c_sari"]


def test_refusals_and_silences_are_counted_per_unit_head(audited):
    said = [
        ("a2", "h_biro", ConsentAnswer.REFUSED),
        ("b2", "h_biro", ConsentAnswer.SILENT),
        ("a3", "h_hukum", ConsentAnswer.GIVEN),
    ]
    with audited.house.writing() as uow:
        for member, head, answer in said:
            silent, refused = answer is ConsentAnswer.SILENT, answer is ConsentAnswer.REFUSED
            row = {
                "id": f"d {member}", "membership_id": member, "stage": ConsentStage.HOME,
                "answer": answer, "holder_id": head, "decided_by": None if silent else head,
                "reason_code": RefusalReason.WORKLOAD if refused else None,
                "reason": "beban" if refused else "", "at": NOON,
            }  # fmt: skip
            uow.connection.execute(consent_decision.insert(), row)
        common = {
            "id": "d top", "membership_id": "a2", "stage": ConsentStage.COMMON,
            "answer": ConsentAnswer.GIVEN, "holder_id": "kepala", "decided_by": "kepala",
            "reason_code": None, "reason": "", "at": NOON,
        }  # fmt: skip
        uow.connection.execute(consent_decision.insert(), common)
        uow.commit()
    found = auditing.consents(audited.house, AUDITOR, "cycle")
    assert [(row.head_id, row.given, row.refused, row.silent) for row in found] == [
        ("h_biro", 0, 1, 1),
        ("h_hukum", 1, 0, 0),
    ]


def test_deviations_are_counted_per_rater_and_kind(audited):
    rating = Rating(
        id="rating", person_id="sari", cycle_id="cycle", ihk=Decimal(100),
        proposed_level=Level.SESUAI, rater_id="h_biro", at=NOON,
    )  # fmt: skip
    stored(audited, rating, store="performance")
    with audited.house.writing() as uow:
        for n, kind in enumerate(
            (DeviationKind.PROPOSAL, DeviationKind.RECOMMENDATION, DeviationKind.RECOMMENDATION)
        ):
            row = {
                "id": f"dev{n}", "rating_id": "rating", "person_id": "sari", "cycle_id": "cycle",
                "kind": kind, "role": None, "rater_id": "h_biro", "on_behalf_of": None,
                "proposed": "sesuai", "decided": "di_atas", "reason": "beda", "at": NOON,
            }  # fmt: skip
            uow.connection.execute(deviation.insert(), row)
        uow.commit()
    found = auditing.deviations(audited.house, AUDITOR, "cycle")
    assert [(row.rater_id, row.kind, row.deviations, row.people) for row in found] == [
        ("h_biro", "recommendation", 2, 1),
        ("h_biro", "proposal", 1, 1),
    ]


def test_overrides_are_listed_and_those_of_an_election_stand_out(audited, monkeypatch):
    monkeypatch.setattr(Tables, "in_election", lambda _, on: on == date(2026, 6, 30))
    with audited.house.writing() as uow:
        means = Means(ids=audited.house.ids, clock=audited.clock, decide=audited.decide)
        decisions = Tables(means, uow, NOON, "agency")
        for at in (NOON, LAST_DAY):
            record_override(
                uow, audited.house.ids, decisions, kind="rating", actor_id="h_biro",
                subject_id="rating", reason=" Beban di luar rencana ", at=at,
            )  # fmt: skip
        uow.commit()
    found = overrides(audited.house, AUDITOR, "cycle")
    assert [(row.kind, row.in_election) for row in found] == [
        (OverrideKind.RATING, True),
        (OverrideKind.RATING, False),
    ]
    assert found[0].reason == "Beban di luar rencana"
    [marked] = overrides(audited.house, AUDITOR, "cycle", in_election=True)
    assert marked == found[0]
    # page by page, and none behind a row that is not there
    page = partial(overrides, audited.house, AUDITOR, "cycle", limit=1)
    assert [*page(), *page(after=found[0].id)] == found
    assert page(after=found[1].id) == page(after="nobody") == []


@pytest.mark.parametrize("on", [date(2024, 2, 14), date(2026, 6, 30)])
def test_rows_of_the_calendar_from_memory_count_for_nothing_until_confirmed(audited, on):
    with audited.house.reading() as uow:
        means = Means(ids=audited.house.ids, clock=audited.clock, decide=audited.decide)
        assert not Tables(means, uow, NOON, "agency").in_election(on)


# ---- the frame, evidence, lending


def test_the_frame_holds_what_counts_with_its_marks(audited):
    signed(audited, "c_budi", "sari")
    signed(audited, "c_sari", "budi")
    progress = Progress(
        id="pr", item_id="r2", period_id="p1", actual=Decimal(101), attainment=Decimal(101),
        recorded_by="sari", at=LAST_DAY,
    )  # fmt: skip
    stored(audited, progress, store="performance")
    with audited.house.writing() as uow:
        plan = uow.performance.get(Plan, "plan")
        fixed = replace(plan, status=PlanStatus.FIXED, fixed_by="h_biro", fixed_at=NOON)
        uow.performance.put(fixed)
        uow.contributions.put(
            replace(uow.contributions.get(Claim, "c_citra"), state=ClaimState.DRAFT)
        )
        uow.commit()
    proof(audited, plan_item_id="r1")
    with audited.house.reading() as uow:
        found = uow.assurance.frame("cycle", [("p1", LAST_DAY)])
    marks = {one.subject_id: set(one.marks) for one in found}
    assert marks == {
        "c_budi": {Stratum.EXCEEDING, Stratum.MUTUAL},
        "c_sari": {Stratum.EXCEEDING, Stratum.MUTUAL, Stratum.LAST_DAY},
        "c_dedi": set(),
        "r2": {Stratum.EXCEEDING, Stratum.LAST_DAY},
    }
    assert {one.kind for one in found} == set(SubjectKind)


def test_results_without_verified_evidence_are_named(audited):
    def open_results():
        with audited.house.reading() as uow:
            return evidence.unverified_results(uow, "sari", "cycle")

    assert open_results() == ("r1", "r2", "r3")
    kept = proof(audited, link="https://bukti.example/2")
    progress = Progress(
        id="pr", item_id="r1", period_id="p1", actual=Decimal(1), attainment=Decimal(1),
        evidence_id=kept, recorded_by="sari", at=NOON,
    )  # fmt: skip
    stored(audited, progress, store="performance")
    assert open_results() == ("r2", "r3")
    proof(audited, plan_item_id="r2")
    proof(audited, status=EvidenceStatus.UNVERIFIED, plan_item_id="r3")
    assert open_results() == ("r3",)
    with audited.house.reading() as uow:
        assert evidence.unverified_results(uow, "dedi", "cycle") == ()


def test_a_persons_evidence_is_read_with_what_was_said_about_it(audited):
    kept = proof(audited, "c_sari", EvidenceStatus.REJECTED)
    instead = proof(audited, "c_sari")
    rows = [
        EvidenceCheck(
            id="v", evidence_id=kept, owner_id="sari", verifier_id="h_biro",
            outcome=CheckOutcome.REJECTED, reason="Tautan mati", at=NOON,
        ),
        EvidenceReplacement(old_id=kept, new_id=instead, owner_id="sari", at=NOON),
    ]  # fmt: skip
    stored(audited, *rows, store="assurance")
    found = evidence.read_evidence(audited.house, person("sari"), "sari")
    assert [(line.check and line.check.reason, line.replaced_by) for line in found.lines] == [
        ("Tautan mati", instead),
        (None, None),
    ]
    assert found.unverified == ("r1", "r2", "r3")
    with pytest.raises(NotFound):
        evidence.read_evidence(audited.house, person("dedi"), "sari")


def test_what_a_unit_lends_is_its_heads_evidence(audited):
    found = lending.lending(audited.house, person("h_biro"), "biro")
    assert (found.head_id, found.people, found.hosts) == ("h_biro", 1, 2)
    assert [row.effort_bp for row in found.rows] == [2000, 1000]
    assert found.lent_bp == 3000
    assert found.capacity_bp == 30_000
    assert lending.lending(audited.house, person("h_pusdatin"), "pusdatin").people == 0
    with pytest.raises(NotFound):
        lending.lending(audited.house, person("h_ditx"), "biro")


# ---- rights and what the database refuses


@pytest.mark.parametrize(
    "report",
    [
        auditing.mutual_pairs, auditing.unshown, auditing.sponsors, auditing.split_outputs,
        auditing.late_claims, auditing.consents, auditing.deviations, auditing.samples, overrides,
    ],
)  # fmt: skip
def test_only_auditors_read_and_only_of_their_own_agency(sqlite_place, report):
    worked.build(sqlite_place)
    assert report(sqlite_place.house, AUDITOR, "cycle") == []
    for who in (person("h_biro"), person("wayan", "hr", "perf_admin", "admin")):
        with pytest.raises(AccessRefused):
            report(sqlite_place.house, who, "cycle")
    for who, cycle in ((replace(AUDITOR, agency_id="elsewhere"), "cycle"), (AUDITOR, "none")):
        with pytest.raises(NotFound):
            report(sqlite_place.house, who, cycle)


SAMPLE = AuditSample(
    id="sample", agency_id="agency", cycle_id="cycle", size=1, seed="s", frame_hash="a" * 64,
    drawn_by="wayan", at=NOON,
)  # fmt: skip
ITEM = SampleItem(
    id="item", sample_id="sample", number=1, stratum=Stratum.RANDOM, kind=SubjectKind.CLAIM,
    subject_id="c_sari", person_id="sari",
)  # fmt: skip
FOUND = Finding(
    item_id="item", person_id="sari", auditor_id="wayan", verdict=Verdict.WRONG, note="x", at=NOON
)
REVIEW = PeerReview(id="review", output_id="out_a", asked_by="budi", question="?", at=NOON)
SEAT = PeerSeat(review_id="review", output_id="out_a", reviewer_id="dedi")
CROWD = ("dedi", "eka", "wayan", "h_ditx")
ANSWER = PeerAnswer(
    review_id="review", reviewer_id="dedi", meets_target=Judgement.YES, sound=Judgement.YES,
    usable=Judgement.YES, strengths="", improvements="", at=NOON,
)  # fmt: skip
OVERRIDE = OverrideAct(
    id="over", kind=OverrideKind.SHARE, actor_id="budi", subject_id="x", reason="r",
    in_election=False, at=NOON,
)  # fmt: skip
CHECK = EvidenceCheck(
    id="v", evidence_id="e", owner_id="citra", verifier_id="h_biro",
    outcome=CheckOutcome.VERIFIED, at=NOON,
)  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "broken"),
    [
        ([replace(SAMPLE, size=0)], "size"),
        ([replace(SAMPLE, seed="")], "seeded"),
        ([SAMPLE, ITEM, replace(ITEM, id="other", number=2)], "drawn_once|kind"),
        ([SAMPLE, ITEM, replace(FOUND, person_id="dedi")], "audit_finding_of|FOREIGN"),
        ([SAMPLE, ITEM, replace(FOUND, auditor_id="sari")], "not_own"),
        ([SAMPLE, ITEM, replace(FOUND, note="")], "reasoned"),
        (
            [SAMPLE, ITEM, replace(FOUND, verdict=Verdict.IN_ORDER, correction=True)],
            "something_to_correct",
        ),
        ([REVIEW, replace(SEAT, reviewer_id="sari")], "peer_seat_outside"),
        ([replace(REVIEW, asked_by="h_ditx"), replace(SEAT, reviewer_id="h_ditx")], "outside"),
        (
            [REVIEW, replace(SEAT, output_id="out_b", reviewer_id="wayan")],
            "peer_seat_review|FOREIGN",
        ),
        (
            [REVIEW, *(replace(SEAT, reviewer_id=one) for one in CROWD)],
            "peer_seat_most",
        ),
        ([REVIEW, ANSWER], "peer_answer_seat|FOREIGN"),
        ([REVIEW, SEAT, replace(ANSWER, sound=Judgement.NO)], "reasoned"),
        ([replace(OVERRIDE, reason="")], "reasoned"),
        ([replace(CHECK, verifier_id="citra")], "not_own"),
        ([replace(CHECK, on_behalf_of="citra")], "not_for_own"),
        ([replace(CHECK, verifier_id="sari")], "evidence_check_not_uploader"),
        ([replace(CHECK, on_behalf_of="sari")], "evidence_check_not_uploader"),
        ([replace(CHECK, outcome=CheckOutcome.REJECTED)], "reasoned"),
        ([CHECK, replace(CHECK, id="w")], "evidence_checked_once|evidence_id"),
        ([EvidenceReplacement(old_id="e", new_id="f", owner_id="sari", at=NOON)], "rejected"),
    ],
)
def test_the_database_refuses_what_breaks_a_rule(audited, rows, broken):
    with audited.house.writing() as uow:
        for name in ("e", "f"):
            one = Evidence(id=name, claim_id="c_citra", uploaded_by="sari", at=NOON, **LINKED)
            uow.contributions.add([one])
        with pytest.raises(Conflict, match=broken):
            uow.assurance.add(rows)


def test_evidence_that_was_shown_stays_what_it_was(audited):
    kept = proof(audited, "c_sari", EvidenceStatus.UNVERIFIED)
    for change in ({"link": "https://lain.example"}, {"uploaded_by": "dedi"}, {"sha256": "b" * 64}):
        with audited.house.writing() as uow:
            row = uow.contributions.get(Evidence, kept)
            with pytest.raises(Conflict, match="evidence_content_kept"):
                uow.contributions.put(replace(row, **change))


def test_what_was_found_and_said_is_never_rewritten(audited):
    stored(audited, SAMPLE, ITEM, FOUND, REVIEW, SEAT, ANSWER, OVERRIDE, store="assurance")
    for name in (
        "audit_sample", "audit_item", "audit_finding", "peer_review", "peer_seat", "peer_answer",
        "override_act",
    ):  # fmt: skip
        table = getattr(tables, name)
        with audited.house.writing() as uow, pytest.raises(sa.exc.DBAPIError, match="append"):
            uow.connection.execute(sa.delete(table))


def test_samples_are_read_with_what_was_found(audited):
    stored(audited, SAMPLE, ITEM, FOUND, store="assurance")
    [view] = auditing.samples(audited.house, AUDITOR, "cycle")
    assert (view.sample, list(view.items), view.findings) == (SAMPLE, [ITEM], {"item": FOUND})
