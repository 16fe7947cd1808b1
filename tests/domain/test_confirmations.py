"""A rule from memory counts when two people saw where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.domain.confirmations import RuleConfirmation, check_confirmation

GIVEN = RuleConfirmation(
    id="1",
    agency_id="a",
    decision_id="d",
    rule_id="r",
    rule_hash="0" * 64,
    document="PermenPANRB 6/2022",
    page="Lampiran III",
    proposed_by="ani",
    confirmed_by="budi",
    at=datetime(2026, 1, 5, tzinfo=UTC),
)
TAKEN = replace(GIVEN, id="2", number=2, withdrawn=True, document="", page="")


def codes(made, before=None):
    return {fault.code for fault in check_confirmation(made, before)}


def test_confirmed_withdrawn_and_confirmed_again():
    assert codes(GIVEN) == set()
    assert codes(TAKEN, GIVEN) == set()
    assert codes(replace(GIVEN, number=3), TAKEN) == set()


@pytest.mark.parametrize(
    ("made", "before", "code"),
    [
        (replace(GIVEN, confirmed_by="ani"), None, "four_eyes"),
        (replace(GIVEN, document=" "), None, "required"),
        (replace(GIVEN, page=""), None, "required"),
        (replace(GIVEN, number=2), GIVEN, "confirmed_already"),
        (replace(TAKEN, number=1), None, "nothing_stands"),
        (replace(TAKEN, number=3), TAKEN, "nothing_stands"),
        (replace(GIVEN, number=2), None, "out_of_turn"),
    ],
)
def test_what_breaks_a_rule_is_named(made, before, code):
    assert code in codes(made, before)
