from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.effects import Expectation, effect
from engine.domain.errors import Malformed
from engine.domain.scales import WHOLE_BP, split_whole


def line(person, expected, held=None):
    return Expectation(person_id=person, expected_bp=expected, held_bp=held)


TRIO = [line("budi", 6000), line("sari", 1600), line("citra", 2400)]


def parts(found):
    return {one.person_id: one.after_bp for one in found.lines}


def test_a_share_as_planned_leaves_everybody_what_he_expects():
    found = effect(TRIO, person_id="sari", share_bp=1600)
    assert parts(found) == {"budi": 6000, "sari": 1600, "citra": 2400}
    assert (found.pool_bp, found.lacking_bp, found.beyond_bp) == (0, 0, 0)


def test_a_smaller_share_stays_in_the_pool_and_takes_nothing_from_the_others():
    found = effect(TRIO, person_id="sari", share_bp=1000)
    assert parts(found) == {"budi": 6000, "sari": 1000, "citra": 2400}
    assert found.pool_bp == 600


def test_a_larger_share_lessens_those_who_wait_in_proportion_and_never_who_was_decided():
    held = [line("budi", 6000), line("sari", 1600), line("citra", 2400, 2300)]
    found = effect(held, person_id="sari", share_bp=2500)
    assert parts(found) == {"budi": 5200, "sari": 2500, "citra": 2300}
    assert (found.lacking_bp, found.pool_bp) == (800, 0)
    assert [one.settled for one in found.lines] == [False, False, True]


def test_more_than_is_left_is_named_and_not_shown_as_given():
    held = [line("sari", 1600), line("citra", 8400, 8400)]
    found = effect(held, person_id="sari", share_bp=2000)
    assert parts(found)["sari"] == 1600
    assert found.beyond_bp == 400


def test_nobody_outside_the_output_gets_a_share():
    with pytest.raises(Malformed):
        effect(TRIO, person_id="tono", share_bp=100)


@st.composite
def outputs(draw):
    weights = draw(st.lists(st.integers(1, 50), min_size=1, max_size=9))
    shares = split_whole({f"p{n}": Fraction(w) for n, w in enumerate(weights)})
    collective = draw(st.integers(0, 1000))
    room = WHOLE_BP - collective
    lines = []
    for person, bp in shares.items():
        held = draw(st.one_of(st.none(), st.integers(0, max(room, 0))))
        if held is not None:
            held = min(held, room)
            room -= held
        lines.append(line(person, bp, held))
    return lines, collective


@given(outputs(), st.integers(-50, 12_000))
def test_whatever_is_typed_the_whole_stays_a_hundred_per_cent(made, share):
    lines, collective = made
    person = lines[-1].person_id
    found = effect(lines, person_id=person, share_bp=share, collective_bp=collective)
    assert found.total_bp == WHOLE_BP
    assert all(one.after_bp >= 0 for one in found.lines)
    for one, given_line in zip(found.lines, lines, strict=True):
        if one.person_id != person and given_line.held_bp is not None:
            assert one.after_bp == given_line.held_bp
        elif one.person_id != person:
            assert one.after_bp <= given_line.expected_bp
