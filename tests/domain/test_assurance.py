"""Verification, samples, peer review and overrides: what the rules promise whatever comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.domain.claims import Evidence, EvidenceStatus
from engine.domain.errors import NotEntitled, RuleBroken, TransitionRefused
from engine.domain.evidence import (
    CheckOutcome,
    EvidenceCheck,
    Proof,
    barred_verifiers,
    check,
    check_replacement,
    link_fault,
    verifier,
)
from engine.domain.overrides import OverrideAct, OverrideKind, checked
from engine.domain.peer_review import Judgement, PeerAnswer, check_answer, check_request
from engine.domain.sampling import (
    QUOTAS,
    SAMPLE_MOST,
    Candidate,
    Finding,
    Stratum,
    SubjectKind,
    Verdict,
    check_finding,
    draw,
    frame_hash,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PROOF = Proof(
    evidence=Evidence(id="e", claim_id="c", link="https://x.example", uploaded_by="lead", at=NOW),
    owner_id="sari",
    output_id="o",
)
MADE = EvidenceCheck(
    id="v", evidence_id="e", owner_id="sari", verifier_id="boss", outcome=CheckOutcome.VERIFIED,
    at=NOW,
)  # fmt: skip
candidates = some.builds(
    Candidate,
    kind=some.sampled_from(SubjectKind),
    subject_id=some.integers(0, 60).map(str),
    person_id=some.just("p"),
    marks=some.frozensets(some.sampled_from(list(Stratum)[:3])),
)
frames = some.lists(candidates, max_size=60, unique_by=lambda one: (one.kind, one.subject_id))


# ---- evidence


def test_a_check_leaves_the_evidence_verified_or_rejected():
    assert check(MADE, PROOF).status is EvidenceStatus.VERIFIED
    rejected = replace(MADE, outcome=CheckOutcome.REJECTED, reason="Tautan mati")
    assert check(rejected, PROOF).status is EvidenceStatus.REJECTED
    assert check(rejected, PROOF).verified_by == "boss"


@pytest.mark.parametrize("name", ["lead", "sari"])
def test_who_brought_it_and_whose_it_is_check_nothing_in_no_name(name):
    for made in (replace(MADE, verifier_id=name), replace(MADE, on_behalf_of=name)):
        with pytest.raises(NotEntitled):
            check(made, PROOF)


def test_a_rejection_has_a_reason_and_nothing_is_checked_twice():
    with pytest.raises(RuleBroken):
        check(replace(MADE, outcome=CheckOutcome.REJECTED, reason=" "), PROOF)
    with pytest.raises(TransitionRefused):
        check(MADE, replace(PROOF, evidence=check(MADE, PROOF)))


@given(some.lists(some.sampled_from(["lead", "sari", "boss", "chief", None])))
def test_the_verifier_is_never_barred_and_nobody_suitable_is_passed_over(line):
    barred = barred_verifiers(PROOF)
    found = verifier(line, barred)
    assert found not in barred
    assert (found is None) == all(one is None or one in barred for one in line)


def test_only_the_owner_replaces_and_only_once_what_was_rejected():
    rejected = replace(PROOF, evidence=replace(PROOF.evidence, status=EvidenceStatus.REJECTED))
    check_replacement(rejected, "sari", replaced=False)
    with pytest.raises(NotEntitled):
        check_replacement(rejected, "lead", replaced=False)
    for proof, replaced in ((rejected, True), (PROOF, False)):
        with pytest.raises(TransitionRefused):
            check_replacement(proof, "sari", replaced=replaced)


@pytest.mark.parametrize(
    "link",
    [
        "https://drive.contoh.go.id/a?b=c#d",
        "http://10.0.0.1/berkas",
        "https://contoh.id:8443/laporan.pdf",
        "HTTPS://contoh.id/%20",
    ],
)
def test_a_link_is_judged_by_its_form(link):
    assert link_fault(link) is None


@pytest.mark.parametrize(
    "link",
    [
        "", "contoh.id", "//contoh.id/a", "https://", "https:///a", "javascript:alert(1)",
        "data:text/html,x", "file:///etc/passwd", "ftp://contoh.id/a", "https://a b.id",
        "https://contoh.id/\n", "https://n:s@contoh.id", "https://contoh.id:99999/",
        "https://[::1", "https:\\\\contoh.id", "https://contoh.id/" + "a" * 2000,
        "https://contoh.id/\u202egnp",
    ],
)  # fmt: skip
def test_what_is_no_link_is_refused(link):
    found = link_fault(link)
    assert found is not None
    assert found.code == "not_a_link"


@given(some.text(max_size=60))
def test_no_text_breaks_the_judge_of_links(link):
    found = link_fault(link)
    assert found is None or found.message


# ---- samples


@given(frames, some.integers(1, SAMPLE_MOST), some.text(min_size=1).filter(str.strip))
def test_a_sample_is_as_large_as_asked_or_the_whole_frame_and_nothing_twice(frame, size, seed):
    found = draw(frame, size=size, seed=seed)
    keys = [(one.candidate.kind, one.candidate.subject_id) for one in found]
    assert len(keys) == len(set(keys)) == min(size, len(frame))
    assert {one.candidate for one in found} <= set(frame)


@given(frames, some.integers(1, 30), some.randoms())
def test_the_same_seed_draws_the_same_in_whatever_order(frame, size, random):
    mixed = random.sample(frame, len(frame))
    assert draw(frame, size=size, seed="s") == draw(mixed, size=size, seed="s")
    assert frame_hash(frame) == frame_hash(mixed)


@given(frames, some.integers(1, 30))
def test_who_is_drawn_for_a_mark_bears_it_and_no_quota_is_exceeded(frame, size):
    found = draw(frame, size=size, seed="s")
    for stratum in (Stratum.EXCEEDING, Stratum.MUTUAL, Stratum.LAST_DAY):
        mine = [one for one in found if one.stratum is stratum]
        assert all(stratum in one.candidate.marks for one in mine)
        assert len(mine) <= -(-size * QUOTAS[stratum] // sum(QUOTAS.values()))


@given(frames)
def test_each_mark_is_represented_where_there_is_room(frame):
    found = draw(frame, size=10, seed="s")
    drawn = {one.candidate for one in found}
    for stratum in (Stratum.EXCEEDING, Stratum.MUTUAL, Stratum.LAST_DAY):
        marked = {one for one in frame if stratum in one.marks}
        assert not marked or marked & drawn


def test_another_seed_draws_another_sample():
    frame = [
        Candidate(kind=SubjectKind.CLAIM, subject_id=str(n), person_id="p") for n in range(200)
    ]
    seeds = [draw(frame, size=5, seed=str(n)) for n in range(20)]
    assert len(set(seeds)) > 15


@pytest.mark.parametrize(("size", "seed"), [(0, "s"), (SAMPLE_MOST + 1, "s"), (5, " ")])
def test_a_sample_has_a_size_and_a_seed(size, seed):
    with pytest.raises(RuleBroken):
        draw([], size=size, seed=seed)


def test_a_mark_changes_the_hash_of_the_frame():
    one = Candidate(kind=SubjectKind.CLAIM, subject_id="1", person_id="p")
    marked = replace(one, marks=frozenset({Stratum.MUTUAL}))
    assert frame_hash([one]) != frame_hash([marked])


FOUND = Finding(
    item_id="i", person_id="sari", auditor_id="audi", verdict=Verdict.WRONG, note="keliru", at=NOW
)


def test_nobody_audits_his_own_work_or_act():
    check_finding(FOUND, {"lead"})
    for auditor, acted in (("sari", ()), ("audi", {"audi"})):
        with pytest.raises(NotEntitled):
            check_finding(replace(FOUND, auditor_id=auditor), acted)


@pytest.mark.parametrize(
    "change",
    [
        {"note": " "},
        {"verdict": Verdict.DOUBTFUL, "note": ""},
        {"verdict": Verdict.IN_ORDER, "correction": True},
    ],
)
def test_a_finding_says_what_it_found_and_corrects_only_what_is_wrong(change):
    with pytest.raises(RuleBroken):
        check_finding(replace(FOUND, **change), ())


# ---- peer review

UNITS = {"dedi": "biro", "joko": "badan", "eko": "pusat", "nina": None}


@pytest.mark.parametrize(
    ("reviewers", "codes"),
    [
        (["dedi"], []),
        (["dedi", "joko"], []),
        ([], ["reviewers"]),
        (["dedi", "dedi"], ["reviewers"]),
        (["sari"], ["reviewer_inside"]),
        (["lead"], ["reviewer_inside"]),
        (["eko"], ["reviewer_unit"]),
        (["nina"], ["reviewer_unit"]),
        (["dedi", "joko", "eko", "sari"], ["reviewers", "reviewer_unit", "reviewer_inside"]),
    ],
)
def test_reviewers_are_one_to_three_people_of_other_units(reviewers, codes):
    found = check_request(
        reviewers=reviewers, asked_by="lead", members={"sari", "lead"}, units=UNITS,
        host_unit_id="pusat",
    )  # fmt: skip
    assert [one.code for one in found] == codes


@given(*(some.sampled_from(Judgement) for _ in range(3)), some.sampled_from(["", " ", "Perbaiki"]))
def test_who_is_not_content_says_what_would_help(target, sound, usable, words):
    answer = PeerAnswer(
        review_id="r", reviewer_id="dedi", meets_target=target, sound=sound, usable=usable,
        strengths="", improvements=words, at=NOW,
    )  # fmt: skip
    content = {target, sound, usable} == {Judgement.YES}
    assert bool(check_answer(answer)) == (not content and not words.strip())


def test_an_override_gives_its_reason():
    act = OverrideAct(
        id="o", kind=OverrideKind.RATING, actor_id="boss", subject_id="r", reason="Beban luar",
        in_election=True, at=NOW,
    )  # fmt: skip
    assert checked(act) is act
    with pytest.raises(RuleBroken):
        checked(replace(act, reason="  "))
