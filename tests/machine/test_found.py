"""The smallest form of what random years found, so that it is not found again."""

from __future__ import annotations

import pytest

from tests.machine.acts import Acts
from tests.machine.books import Snapshot


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


def accepted(acts, *, lent=True):
    """A squad of the data unit under Budi with Sari and Citra lent; its output is taken."""
    members = [("budi", "ketua", 50), ("sari", "anggota", 20), ("citra", "anggota", 30)]
    acts.shares(acts.form("data", members, [40], 20))
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
