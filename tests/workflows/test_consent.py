"""Consent never erases work: an output waits for whoever stands above both units."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.ledger import POOL
from engine.domain.outputs import OutputStatus
from engine.domain.squads import Consent, Membership
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from engine.usecases.squads import GiveConsent, give_home_consent
from tests.workflows.contributing import (
    accepted,
    attested,
    balances,
    books_hold,
    output_status,
)


@pytest.fixture
def lent(town):
    """Sari's home has not answered; all lines are attested."""
    with town.house.writing() as uow:
        row = uow.contributions.get(Membership, town.ids["member sari"])
        uow.contributions.put(replace(row, consent=Consent.PENDING))
        uow.commit()
    accepted(town)
    attested(town, "citra", "sari", "eko")
    return town


def home_answers(town, consent):
    command = GiveConsent(
        membership_id=town.ids["member sari"], consent=consent, reason="Beban unit asal"
    )
    give_home_consent(town.house, town.actor("budi"), command)


def test_the_share_waits_in_the_pool_for_the_common_superior(lent):
    assert balances(lent) == {POOL: 2500, "citra": 5000, "eko": 2500}
    assert lent.waiting() == [("decide_consent", "ratna")]
    assert lent.begun(lent.task("decide_consent"))["person_id"] == lent.ids["sari"]
    lent.do("decide_consent", decision="given")
    assert balances(lent) == {"citra": 5000, "sari": 2500, "eko": 2500}
    lent.pass_days(15)
    assert output_status(lent) is OutputStatus.SEALED
    assert books_hold(lent) == []


def test_a_final_refusal_leaves_the_share_to_the_sponsor(lent):
    with pytest.raises(InputRefused):
        lent.do("decide_consent", decision="refused")
    lent.do("decide_consent", decision="refused", reason="Tidak pernah dilepas")
    assert lent.waiting() == [("allocate_remainder", "wati")]
    lent.do("allocate_remainder", reason="Dikerjakan bersama")
    assert POOL not in balances(lent)
    lent.pass_days(15)
    assert output_status(lent) is OutputStatus.SEALED


def test_the_home_may_still_answer_itself(lent):
    home_answers(lent, Consent.GIVEN)
    assert balances(lent)["sari"] == 2500
    lent.do("decide_consent", decision="given")
    assert balances(lent) == {"citra": 5000, "sari": 2500, "eko": 2500}


def test_a_home_that_refuses_does_not_have_the_last_word(lent):
    home_answers(lent, Consent.REFUSED)
    lent.do("decide_consent", decision="given", reason="Sudah bekerja")
    assert balances(lent)["sari"] == 2500


def test_only_the_common_superior_decides(lent):
    for by in ("budi", "wati", "sari", "joko"):
        with pytest.raises((AccessRefused, NotFound)):
            lent.do("decide_consent", by=by, decision="given")
