from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.calendar import (
    Pause,
    WorkingCalendar,
    add_working_days,
    end_of_day,
    local_day,
    working_days,
)
from engine.domain.errors import Malformed
from engine.domain.organisation import (
    Official,
    Organisation,
    acting,
    home_unit,
    is_subordinate,
    rater,
    rater_superior,
    substitute,
    superiors,
    unit_head,
)
from engine.domain.people import Appointment, AppointmentKind, Substitution
from engine.domain.units import JobClass, Post, Unit, ancestors, check_tree, within

DAY = date(2026, 6, 1)
UNITS = {
    key: Unit(id=key, agency_id="ag", code=key, name=key, parent_id=parent)
    for key, parent in {"top": None, "ditjen": "top", "dir": "ditjen", "empty": "ditjen"}.items()
}
POSTS = {
    post.id: post
    for key in UNITS
    for post in (
        Post(id=f"{key}-head", unit_id=key, title="", job_class=JobClass.JPT, is_head=True),
        Post(id=f"{key}-jf", unit_id=key, title="", job_class=JobClass.JF),
    )
}


def held(person, post, kind=AppointmentKind.DEFINITIVE, start=date(2025, 1, 1), **facts):
    return Appointment(
        id=f"{person}-{post}-{kind}", person_id=person, post_id=post, kind=kind,
        valid_from=start, **facts,
    )  # fmt: skip


def organisation(*more, substitutions=()):
    base = (
        held("menteri", "top-head"),
        held("dirjen", "ditjen-head"),
        held("direktur", "dir-head"),
        held("sari", "dir-jf"),
        held("budi", "empty-jf"),
    )
    return Organisation(
        units=UNITS, posts=POSTS, appointments=(*base, *more), substitutions=substitutions
    )


def person(found):
    return found.person_id if found is not None else None


def test_the_rater_is_the_head_and_for_a_head_the_one_above():
    org = organisation()
    assert person(rater(org, "sari", DAY)) == "direktur"
    assert person(rater(org, "direktur", DAY)) == "dirjen"
    assert person(rater(org, "menteri", DAY)) is None
    assert person(rater_superior(org, "sari", DAY)) == "dirjen"
    assert [s.person_id for s in superiors(org, "sari", DAY)] == ["direktur", "dirjen", "menteri"]
    assert is_subordinate(org, "sari", "dirjen", DAY)
    assert not is_subordinate(org, "dirjen", "sari", DAY)
    assert home_unit(org, "sari", DAY) == "dir"
    assert home_unit(org, "sari", date(2024, 1, 1)) is None


def test_a_unit_without_a_head_is_rated_by_the_next_unit_up():
    assert person(rater(organisation(), "budi", DAY)) == "dirjen"


def test_a_rater_named_by_decree_wins_but_never_is_oneself():
    decree = held("eka", "dir-jf", rater_id="dirjen")
    assert person(rater(organisation(decree), "eka", DAY)) == "dirjen"
    own = held("eka", "dir-jf", rater_id="eka")
    assert person(rater(organisation(own), "eka", DAY)) == "direktur"


def test_a_plh_acts_for_the_holder_only_while_it_lasts():
    plh = held(
        "wakil", "dir-head", AppointmentKind.PLH, date(2026, 5, 20), valid_to=date(2026, 6, 2)
    )
    org = organisation(plh)
    assert unit_head(org, "dir", DAY) == Official(person_id="wakil", on_behalf_of="direktur")
    assert unit_head(org, "dir", date(2026, 6, 2)) == Official(person_id="direktur")


def test_a_plt_heads_a_vacant_unit_and_is_not_rated_by_himself():
    org = organisation(held("budi", "empty-head", AppointmentKind.PLT))
    assert person(unit_head(org, "empty", DAY)) == "budi"
    assert person(rater(org, "budi", DAY)) == "dirjen"
    still_held = organisation(held("budi", "dir-head", AppointmentKind.PLT))
    assert person(unit_head(still_held, "dir", DAY)) == "direktur"


def test_nobody_is_rated_by_his_own_plh_of_himself():
    org = organisation(held("sari", "dir-head", AppointmentKind.PLH))
    assert person(rater(org, "sari", DAY)) == "dirjen"
    assert person(rater(org, "direktur", DAY)) == "dirjen"


def test_a_substitute_acts_in_his_scope_and_days_and_never_when_barred():
    row = Substitution(
        id="s", absent_id="direktur", substitute_id="wakil", valid_from=DAY, scope="rating"
    )
    org = organisation(substitutions=(row,))
    assert substitute(org, "direktur", DAY, "rating").on_behalf_of == "direktur"
    assert substitute(org, "direktur", DAY, "planning") is None
    assert substitute(org, "direktur", date(2026, 5, 31), "rating") is None
    everything = organisation(
        substitutions=(
            Substitution(id="s", absent_id="direktur", substitute_id="wakil", valid_from=DAY),
        )
    )
    away = Official(person_id="direktur")
    assert acting(everything, away, DAY).person_id == "wakil"
    assert acting(everything, away, DAY, barred=["wakil"]) == away


def test_a_circle_of_raters_ends():
    org = organisation(held("x", "dir-jf", rater_id="y"), held("y", "dir-jf", rater_id="x"))
    assert [s.person_id for s in superiors(org, "x", DAY)] == ["y"]


def test_the_tree_names_unknown_foreign_and_circular_parents():
    rows = [
        *UNITS.values(),
        Unit(id="lost", agency_id="ag", code="", name="", parent_id="nowhere"),
        Unit(id="guest", agency_id="other", code="", name="", parent_id="top"),
        Unit(id="c1", agency_id="ag", code="", name="", parent_id="c2"),
        Unit(id="c2", agency_id="ag", code="", name="", parent_id="c1"),
    ]
    assert [(v.code, v.subject) for v in check_tree(rows)] == [
        ("parent_unknown", "lost"),
        ("parent_foreign", "guest"),
        ("unit_circle", "c1"),
        ("unit_circle", "c2"),
    ]
    assert ancestors("dir", UNITS) == ("ditjen", "top")
    assert within("dir", "top", UNITS)
    assert not within("top", "dir", UNITS)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3), st.sampled_from(AppointmentKind))))
def test_whatever_the_appointments_nobody_rates_himself(rows):
    keys = sorted(POSTS)
    org = Organisation(
        units=UNITS,
        posts=POSTS,
        appointments=tuple(
            held(f"p{who}", keys[post * 2 + who % 2], kind) for who, post, kind in rows
        ),
    )
    for who in range(7):
        line = superiors(org, f"p{who}", DAY)
        assert f"p{who}" not in [step.person_id for step in line]
        assert len({step.person_id for step in line}) == len(line)


NYEPI, LOCAL = date(2026, 3, 19), date(2026, 3, 18)


def test_working_days_pass_over_weekends_holidays_and_leave():
    calendar = WorkingCalendar(holidays=frozenset({NYEPI, LOCAL}))
    assert add_working_days(date(2026, 3, 17), 1, calendar) == date(2026, 3, 20)
    assert add_working_days(date(2026, 3, 17), 2, calendar) == date(2026, 3, 23)
    assert add_working_days(date(2026, 3, 17), 0, calendar) == date(2026, 3, 17)
    assert add_working_days(date(2026, 3, 23), -2, calendar) == date(2026, 3, 17)
    leave = [Pause(first=date(2026, 3, 20), last=date(2026, 3, 24))]
    assert add_working_days(date(2026, 3, 17), 1, calendar, leave) == date(2026, 3, 25)
    with pytest.raises(Malformed):
        add_working_days(DAY, 1, WorkingCalendar(weekdays=frozenset()))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_the_nth_working_day_lies_n_working_days_ahead(day, count):
    calendar = WorkingCalendar(holidays=frozenset({NYEPI}))
    end = add_working_days(day, count, calendar)
    assert calendar.is_working(end)
    assert working_days(day, end, calendar) - calendar.is_working(day) == count


def test_a_deadline_ends_with_the_day_of_its_zone():
    assert end_of_day(DAY, "Asia/Jakarta") == datetime(2026, 6, 1, 16, 59, 59, tzinfo=UTC)
    assert end_of_day(DAY, "Asia/Jayapura") == datetime(2026, 6, 1, 14, 59, 59, tzinfo=UTC)
    assert local_day(datetime(2026, 5, 31, 17, 30, tzinfo=UTC), "Asia/Jakarta") == DAY
    with pytest.raises(Malformed):
        local_day(datetime(2026, 5, 31, 17, 30), "Asia/Jakarta")  # noqa: DTZ001  (naive on purpose)
