"""Work across two agencies: each reads its own rows, both books agree (crediting.md 0.13)."""

from __future__ import annotations

from engine.domain.squads import SquadRole
from tests.acceptance.unfair.squads import accepted, attested, balances, index, rows, sealed

KETUA, ANGGOTA = SquadRole.KETUA, SquadRole.ANGGOTA
MIXED = {"citra": (KETUA, 3000), "sari": (ANGGOTA, 2000), "hadi": (ANGGOTA, 4000)}


def guests(town):
    """Hadi of Dinas Kota works in a squad of Badan Contoh: shares 50, 17 and 33 %."""
    town.squad("T2", MIXED)
    accepted(town, "T2/1", attainment=100)
    attested(town, *MIXED)
    sealed(town)
    return town


def matrix(town, who, code, units="true"):
    path = f"/api/cycles/{town.ids[f'cycle {code}']}/matrix"
    return town.read(who, path, units=units)


def test_a_guest_claims_is_attested_and_finds_it_in_his_own_index(town):
    a_guest_is_credited(town)


def test_a_guest_is_credited_on_both_databases(both):
    a_guest_is_credited(both)


def a_guest_is_credited(town):
    guests(town)
    held = balances(town, "T2/1")
    assert sum(held.values()) == 10_000
    assert set(held) == set(MIXED)
    mine = town.read("hadi", f"/api/people/{town.ids['hadi']}/ledger")
    assert [row["amountBp"] for row in mine["items"]] == [held["hadi"]]
    [row] = mine["items"]
    assert (row["homeUnitId"], row["hostUnitId"]) == (town.ids["dinas"], town.ids["pusat"])
    # to the unit of the ledger: what goes out of one agency comes into the other
    whole = town.read("joko", f"/api/cycles/{town.ids['cycle BC']}/reconciliation")
    assert whole["balanced"]
    assert whole["homeE4"] == whole["hostE4"] == 40 * 10_000
    assert whole["outE4"] == whole["inE4"] == 40 * (held["sari"] + held["hadi"])
    across = {
        (cell["homeAgencyId"], cell["hostAgencyId"]): cell["pointsE4"]
        for cell in matrix(town, "joko", "BC", units="false")["items"]
    }
    bc, dk = town.ids["BC"], town.ids["DK"]
    assert across == {(bc, bc): 40 * (held["citra"] + held["sari"]), (dk, bc): 40 * held["hadi"]}


def test_each_agency_reads_its_own_people_and_units_alone(town):
    guests(town)
    sari, hadi = town.ids["sari"], town.ids["hadi"]
    # the home of the guest reads his lines; what else the squad did it does not
    for who in ("hana", "xena"):
        found = town.read(who, f"/api/people/{hadi}/ledger")["items"]
        assert {row["personId"] for row in found} == {hadi}
    town.hidden(f"/api/people/{sari}/ledger", "hana", "xena")
    for unit in ("pusat", "biro"):
        town.hidden(f"/api/units/{town.ids[unit]}/ledger", "hana", "xena", "hadi")
    town.hidden(f"/api/cycles/{town.ids['cycle BC']}/matrix", "xena", "hana")
    town.hidden(f"/api/cycles/{town.ids['cycle BC']}/reconciliation", "xena")
    town.hidden(f"/api/people/{sari}/plan", "hana", "hadi", "xena")
    # the host reads the guest's line in its squad, and nothing else about him
    assert {row["personId"] for row in rows(town, "T2/1") if row["personId"] == hadi} == {hadi}
    for path in ("plan", "evaluation", "rating", "voices", "segments", "dialogue"):
        town.hidden(f"/api/people/{hadi}/{path}", "budi", "wati", "ratna", "joko", "agus")


def test_the_guest_s_home_reads_what_it_lends(town):
    guests(town)
    found = town.read("hana", f"/api/units/{town.ids['dinas']}/ledger")
    assert {town.short(row["personId"]) for row in found["home"]} == {"hadi"}
    assert index(town, "hadi")["loadBp"] == 10_000
