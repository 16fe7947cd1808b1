"""After somebody spoke up: what the guard promises whatever was done and said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from engine.domain.protection import (
    Grievance,
    GrievanceKind,
    LoweringAct,
    audit_list,
    needs_second_signature,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = ("ketua", "sponsor", "sari", "budi")
moments = some.integers(0, 12).map(lambda n: START + timedelta(hours=n))


@some.composite
def acts(draw):
    actor, person = draw(some.permutations(PEOPLE))[:2]
    absent = draw(some.sampled_from([None, *(set(PEOPLE) - {actor, person})]))
    return LoweringAct(actor_id=actor, on_behalf_of=absent, person_id=person, at=draw(moments))


@some.composite
def grievances(draw):
    person, about = draw(some.permutations(PEOPLE))[:2]
    kind = draw(some.sampled_from(GrievanceKind))
    return Grievance(person_id=person, about_id=about, kind=kind, at=draw(moments))


def spoke(hour, about="ketua", person="sari"):
    at = START + timedelta(hours=hour)
    return Grievance(person_id=person, about_id=about, kind=GrievanceKind.DISPUTE, at=at)


def act(hour, actor="ketua", person="sari", absent=None):
    at = START + timedelta(hours=hour)
    return LoweringAct(actor_id=actor, on_behalf_of=absent, person_id=person, at=at)


@given(some.lists(acts(), max_size=12), some.lists(grievances(), max_size=4))
def test_nobody_is_guarded_from_whom_he_never_spoke_of(done, spoken):
    for one in audit_list(done, spoken, 2):
        assert any(
            g.person_id == one.person_id and g.about_id in one.names and g.at <= one.at
            for g in spoken
        )


@given(some.lists(acts(), max_size=12), some.lists(grievances(), max_size=4))
def test_the_next_act_after_a_grievance_is_always_guarded(done, spoken):
    for grievance in spoken:
        fresh = LoweringAct(
            actor_id=grievance.about_id,
            person_id=grievance.person_id,
            at=grievance.at,
        )
        assert needs_second_signature(fresh, spoken, done, 1)


@given(
    some.lists(acts(), max_size=12, unique_by=lambda one: one.at), grievances(), some.integers(1, 4)
)
def test_at_most_so_many_acts_of_one_name_are_guarded_after_one_grievance(done, spoken, count):
    guarded = audit_list(done, [spoken], count)
    # what happened at the very moment is guarded and counts for nothing
    assert len([one for one in guarded if one.at != spoken.at]) <= count
    assert all(
        spoken.about_id in one.names and one.person_id == spoken.person_id for one in guarded
    )


@given(some.lists(acts(), max_size=12), some.lists(grievances(), max_size=4), grievances())
def test_speaking_up_once_more_never_takes_protection_away(done, spoken, one):
    before = audit_list(done, spoken, 2)
    after = audit_list(done, [*spoken, one], 2)
    assert {id(kept) for kept in before} <= {id(kept) for kept in after}


@given(some.lists(acts(), max_size=12), some.lists(grievances(), max_size=4), some.randoms())
def test_the_list_does_not_depend_on_the_order_in_which_it_is_asked(done, spoken, random):
    mixed_acts, mixed = random.sample(done, len(done)), random.sample(spoken, len(spoken))
    key = lambda one: (one.at, one.actor_id, one.person_id, one.on_behalf_of or "")  # noqa: E731
    first = sorted(audit_list(done, spoken, 20), key=key)
    assert first == sorted(audit_list(mixed_acts, mixed, 20), key=key)


def test_a_new_grievance_begins_the_count_anew():
    done = [act(hour) for hour in (1, 2, 3, 5, 6, 7)]
    assert audit_list(done, [spoke(0), spoke(4)], 2) == tuple(done[n] for n in (0, 1, 3, 4))


def test_a_substitute_is_no_way_around_the_guard():
    done = [act(1, actor="budi", absent="ketua"), act(2), act(3)]
    assert audit_list(done, [spoke(0)], 2) == tuple(done[:2])
    assert audit_list([act(1, actor="budi")], [spoke(0)], 2) == ()


def test_an_act_of_the_grievances_own_moment_is_not_counted_as_done_after_it():
    done = [act(0), act(1)]
    assert needs_second_signature(act(2), [spoke(0)], done, 2)
    assert not needs_second_signature(act(2), [spoke(0)], [*done, act(1)], 2)
