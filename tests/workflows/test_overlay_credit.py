"""Overlay credit: recorded by lead or sponsor, accepted by the person, outside the whole."""

from __future__ import annotations

import pytest

from engine.domain.ledger import LineClass
from engine.domain.overlays import OverlayState
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.agency import PEOPLE
from tests.workflows.contributing import accepted, attested, balances, books_hold

HELP = {"role": "penelaah", "note": "Menelaah bab tiga"}


def proposed(town, by="wati", who="dedi", **values):
    nip = PEOPLE[who][0]
    values = {"output": town.ids["output"], "nip": nip, **HELP, **values}
    return town.ask("overlay_credit", by=by, **values)


def kept(town):
    with town.house.reading() as uow:
        return uow.credits.overlays(output_id=town.ids["output"])


def test_a_reviewer_accepts_and_no_share_changes(town):
    accepted(town)
    attested(town, "citra", "sari", "eko")
    before = balances(town)
    proposed(town)
    begun = town.begun(town.task("accept_overlay", "dedi"))
    assert begun["shown_role"] == "penelaah"
    with pytest.raises((AccessRefused, NotFound)):
        town.do("accept_overlay", by="wati", answer="accept")
    town.do("accept_overlay", "dedi", answer="accept")
    assert balances(town) == before
    with town.house.reading() as uow:
        mine = uow.contributions.ledger_of_person(town.ids["dedi"], town.ids["cycle"])
        evidence = uow.credits.accepted_overlays(town.ids["dedi"], town.ids["cycle"])
        lines = uow.contributions.credit_lines(town.ids["cycle"], person_id=town.ids["dedi"])
    assert [row.line_class for row, _ in mine] == [LineClass.OVERLAY]
    assert mine[0][0].home_unit_id == town.ids["biro"]
    assert [row.role.value for row in evidence] == ["penelaah"]
    assert lines == []
    assert books_hold(town) == []


def test_who_declines_or_does_not_answer_is_not_recorded(town):
    accepted(town)
    proposed(town, by="citra")
    town.do("accept_overlay", "dedi", answer="decline")
    proposed(town, by="citra", role="narasumber")
    town.pass_days(20)
    assert [row.state for row in kept(town)] == [OverlayState.DECLINED, OverlayState.LAPSED]
    with town.house.reading() as uow:
        assert uow.contributions.ledger_of_person(town.ids["dedi"], town.ids["cycle"]) == []


def test_only_lead_and_sponsor_record_it_once_and_never_for_themselves(town):
    accepted(town)
    with pytest.raises((AccessRefused, InputRefused)):
        proposed(town, by="sari")
    for wrong in ({"who": "wati"}, {"nip": "000000000000000000"}, {"note": " "}):
        with pytest.raises(InputRefused):
            proposed(town, **wrong)
    proposed(town)
    with pytest.raises(InputRefused):
        proposed(town, by="citra")
    assert len(kept(town)) == 1


def reviewed(town, who="dedi"):
    """Somebody of another unit is asked for a review by the sponsor, and answers."""
    town.ask(
        "peer_review",
        by="wati",
        output_id=town.ids["output"],
        question="Apakah datanya dapat dipakai?",
        reviewers=[{"nip": PEOPLE[who][0]}],
    )
    good = {"meets_target": "yes", "sound": "yes", "usable": "yes", "strengths": "Rapi"}
    town.do("review", who, **good)
    town.worker.drain()


def test_an_answered_review_is_recorded_by_itself_and_accepted_by_the_reviewer(town):
    accepted(town)
    reviewed(town)
    (row,) = kept(town)
    assert (row.proposed_by, row.role.value, row.note) == (
        town.ids["wati"],
        "penelaah",
        "Apakah datanya dapat dipakai?",
    )
    assert row.state is OverlayState.PROPOSED
    with pytest.raises((AccessRefused, NotFound)):
        town.do("accept_overlay", by="wati", answer="accept")
    town.do("accept_overlay", "dedi", answer="accept")
    with town.house.reading() as uow:
        mine = uow.contributions.ledger_of_person(town.ids["dedi"], town.ids["cycle"])
    assert [line.line_class for line, _ in mine] == [LineClass.OVERLAY]
    assert books_hold(town) == []


def test_a_review_of_somebody_recorded_already_opens_nothing(town):
    accepted(town)
    proposed(town)
    reviewed(town)
    assert len(kept(town)) == 1
    assert len(town.open("accept_overlay")) == 1


def test_every_flow_of_overlay_credit_is_walked(every_flow):
    every_flow("overlay_credit")
