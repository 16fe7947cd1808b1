"""Rows about the organisation: agency, units, posts, people, appointments, holidays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.domain.people import AppointmentKind
from engine.domain.units import JobClass
from engine.usecases.imports.functional_rows import read_level
from engine.usecases.imports.rows import known
from engine.usecases.rights import GROUPS

if TYPE_CHECKING:
    from engine.usecases.imports.cells import Line
    from engine.usecases.imports.rows import Examined

_KINDS: Final = {"definitif": AppointmentKind.DEFINITIVE, "plt": AppointmentKind.PLT}
_KINDS["plh"] = AppointmentKind.PLH
_CLASSES: Final = {kind.value.lower(): kind for kind in JobClass}


def read_agency(found: Examined, line: Line) -> None:
    """The one row of the sheet Instansi."""
    row: dict[str, Any] = {
        "code": line.text("Kode"),
        "name": line.text("Nama"),
        "timezone": line.text("Zona Waktu"),
        "year": line.whole("Tahun"),
    }
    try:
        ZoneInfo(row["timezone"] or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        line.error("Zona Waktu", "zone_unknown", "such as Asia/Jakarta")
    if found.agency:
        line.error("Kode", "duplicate", "one agency per workbook")
    if line.good:
        found.agency = row


def read_unit(found: Examined, line: Line) -> None:
    """A row of the sheet Unit; parents are checked when all are read."""
    row: dict[str, Any] = {
        "code": line.text("Kode"),
        "name": line.text("Nama"),
        "parent": line.text("Kode Induk", required=False) or None,
        "line": line,
    }
    if row["code"] in found.units:
        line.error("Kode", "duplicate", "the unit is there already")
    if line.good:
        found.units[row["code"]] = row


def read_post(found: Examined, line: Line) -> None:
    """A row of the sheet Jabatan."""
    row: dict[str, Any] = {
        "title": line.text("Nama Jabatan"),
        "unit": line.text("Kode Unit"),
        "job_class": line.word("Kelas", _CLASSES),
        "is_head": line.text("Kepala Unit").lower() == "ya",
    }
    code = line.text("Kode")
    if row["unit"] and row["unit"] not in found.units:
        line.error("Kode Unit", "unit_unknown", f"unit {row['unit']} is not in the sheet Unit")
    if code in found.posts:
        line.error("Kode", "duplicate", "the post is there already")
    if line.good:
        found.posts[code] = row


def read_person(found: Examined, line: Line) -> None:
    """A row of the sheet Pegawai."""
    nip, name = line.nip("NIP"), line.text("Nama")
    named = [word.strip() for word in line.text("Kelompok", required=False).split(",")]
    groups = [word for word in named if word in GROUPS]
    if any(word and word not in GROUPS for word in named):
        line.warn("Kelompok", "group_unknown", f"some of {', '.join(sorted(GROUPS))}; left out")
    if nip and nip in found.people:
        line.error("NIP", "duplicate", f"{nip} is there already")
    functional = read_level(found, line)
    if line.good:
        email = line.text("Email", required=False) or None
        rank = line.text("Pangkat", required=False)
        found.people[nip] = {
            "name": name,
            "email": email,
            "groups": groups,
            "rank": rank,
            "functional": functional,
        }


def read_appointment(found: Examined, line: Line) -> None:
    """A row of the sheet Penugasan."""
    nip = known(found, line, "NIP")
    post = line.text("Kode Jabatan")
    kind = line.word("Jenis", _KINDS)
    starts, last = line.day("Mulai"), line.day("Sampai", required=False)
    if post and post not in found.posts:
        line.error("Kode Jabatan", "post_unknown", f"post {post} is not in the sheet Jabatan")
    if starts and last and last < starts:
        line.error("Sampai", "ends_before", "ends before it starts")
    if any(
        (row["nip"], row["post"], row["from"]) == (nip, post, starts) for row in found.appointments
    ):
        line.error("Kode Jabatan", "duplicate", "the appointment is there already")
    if line.good:
        found.appointments.append(
            {"nip": nip, "post": post, "kind": kind, "from": starts, "last": last, "line": line}
        )


def read_holiday(found: Examined, line: Line) -> None:
    """A row of the sheet Hari Libur."""
    day, name = line.day("Tanggal"), line.text("Nama")
    scope = line.text("Berlaku").lower()
    if scope not in ("nasional", "instansi"):
        line.error("Berlaku", "unknown_word", "Nasional or Instansi")
    if any(
        row["day"] == day and row["national"] == (scope == "nasional") for row in found.holidays
    ):
        line.error("Tanggal", "duplicate", "the day is there already")
    if line.good:
        found.holidays.append({"day": day, "name": name, "national": scope == "nasional"})
