"""The smallest form of what random years found, so that it is not found again."""

from __future__ import annotations

import pytest

from tests.machine.acts import Acts
from tests.machine.books import Books, Snapshot


@pytest.fixture
def acts(sqlite_city):
    with sqlite_city() as place:
        yield Acts(place)


def seen(acts):
    with acts.place.house.reading() as uow:
        return Snapshot(uow)


def lend(acts):
    for row in seen(acts).members.values():
        if row.consent == "pending":
            assert acts.consent(row.id, acts.lender(row.id), "given") is not None


def accepted(acts, *, lent=True, due_in=20):
    """A squad of the data unit under Budi with Sari and Citra lent; its output is taken."""
    members = [("budi", "ketua", 50), ("sari", "anggota", 20), ("citra", "anggota", 30)]
    acts.shares(acts.form("data", members, [40], due_in))
    if lent:
        lend(acts)
    [output] = seen(acts).outputs
    acts.deliver(output, "budi")
    acts.accept(output, "h_data", 100)
    return output


def test_who_shared_out_the_remainder_decides_no_dispute_about_it(acts):
    output = accepted(acts)
    acts.lapse(output, "budi")
    for who in ("sari", "citra"):
        expected = seen(acts).lines[output][who].expected_bp
        acts.claim(output, who, expected)
        acts.attest(output, who, "budi")
    rest = acts.rest(output)
    assert acts.allocate(output, "h_data", 500, {"citra": rest - 500})
    assert acts.dispute(output, "sari", "sari", collective=True)
    assert acts.judge(output) == "kepala"
    kept = {who: seen(acts).held[output].get(f"person:{who}", 0) for who in ("sari", "citra")}
    assert acts.decide(output, "h_data", {**kept, "budi": 500}) is None


def test_what_waits_for_a_consent_is_given_to_nobody_else(acts):
    output = accepted(acts, lent=False)
    for who, share in (("sari", 1_600), ("citra", 4_000), ("budi", 6_000)):
        acts.claim(output, who, share)
    acts.attest(output, "sari", "budi")
    acts.attest(output, "budi", "h_data")
    acts.attest(output, "citra", "budi")
    acts.answer(output, "citra", "citra")
    assert acts.cosign(output, "citra", "h_data") is None
    lend(acts)
    assert seen(acts).held[output]["person:sari"] == 1_600
    assert acts.attest(output, "citra", "budi", 2_400) is not None


@pytest.mark.parametrize("change", ["exit", "lead"])
def test_who_leaves_or_changes_role_keeps_his_part_of_what_was_delivered_early(acts, change):
    """Due in the second quarter, handed over in January; in February the membership ends."""
    output = accepted(acts, due_in=100)
    squad = seen(acts).outputs[output].squad_id
    assert acts.change(squad, "h_data", "citra", change, 30, 7) is not None
    for who in ("sari", "budi"):
        acts.lapse(output, who)
    acts.wait(30)
    acts.claim(output, "citra", seen(acts).lines[output]["citra"].expected_bp)
    assert acts.attest(output, "citra", "budi" if change == "exit" else "h_data") is not None
    before = seen(acts)
    assert acts.allocate(output, "h_data", 0, {"citra": acts.rest(output)})
    with acts.place.house.reading() as uow:
        after = Snapshot(uow)
        assert Books().faults(uow, after, before) == []
    assert after.held[output]["person:citra"] == 10_000
