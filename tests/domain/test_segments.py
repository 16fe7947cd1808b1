"""Role segments cover the year exactly, weights sum to the whole, nobody judges himself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.calendar import Pause
from engine.domain.index import RoleTime, cross_unit_bp, role_weights
from engine.domain.people import Appointment, AppointmentKind, Substitution
from engine.domain.segments import (
    ChangeKind,
    LeaveKind,
    RoleChange,
    Roles,
    SegmentKind,
    absences,
    acting_segments,
    base_segments,
    check_change,
    pauses,
    squad_segments,
    worked_days,
)
from engine.domain.snapshots import SegmentSnapshot, digest, holds, sealed
from engine.domain.substitutions import check_substitution, covers_process, stand_ins
from tests.domain.worked import member, squad

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def post(key, start, end=None, kind=AppointmentKind.DEFINITIVE, **facts):
    return Appointment(
        id=key,
        person_id="sari",
        post_id=f"post {key}",
        kind=kind,
        valid_from=start,
        valid_to=end,
        **facts,
    )


def change(kind, start, end=None, **facts):
    leave = LeaveKind.BESAR if kind is ChangeKind.CUTI else None
    base = RoleChange(
        id=f"{kind}-{start}",
        person_id="sari",
        cycle_id="2026",
        kind=kind,
        starts_on=start,
        ends_on=end,
        leave_kind=leave,
        letter_no="SK-1",
        recorded_by="hr",
        at=AT,
    )
    return replace(base, **facts)


def roles(*appointments, changes=(), memberships=(), substitutions=()):
    return Roles(
        person_id="sari",
        appointments=appointments,
        units={row.post_id: f"unit {row.id}" for row in appointments},
        changes=changes,
        memberships=memberships,
        substitutions=substitutions,
    )


def spans(segments):
    return [(s.kind.value, s.unit_id, s.starts_on, s.ends_on) for s in segments]


def test_a_mover_has_two_home_segments_that_meet():
    moved = date(2026, 6, 1)
    found = base_segments(roles(post("a", FIRST, moved), post("b", moved)), FIRST, LAST)
    assert spans(found) == [
        ("home", "unit a", FIRST, date(2026, 5, 31)),
        ("home", "unit b", moved, LAST),
    ]
    assert [row.days for row in found] == [151, 214]


def test_a_leave_takes_its_days_out_of_the_post_and_has_no_weight():
    leave = change(ChangeKind.CUTI, date(2026, 3, 1), date(2026, 5, 31))
    found = base_segments(roles(post("a", date(2020, 1, 1)), changes=[leave]), FIRST, LAST)
    assert [(s.kind.value, s.weight_days) for s in found] == [
        ("home", 59), ("leave", 0), ("home", 214)
    ]  # fmt: skip


def test_who_comes_back_early_ends_his_leave_the_day_before():
    rows = [
        change(ChangeKind.CUTI, date(2026, 3, 1), date(2026, 5, 31)),
        change(ChangeKind.KEMBALI, date(2026, 4, 1)),
        change(ChangeKind.CUTI, date(2026, 11, 1)),
    ]
    assert [(a.first, a.last) for a in absences(rows)] == [
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 11, 1), None),
    ]
    assert pauses(rows, FIRST, LAST)[1] == Pause(first=date(2026, 11, 1), last=LAST)
    assert pauses(rows, date(2026, 5, 1), date(2026, 5, 31)) == ()


def test_an_assignment_is_served_at_its_place_and_acting_lies_beside_it():
    placed = change(ChangeKind.PENUGASAN, date(2026, 7, 1), opened_id="b")
    acting = post("plt", date(2026, 2, 1), date(2026, 4, 1), AppointmentKind.PLT)
    letter = Substitution(
        id="s", absent_id="budi", substitute_id="sari", valid_from=date(2026, 9, 1), letter_no="1"
    )
    found = roles(
        post("a", FIRST, date(2026, 7, 1)),
        post("b", date(2026, 7, 1)),
        acting,
        changes=[placed],
        substitutions=[letter],
    )
    assert [s.kind.value for s in base_segments(found, FIRST, LAST)] == ["home", "secondment"]
    assert spans(acting_segments(found, FIRST, LAST)) == [
        ("acting", "unit plt", date(2026, 2, 1), date(2026, 3, 31)),
        ("acting", None, date(2026, 9, 1), LAST),
    ]


def test_squads_lie_over_the_post_from_day_to_day():
    row = member("sari", 2000, valid_from=date(2026, 2, 1), valid_to=date(2026, 8, 1))
    [found] = squad_segments(roles(post("a", FIRST), memberships=[(row, squad())]), FIRST, LAST)
    assert (found.starts_on, found.ends_on, found.share_bp) == (
        date(2026, 2, 1), date(2026, 7, 31), 2000
    )  # fmt: skip


days = st.dates(min_value=date(2025, 6, 1), max_value=date(2027, 6, 1))


@st.composite
def careers(draw):
    """Posts that follow one another, with leaves and acting posts anywhere."""
    cuts = sorted(set(draw(st.lists(days, max_size=5))))
    starts = [date(2020, 1, 1), *cuts]
    held = [
        post(f"p{n}", start, end)
        for n, (start, end) in enumerate(zip(starts, [*cuts, None], strict=True))
    ]
    for n in range(draw(st.integers(0, 2))):
        start, length = draw(days), draw(st.integers(1, 200))
        held.append(post(f"plt{n}", start, start + length * DAY, AppointmentKind.PLT))
    away = [
        change(ChangeKind.CUTI, start, start + length * DAY, id=f"c{n}")
        for n, (start, length) in enumerate(
            draw(st.lists(st.tuples(days, st.integers(0, 150)), max_size=3))
        )
    ]
    return roles(*held, changes=away)


@given(careers())
def test_base_segments_cover_the_year_exactly_without_gap_or_overlap(found):
    segments = base_segments(found, FIRST, LAST)
    seen = [s.starts_on + n * DAY for s in segments for n in range(s.days)]
    assert seen == [FIRST + n * DAY for n in range(365)]
    away = pauses(found.changes, FIRST, LAST)
    assert sum(s.weight_days for s in segments) == worked_days(FIRST, LAST, away)
    leave = {s.kind for s in segments if s.weight_days == 0}
    assert leave <= {SegmentKind.LEAVE}


@given(careers(), st.lists(st.integers(1, 6000), max_size=3))
def test_weights_over_moves_leaves_and_squads_sum_to_the_whole(found, efforts):
    segments = base_segments(found, FIRST, LAST)
    times = [
        RoleTime(role=f"home:{n}", effort_bp=10_000, duration=s.weight_days)
        for n, s in enumerate(segments)
    ]
    times += [RoleTime(role=f"m{n}", effort_bp=e, duration=100) for n, e in enumerate(efforts)]
    if any(time.duration for time in times):
        assert sum(role_weights(times).values()) == 10_000


def test_dewi_gives_a_third_of_her_year_to_other_units():
    times = [
        RoleTime(role="home", effort_bp=6000, duration=12),
        RoleTime(role="a", effort_bp=3000, duration=8),
        RoleTime(role="b", effort_bp=2000, duration=6),
    ]
    weights = role_weights(times)
    assert weights == {"home": 6667, "a": 2222, "b": 1111}
    owners = {"home": "direktorat 1", "a": "direktorat 2", "b": "ditjen lain"}
    part = cross_unit_bp(weights, owners, {"direktorat 1"})
    assert (part, round(Decimal(part) / 100, 1)) == (3333, Decimal("33.3"))


def test_a_mover_s_squad_in_the_former_unit_is_not_cross_unit():
    weights = {"home": 5000, "home:x": 3000, "a": 2000}
    owners = {"home": "new", "home:x": "old", "a": "old"}
    assert cross_unit_bp(weights, owners, {"new", "old"}) == 0


def test_a_change_without_letter_days_or_kind_of_leave_is_refused():
    bad = change(ChangeKind.CUTI, LAST, FIRST, letter_no=" ", leave_kind=None)
    assert check_change(bad) == ("letter_missing", "ends_before", "leave_kind_missing")
    assert check_change(change(ChangeKind.MUTASI, FIRST)) == ()


def test_a_snapshot_knows_whether_it_was_touched():
    made = sealed(
        SegmentSnapshot(
            id="s",
            person_id="sari",
            cycle_id="2026",
            change_id="c",
            source_id="a",
            starts_on=FIRST,
            ends_on=date(2026, 5, 31),
            attainment=Decimal("99.10"),
            at=AT,
        )
    )
    assert len(made.digest) == 64
    assert holds(made)
    assert digest(made) == digest(replace(made, attainment=Decimal("99.1")))
    assert not holds(replace(made, attainment=Decimal("99.11")))
    assert not holds(replace(made, rater_id="another"))


def letter(absent, by, start=FIRST, end=None, **facts):
    base = Substitution(
        id=f"{absent}{by}", absent_id=absent, substitute_id=by, valid_from=start, valid_to=end,
        letter_no="1",
    )  # fmt: skip
    return replace(base, **facts)


def test_a_substitution_is_handed_on_once_never_twice():
    rows = [letter("a", "b"), letter("b", "c"), letter("c", "d")]
    assert stand_ins(rows, "a", date(2026, 5, 1)) == ("b", "c")


def test_who_stands_in_over_one_hop_is_never_the_person_himself():
    rows = [letter("a", "b"), letter("b", "a")]
    assert stand_ins(rows, "a", date(2026, 5, 1)) == ("b",)


def codes(row, *others):
    return [fault.code for fault in check_substitution(row, others)]


@pytest.mark.parametrize(
    ("row", "others", "wanted"),
    [
        (letter("a", "b"), (), []),
        (letter("b", "c"), (letter("a", "b"),), []),
        (letter("c", "d"), (letter("a", "b"), letter("b", "c")), ["substitution_chain"]),
        (letter("a", "b"), (letter("b", "c"), letter("c", "d")), ["substitution_chain"]),
        (letter("b", "c"), (letter("a", "b"), letter("c", "d")), ["substitution_chain"]),
        (letter("b", "a"), (letter("a", "b"),), ["substitution_circle"]),
        (letter("a", "a"), (), ["same_person"]),
        (letter("a", "b", letter_no=""), (), ["letter_missing"]),
        (letter("a", "b", scope="everything"), (), ["scope_unknown"]),
        (letter("a", "b", LAST, FIRST), (), ["ends_before"]),
        (
            letter("c", "d", date(2026, 6, 1)),
            (letter("a", "b", FIRST, date(2026, 6, 1)), letter("b", "c")),
            [],
        ),
    ],
)
def test_a_letter_is_refused_for_its_chain_its_circle_or_what_it_lacks(row, others, wanted):
    assert codes(row, *others) == wanted


def test_a_letter_for_rating_covers_the_plan_and_not_the_claim():
    assert covers_process("rate", "evaluation")
    assert not covers_process("rate", "contribution")
    assert covers_process("attest", "contribution")
    assert covers_process("all", "anything")
