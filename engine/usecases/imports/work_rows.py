"""Rows about the work: squads, members, results, outputs."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.domain.indicators import Aspect, Direction
from engine.domain.plans import ItemKind
from engine.domain.scales import WHOLE_BP
from engine.domain.squads import YEAR_MONTHS, SquadRole, months_later
from engine.usecases.imports.rows import HOME_ROLE, PERIODS, known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.imports.cells import Line
    from engine.usecases.imports.rows import Examined

_ROLES: Final = {role.value: role for role in SquadRole}
_ITEMS: Final = {kind.value: kind for kind in ItemKind}
_ASPECTS: Final = {aspect.value: aspect for aspect in Aspect}
_DIRECTIONS: Final = {
    "naik": Direction.HIGHER,
    "turun": Direction.LOWER,
    "rentang": Direction.RANGE,
    "kata": Direction.QUALITATIVE,
}
_PERCENT: Final = re.compile(r"\d{1,3}(\.\d{1,2})?")


def read_squad(found: Examined, line: Line) -> None:
    """A row of the sheet Tim."""
    row: dict[str, Any] = {
        "name": line.text("Nama"),
        "letter": line.text("Nomor Surat"),
        "unit": line.text("Kode Unit"),
        "sponsor": known(found, line, "NIP Sponsor"),
        "from": line.day("Mulai"),
        "last": line.day("Sampai"),
        "budget": line.whole("Anggaran Poin"),
        "line": line,
    }
    code = line.text("Kode")
    if row["unit"] and row["unit"] not in found.units:
        line.error("Kode Unit", "unit_unknown", f"unit {row['unit']} is not in the sheet Unit")
    if code in found.squads:
        line.error("Kode", "duplicate", "the squad is there already")
    if row["from"] and row["last"]:
        if row["last"] < row["from"]:
            line.error("Sampai", "ends_before", "ends before it starts")
        elif row["last"] >= months_later(row["from"], YEAR_MONTHS):
            line.error("Sampai", "squad_long", "a squad lasts a year at most")
    if line.good:
        found.squads[code] = row


def read_member(found: Examined, line: Line) -> None:
    """A row of the sheet Anggota."""
    code, nip = line.text("Kode Tim"), known(found, line, "NIP")
    role, effort = line.word("Peran", _ROLES), line.percent_bp("Curahan %")
    starts, last = line.day("Mulai"), line.day("Sampai", required=False)
    letter = line.text("Surat Persetujuan", required=False)
    signed = line.day("Tanggal Persetujuan", required=False)
    squad = found.squads.get(code)
    if code and squad is None:
        line.error("Kode Tim", "squad_unknown", f"squad {code} is not in the sheet Tim")
    if squad is not None:
        _check_member(found, line, (code, nip, role), squad)
    if not letter:
        line.warn(
            "Surat Persetujuan",
            "consent_missing",
            "no consent of the home unit; imported as pending",
        )
    if line.good:
        found.members[code, nip] = {
            "role": role,
            "effort_bp": effort,
            "from": starts,
            "last": last,
            "consented": bool(letter),
            "signed": signed,
        }


def _check_member(
    found: Examined, line: Line, who: tuple[str, str, SquadRole | None], squad: Mapping[str, Any]
) -> None:
    code, nip, role = who
    for heading in ("Mulai", "Sampai"):
        day = line.values.get(heading)
        if day is not None and not squad["from"] <= _date(day, squad["from"]) <= squad["last"]:
            line.error(heading, "outside_squad", f"outside {squad['from']} to {squad['last']}")
    if nip and all(row["nip"] != nip for row in found.appointments):
        line.error("NIP", "post_missing", "holds no post, so no unit lends him")
    if (code, nip) in found.members:
        line.error("NIP", "duplicate", "is a member already")
    if nip and nip == squad["sponsor"]:
        line.error("NIP", "member_sponsor", "the sponsor is no member of the squad")
    leads = [
        row for (squad_code, _), row in found.members.items()
        if squad_code == code and row["role"] is SquadRole.KETUA
    ]  # fmt: skip
    if role is SquadRole.KETUA and leads:
        line.error("Peran", "two_leads", "the squad has a ketua already")


def read_result(found: Examined, line: Line) -> None:
    """A row of the sheet SKP: a result, or a further indicator of one."""
    nip, number = known(found, line, "NIP"), line.whole("Nomor")
    role = line.text("Peran")
    row: dict[str, Any] = {
        "kind": line.word("Jenis", _ITEMS),
        "role": HOME_ROLE if role.lower() == HOME_ROLE else role,
        "title": line.text("Hasil Kerja"),
        "weight_bp": line.percent_bp("Bobot %"),
        "lines": [line],
    }
    measure = _measure(line)
    if row["role"] != HOME_ROLE and nip and (row["role"], nip) not in found.members:
        line.error("Peran", "role_unknown", "'unit', or the code of a squad of this person")
    old = found.results.get((nip, number))
    if old is not None and (old["role"], old["title"]) != (row["role"], row["title"]):
        line.error("Nomor", "duplicate", "another result has this number")
    if line.good and old is not None:
        old["indicators"].append(measure)
        old["lines"].append(line)
    elif line.good:
        found.results[nip, number] = {**row, "indicators": [measure]}


def _measure(line: Line) -> dict[str, Any]:
    """An indicator; the target of a range is its lower end, "Batas Atas" its upper one.

    Without that column a range is one point; words have no number.
    """
    direction = line.word("Arah", _DIRECTIONS)
    ranged = direction is Direction.RANGE
    number = line.number("Target", required=ranged)
    upper = line.number("Batas Atas", required=False) if ranged else None
    if direction is Direction.QUALITATIVE and number is not None:
        line.error("Target", "target_unused", "words are not measured by a number")
    if ranged and upper is not None and number is not None and upper < number:
        line.error("Batas Atas", "range_ends", "below the target")
    return {
        "aspect": line.word("Aspek", _ASPECTS),
        "text": line.text("Indikator"),
        "target": None if ranged else number,
        "lower": number if ranged else None,
        "upper": (number if upper is None else upper) if ranged else None,
        "unit": line.text("Satuan", required=False),
        "direction": direction,
    }


def read_output(found: Examined, line: Line) -> None:
    """A row of the sheet Keluaran."""
    code, number = line.text("Kode Tim"), line.whole("Nomor")
    row: dict[str, Any] = {
        "title": line.text("Judul"),
        "indicator": line.text("Indikator"),
        "target": line.text("Target"),
        "value": line.whole("Nilai"),
        "period": line.whole("Periode"),
        "due": line.day("Tenggat"),
        "shares": _shares(found, line, code),
        "line": line,
    }
    squad = found.squads.get(code)
    if code and squad is None:
        line.error("Kode Tim", "squad_unknown", f"squad {code} is not in the sheet Tim")
    if row["period"] > PERIODS:
        line.error("Periode", "period_unknown", f"1 to {PERIODS}")
    if squad and row["due"] and not squad["from"] <= row["due"] <= squad["last"]:
        line.error("Tenggat", "outside_squad", f"outside {squad['from']} to {squad['last']}")
    if (code, number) in found.outputs:
        line.error("Nomor", "duplicate", "the output is there already")
    if line.good:
        found.outputs[code, number] = row


def _shares(found: Examined, line: Line, code: str) -> dict[str, int]:
    """Expected shares written out: "NIP=60; NIP=40"; empty: by role coefficients."""
    text = line.text("Bagian", required=False)
    shares: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        nip, _, percent = (piece.strip() for piece in part.partition("="))
        if (code, nip) not in found.members or _PERCENT.fullmatch(percent) is None:
            line.error("Bagian", "share_unreadable", f"{part}: NIP of a member = percent")
            return {}
        shares[nip] = int(Decimal(percent) * 100)
    if shares and sum(shares.values()) != WHOLE_BP:
        line.error("Bagian", "shares_sum", f"{sum(shares.values())} instead of {WHOLE_BP}")
    return shares


def _date(value: Any, otherwise: Any) -> Any:
    """The day of a date cell; a cell that is no date has its own flaw already."""
    if hasattr(value, "date"):
        return value.date()
    return value if hasattr(value, "year") else otherwise
