"""Internal audit draws, looks, and says what it found."""

from __future__ import annotations

import pytest

from engine.domain.sampling import Stratum, Verdict
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.contributing import accepted, attested


@pytest.fixture
def signed(town):
    """The squad's three claims are attested at an attainment that nothing shows."""
    accepted(town, attainment=110)
    attested(town, "citra", "sari", "eko")
    return town


def drawn(town, size=10, seed="2026"):
    return town.ask("audit_sample", by="lina", size=size, seed=seed)


def items(town, key):
    with town.house.reading() as uow:
        return uow.assurance.items(town.variables(key)["sample_id"])


def findings(town, key):
    with town.house.reading() as uow:
        return uow.assurance.findings(town.variables(key)["sample_id"])


def find(town, who, **values):
    """The auditor answers for the piece that is about a member."""
    for task in town.open("examine"):
        if town.begun(task).get("person") == town.ids[who]:
            town.answer(task, values, by="lina")
            return
    raise AssertionError(who)


def test_each_piece_is_looked_at_and_its_finding_kept(signed):
    key = drawn(signed)
    assert len(items(signed, key)) == 3
    assert Stratum.EXCEEDING in {item.stratum for item in items(signed, key)}
    find(signed, "sari", verdict="in_order")
    find(signed, "eko", verdict="doubtful", note="Capaian tidak terlihat")
    find(signed, "citra", verdict="wrong", note="Bukti milik orang lain", correction=True)
    assert signed.status(key) == "completed"
    assert {row.verdict for row in findings(signed, key)} == set(Verdict)


def test_a_finding_that_asks_for_a_correction_is_announced(signed):
    key = drawn(signed)
    find(signed, "sari", verdict="wrong", note="Porsi keliru", correction=True)
    [found] = findings(signed, key)
    assert found.correction
    assert found.person_id == signed.ids["sari"]


def test_what_is_wrong_needs_words_and_what_is_right_no_correction(signed):
    drawn(signed)
    with pytest.raises(InputRefused):
        find(signed, "sari", verdict="wrong")


def test_the_same_seed_draws_the_same_again(signed):
    def seen(key):
        return [(item.kind, item.subject_id, item.stratum) for item in items(signed, key)]

    assert seen(drawn(signed, size=2)) == seen(drawn(signed, size=2))


def test_time_ends_a_sample_and_what_was_not_looked_at_stays_open(signed):
    key = drawn(signed)
    find(signed, "sari", verdict="in_order")
    signed.pass_days(60)
    assert signed.status(key) == "completed"
    assert signed.variables(key)["remaining"] == 2
    assert "sample_due" in signed.told()


def test_only_auditors_draw_and_look(signed):
    with pytest.raises(NotFound):
        signed.ask("audit_sample", by="budi", size=3, seed="x")
    drawn(signed)
    [task, *_] = signed.open("examine")
    for by in ("joko", "citra", "budi"):
        with pytest.raises((AccessRefused, NotFound)):
            signed.answer(task, {"verdict": "in_order"}, by=by)


def test_nothing_is_drawn_where_nothing_happened(town):
    with pytest.raises(InputRefused):
        drawn(town)


def test_every_flow_is_walked(every_flow):
    every_flow("audit_sample")
