"""What the year came to, read through the API and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.demo.client import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from app.demo.client import Client

POINTS_E4 = 10_000
BP_PER_PERCENT = 100


def people(names: Mapping[str, str], reader: Client, say: Callable[[str], None]) -> None:
    """One line per person: roles with attainment, credited points, index, predikat."""
    say("\nPegawai: peran (bobot, capaian), kredit tim, indeks, predikat")
    for person_id, name in sorted(names.items(), key=lambda pair: pair[1]):
        plan = reader.get(f"/api/people/{person_id}/plan")
        rows = reader.get(f"/api/people/{person_id}/ledger")["items"]
        kinds = {role["role"]: role["kind"] for role in plan["roles"]}
        roles = ", ".join(_line(kinds, line) for line in plan["lines"]) or "tanpa peran"
        ihk, predikat = _rating(person_id, reader)
        credit = points(_credited(person_id, rows))
        say(f"  {name[:30]:30} {roles}; kredit {credit}; IHK {ihk}; {predikat}")


def _line(kinds: Mapping[str, str], line: Mapping[str, Any]) -> str:
    percent = f"{int(line['weightBp']) / BP_PER_PERCENT:.0f}%"
    return f"{kinds.get(line['role'], line['role'])} {percent} {line['attainment']}"


def _rating(person_id: str, reader: Client) -> tuple[str, str]:
    try:
        found = reader.get(f"/api/people/{person_id}/rating")
    except Refused:
        return "-", "belum dinilai"
    return str(found["ihk"]), f"{found['predikat']} ({found['status']})"


def _credited(person_id: str, rows: list[dict[str, Any]]) -> int:
    account = f"person:{person_id}"
    total = 0
    for row in rows:
        worth = int(row["amountBp"]) * int(row["valuePoints"])
        total += worth if row["creditAccount"] == account else 0
        total -= worth if row["debitAccount"] == account else 0
    return total


def points(points_e4: int) -> str:
    """Ten-thousandths of a point as people read them."""
    return f"{points_e4 // POINTS_E4},{points_e4 % POINTS_E4:04}".rstrip("0").rstrip(",")


def books(units: Mapping[str, str], cycle: str, reader: Client, say: Callable[[str], None]) -> bool:
    """The two views of the one ledger, and whether they agree to the last basis point."""
    found = reader.get(f"/api/cycles/{cycle}/reconciliation")
    host = {row["unitId"]: row for row in found["host"]}
    home = {row["unitId"]: row for row in found["home"]}
    say("\nBuku kontribusi: unit, dilihat dari unit asal, dilihat dari unit tempat tugas (poin)")
    for unit_id, name in sorted(units.items(), key=lambda pair: pair[1]):
        if unit_id in host or unit_id in home:
            left = points(int(home.get(unit_id, {}).get("pointsE4", 0)))
            right = points(int(host.get(unit_id, {}).get("pointsE4", 0)))
            say(f"  {name[:44]:44} {left:>12} {right:>12}")
    say(f"  {'jumlah':44} {points(found['homeE4']):>12} {points(found['hostE4']):>12}")
    say(f"  keluar {points(found['outE4'])} = masuk {points(found['inE4'])}")
    say("  cocok sampai basis poin terakhir" if found["balanced"] else "  TIDAK COCOK")
    return bool(found["balanced"])


def certificates(found: Iterable[tuple[str, str]], say: Callable[[str], None]) -> None:
    """Certificates of contribution (surat keterangan): whose, code, and where anybody checks."""
    for name, code in found:
        say(f"\nSurat keterangan kontribusi {name}: kode {code}, periksa di /sertifikat/{code}")


def proof(reader: Client, say: Callable[[str], None]) -> bool:
    """`regu verify` over the API: audit chains and ledgers."""
    found = reader.get("/api/verify")
    for fault in found["faults"]:
        say(f"  {fault}")
    say("\nregu verify: " + ("buku dan jejak audit utuh" if found["holds"] else "ADA YANG RUSAK"))
    return bool(found["holds"])
