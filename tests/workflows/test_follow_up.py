"""Follow-up: what comes after a final predikat, proposed by table and confirmed by a human."""

from __future__ import annotations

import pytest

from engine.domain.followup import FollowUpKind
from engine.domain.recognition import DataKind, Outcome, RecognitionKind, fingerprint
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.crediting import sealed
from tests.workflows.judging import rated


def final(town, name="dedi", **levels):
    rated(town, name, **levels)
    town.do("receive_result", name, answer="accept")


def follow(town, name="dedi"):
    return town.begin("follow_up", name)


def rows(town, name="dedi"):
    with town.house.reading() as uow:
        rating = uow.performance.rating_of(town.ids[name], town.ids["cycle"])
        return {row.kind: row for row in uow.performance.follow_ups(rating.id)}


def test_a_good_predikat_is_confirmed_without_coaching(town):
    final(town)
    key = follow(town)
    assert town.waiting() == [("confirm_follow_up", "perf_admin")]
    town.do("confirm_follow_up", by="joko", decision="confirm")
    assert town.status(key) == "completed"
    found = rows(town)
    assert set(found) == {FollowUpKind.DEVELOPMENT}
    assert found[FollowUpKind.DEVELOPMENT].confirmed_by == town.ids["joko"]


def test_a_weak_predikat_gets_the_rater_s_plan_first(town):
    final(town, result_level="di_bawah")
    key = follow(town)
    assert town.waiting() == [("plan_improvement", "budi")]
    with pytest.raises(InputRefused):
        town.do("plan_improvement", plan="")
    with pytest.raises(NotFound):
        town.do("plan_improvement", by="dedi", plan="Saya sudah baik")
    town.do("plan_improvement", plan="Pendampingan mingguan", until="2027-04-30")
    town.do("confirm_follow_up", decision="confirm")
    assert town.status(key) == "completed"
    found = rows(town)
    assert set(found) == {FollowUpKind.COACHING, FollowUpKind.IMPROVEMENT}
    assert "Pendampingan mingguan" in found[FollowUpKind.IMPROVEMENT].note
    assert "2027-04-30" in found[FollowUpKind.IMPROVEMENT].note


def test_another_follow_up_needs_its_words(town):
    final(town)
    follow(town)
    with pytest.raises(InputRefused):
        town.do("confirm_follow_up", decision="change")
    town.do("confirm_follow_up", decision="change", note="Rotasi ke unit lain")
    assert [(kind, row.note) for kind, row in rows(town).items()] == [
        (FollowUpKind.NONE, "Rotasi ke unit lain")
    ]


def test_nobody_confirms_his_own_follow_up(town):
    final(town, "joko")
    follow(town, "joko")
    with pytest.raises(AccessRefused):
        town.do("confirm_follow_up", by="joko", decision="confirm")
    with pytest.raises(NotFound):
        town.do("confirm_follow_up", by="ratna", decision="confirm")
    town.do("confirm_follow_up", by="lina", decision="confirm")
    assert set(rows(town, "joko")) == {FollowUpKind.DEVELOPMENT}


def test_a_follow_up_that_comes_too_early_waits_for_the_final_predikat(town):
    rated(town)
    key = follow(town)
    assert town.waiting() == [("receive_result", "dedi")]
    town.do("receive_result", answer="accept")
    assert town.waiting() == [("confirm_follow_up", "perf_admin")]
    town.do("confirm_follow_up", decision="confirm")
    assert town.status(key) == "completed"


def test_sealed_credit_in_another_unit_becomes_recognition_explained_by_its_lines(town):
    sealed(town)
    final(town, "sari")
    follow(town, "sari")
    town.do("confirm_follow_up", by="joko", decision="confirm")
    with town.house.reading() as uow:
        made = {row.kind: row for row in uow.recognitions.recognitions(town.ids["sari"])}
        used = uow.recognitions.uses(town.ids["sari"])
        ledger = uow.contributions.ledger_of_person(town.ids["sari"], town.ids["cycle"])
        rating = uow.performance.rating_of(town.ids["sari"], town.ids["cycle"])
    # 25 % of an output of 40 points, done for pusat by somebody of biro
    assert set(made) == {
        RecognitionKind.AWARD_NOMINATION,
        RecognitionKind.DEVELOPMENT_PRIORITY,
        RecognitionKind.TALENT_ATTRIBUTE,
    }
    for row in made.values():
        lines = [one for one in used if one.use.subject_id == row.id]
        points = sum(one.points_e4 for one in lines)
        assert points == row.cross_points_e4 == 100_000
        assert {one.use.data for one in lines} == set(DataKind)
        assert not any(one.changed for one in lines)
    hashes = {row.hash for row, _ in ledger}
    assert {one.use.data_hash for one in used if one.use.transfer_id} <= hashes
    held = {one.use.data_hash for one in used if one.use.data is DataKind.RATING}
    assert held == {fingerprint(rating)}


def test_who_worked_at_home_only_is_proposed_for_nothing(town):
    sealed(town)
    final(town, "citra")
    follow(town, "citra")
    town.do("confirm_follow_up", by="joko", decision="confirm")
    with town.house.reading() as uow:
        assert uow.recognitions.recognitions(town.ids["citra"]) == []


def test_what_is_set_aside_stays_readable_with_its_reason(town):
    sealed(town)
    final(town, "sari")
    follow(town, "sari")
    town.do("confirm_follow_up", by="joko", decision="change", note="Sudah diberi penghargaan")
    with town.house.reading() as uow:
        made = uow.recognitions.recognitions(town.ids["sari"])
    assert {row.outcome for row in made} == {Outcome.SET_ASIDE}
    assert {row.note for row in made} == {"Sudah diberi penghargaan"}


def test_every_flow_of_follow_up_is_walked(every_flow):
    every_flow("follow_up")
