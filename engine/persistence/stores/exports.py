"""An agency's year as the sheets that an import reads; one statement per sheet."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.indicators import Direction
from engine.domain.people import AppointmentKind
from engine.domain.squads import Consent
from engine.persistence.tables import accounts as ac
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import functional as f
from engine.persistence.tables import goals as g
from engine.persistence.tables import performance as p
from engine.usecases.imports.goal_rows import LEVELS, PERSPECTIVES
from engine.usecases.imports.rows import HOME_ROLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from engine.usecases.ports.exports import Cell

    Rows = Iterator[Mapping[str, Cell]]

_DAY: Final = timedelta(days=1)
_KINDS: Final = {AppointmentKind.DEFINITIVE: "definitif"}
_LEVELS: Final = {level: word for word, level in LEVELS.items()}
_PERSPECTIVES: Final = {view: word for word, view in PERSPECTIVES.items()}
_DIRECTIONS: Final = {
    Direction.HIGHER: "naik",
    Direction.LOWER: "turun",
    Direction.RANGE: "rentang",
    Direction.QUALITATIVE: "kata",
}


class SqlExportStore:
    """`ExportStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def sheets(self, agency_id: str, cycle_id: str) -> Iterator[tuple[str, Rows]]:
        """Every sheet with its rows by heading, in the order of the import."""
        yield "Instansi", self._agency(agency_id, cycle_id)
        yield "Unit", self._units(agency_id)
        yield "Sasaran", self._objectives(cycle_id)
        codes = self._post_codes(agency_id)
        yield "Jabatan", self._posts(agency_id, codes)
        yield "Uraian Tugas", self._tasks(agency_id, codes)
        yield "Pegawai", self._people(agency_id)
        yield "Penugasan", self._appointments(agency_id, codes)
        yield "Hari Libur", self._holidays(agency_id)
        yield "Tim", self._squads(agency_id)
        yield "Anggota", self._members(agency_id)
        yield "SKP", self._results(cycle_id)
        yield "Keluaran", self._outputs(cycle_id)

    def _agency(self, agency_id: str, cycle_id: str) -> Rows:
        query = (
            sa.select(a.agency, p.cycle.c.year)
            .join(p.cycle, p.cycle.c.agency_id == a.agency.c.id)
            .where(a.agency.c.id == agency_id, p.cycle.c.id == cycle_id)
        )
        for row in self._all(query):
            yield {
                "Kode": row["code"],
                "Nama": row["name"],
                "Zona Waktu": row["timezone"],
                "Tahun": row["year"],
            }

    def _units(self, agency_id: str) -> Rows:
        above = a.unit.alias("above")
        query = (
            sa.select(a.unit.c.code, a.unit.c.name, above.c.code.label("parent"))
            .outerjoin(above, above.c.id == a.unit.c.parent_id)
            .where(a.unit.c.agency_id == agency_id)
            .order_by(a.unit.c.code)
        )
        for row in self._all(query):
            yield {"Kode": row["code"], "Nama": row["name"], "Kode Induk": row["parent"]}

    def _objectives(self, cycle_id: str) -> Rows:
        above = g.objective.alias("above")
        query = (
            sa.select(g.objective, a.unit.c.code.label("unit"), above.c.code.label("parent"))
            .join(a.unit, a.unit.c.id == g.objective.c.unit_id)
            .outerjoin(above, above.c.id == g.objective.c.parent_id)
            .where(g.objective.c.cycle_id == cycle_id)
            .order_by(g.objective.c.code)
        )
        for row in self._all(query):
            yield {
                "Kode": row["code"],
                "Judul": row["title"],
                "Kode Unit": row["unit"],
                "Perspektif": _PERSPECTIVES.get(row["perspective"]),
                "Kode Induk": row["parent"],
                "Tingkat": _LEVELS[row["level"]],
            }

    def _tasks(self, agency_id: str, codes: Mapping[str, str]) -> Rows:
        query = (
            sa.select(a.job_task)
            .join(a.post, a.post.c.id == a.job_task.c.post_id)
            .join(a.unit, a.unit.c.id == a.post.c.unit_id)
            .where(a.unit.c.agency_id == agency_id)
        )
        for row in sorted(self._all(query), key=lambda one: (codes[one["post_id"]], one["name"])):
            yield {
                "Kode Jabatan": codes[row["post_id"]],
                "Tugas": row["name"],
                "Volume Setahun": row["volume"],
                "Jam per Tugas": row["hours"],
            }

    def _post_codes(self, agency_id: str) -> Mapping[str, str]:
        """A code for each post: its unit's, with a number; Regu itself keeps none."""
        query = (
            sa.select(a.post.c.id, a.unit.c.code)
            .join(a.unit, a.unit.c.id == a.post.c.unit_id)
            .where(a.unit.c.agency_id == agency_id)
            .order_by(a.unit.c.code, a.post.c.is_head.desc(), a.post.c.title, a.post.c.id)
        )
        found: dict[str, str] = {}
        for code, rows in groupby(self._all(query), key=lambda row: row["code"]):
            found |= {row["id"]: f"{code}-{n}" for n, row in enumerate(rows, start=1)}
        return found

    def _posts(self, agency_id: str, codes: Mapping[str, str]) -> Rows:
        query = (
            sa.select(a.post, a.unit.c.code.label("unit"))
            .join(a.unit, a.unit.c.id == a.post.c.unit_id)
            .where(a.unit.c.agency_id == agency_id)
            .order_by(a.unit.c.code, a.post.c.is_head.desc(), a.post.c.title, a.post.c.id)
        )
        for row in self._all(query):
            yield {
                "Kode": codes[row["id"]],
                "Nama Jabatan": row["title"],
                "Kode Unit": row["unit"],
                "Kelas": row["job_class"].value,
                "Kepala Unit": "Ya" if row["is_head"] else "Tidak",
            }

    def _people(self, agency_id: str) -> Rows:
        query = (
            sa.select(
                *(a.person.c[name] for name in ("nip", "name", "email", "rank")),
                ac.role_grant.c.group_name,
            )
            .outerjoin(ac.account, ac.account.c.person_id == a.person.c.id)
            .outerjoin(
                ac.role_grant,
                sa.and_(
                    ac.role_grant.c.login == ac.account.c.login, ac.role_grant.c.valid_to.is_(None)
                ),
            )
            .where(a.person.c.agency_id == agency_id)
            .order_by(a.person.c.nip, ac.role_grant.c.group_name)
        )
        levels = self._levels(agency_id)
        for nip, rows in groupby(self._all(query), key=lambda row: row["nip"]):
            held = list(rows)
            yield {
                "NIP": nip,
                "Nama": held[0]["name"],
                "Email": held[0]["email"],
                "Kelompok": ", ".join(row["group_name"] for row in held if row["group_name"])
                or None,
                "Pangkat": held[0]["rank"] or None,
                **levels.get(nip, {}),
            }

    def _levels(self, agency_id: str) -> Mapping[str, Mapping[str, Cell]]:
        """The newest functional level or contract of each person, by NIP."""
        held = f.functional_standing.c
        query = (
            sa.select(f.functional_standing, a.person.c.nip)
            .join(a.person, a.person.c.id == held.person_id)
            .where(a.person.c.agency_id == agency_id)
            .order_by(held.valid_from, held.at, held.id)
        )
        return {
            row["nip"]: {
                "Kepegawaian": row["employment"].value.upper(),
                "Jenjang": row["level"].value.replace("_", " ").title() if row["level"] else None,
                "Golongan": row["grade"] or None,
                "TMT Jenjang": row["valid_from"],
                "Angka Kredit": row["brought"],
                "Kontrak Sampai": row["contract_until"],
            }
            for row in self._all(query)
        }

    def _appointments(self, agency_id: str, codes: Mapping[str, str]) -> Rows:
        rater, held = a.person.alias("rater"), a.appointment.c
        query = (
            sa.select(a.appointment, a.person.c.nip, rater.c.nip.label("rater_nip"))
            .join(a.person, a.person.c.id == held.person_id)
            .outerjoin(rater, rater.c.id == held.rater_id)
            .where(a.person.c.agency_id == agency_id)
            .order_by(a.person.c.nip, held.valid_from, held.id)
        )
        for row in self._all(query):
            yield {
                "NIP": row["nip"],
                "Kode Jabatan": codes[row["post_id"]],
                "Jenis": _KINDS.get(row["kind"], row["kind"].value),
                "Mulai": row["valid_from"],
                "Sampai": _last(row["valid_to"]),
                "NIP Penilai": row["rater_nip"],
            }

    def _holidays(self, agency_id: str) -> Rows:
        own = a.holiday.c.agency_id
        query = (
            sa.select(a.holiday)
            .where(sa.or_(own == agency_id, own.is_(None)))
            .order_by(a.holiday.c.day, own)
        )
        for row in self._all(query):
            scope = "Instansi" if row["agency_id"] else "Nasional"
            yield {"Tanggal": row["day"], "Nama": row["name"], "Berlaku": scope}

    def _squads(self, agency_id: str) -> Rows:
        query = (
            sa.select(c.squad, a.unit.c.code.label("unit"), a.person.c.nip)
            .join(a.unit, a.unit.c.id == c.squad.c.host_unit_id)
            .join(a.person, a.person.c.id == c.squad.c.sponsor_id)
            .where(c.squad.c.host_agency_id == agency_id)
            .order_by(c.squad.c.code)
        )
        for row in self._all(query):
            yield {
                "Kode": row["code"],
                "Nama": row["name"],
                "Nomor Surat": row["letter_no"],
                "Kode Unit": row["unit"],
                "NIP Sponsor": row["nip"],
                "Mulai": row["starts_on"],
                "Sampai": row["ends_on"],
                "Anggaran Poin": row["budget_points"],
            }

    def _members(self, agency_id: str) -> Rows:
        query = (
            sa.select(c.membership, c.squad.c.code, a.person.c.nip)
            .join(c.squad, c.squad.c.id == c.membership.c.squad_id)
            .join(a.person, a.person.c.id == c.membership.c.person_id)
            .where(c.squad.c.host_agency_id == agency_id, a.person.c.agency_id == agency_id)
            .order_by(c.squad.c.code, a.person.c.nip, c.membership.c.valid_from)
        )
        for row in self._all(query):
            given = row["consent"] is Consent.GIVEN
            signed = row["consent_at"].date() if given and row["consent_at"] else None
            yield {
                "Kode Tim": row["code"],
                "NIP": row["nip"],
                "Peran": row["role"].value,
                "Curahan %": _percent(row["effort_bp"]),
                "Mulai": row["valid_from"],
                "Sampai": _last(row["valid_to"]),
                "Surat Persetujuan": "Regu" if given else None,
                "Tanggal Persetujuan": signed,
            }

    def _results(self, cycle_id: str) -> Rows:
        """Results of everybody's newest plan, a row per indicator."""
        newer, plan, item = p.plan.alias("newer"), p.plan.c, p.plan_item.c
        newest = ~sa.exists().where(
            newer.c.person_id == plan.person_id,
            newer.c.cycle_id == plan.cycle_id,
            newer.c.version > plan.version,
        )
        query = (
            sa.select(p.plan_item, a.person.c.nip, c.squad.c.code, *_measures())
            .join(p.plan, plan.id == item.plan_id)
            .join(a.person, a.person.c.id == plan.person_id)
            .join(p.indicator, p.indicator.c.item_id == item.id)
            .outerjoin(c.membership, c.membership.c.id == item.membership_id)
            .outerjoin(c.squad, c.squad.c.id == c.membership.c.squad_id)
            .where(plan.cycle_id == cycle_id, newest)
            .order_by(a.person.c.nip, item.number, p.indicator.c.number, p.indicator.c.id)
        )
        for row in self._all(query):
            ranged = row["direction"] is Direction.RANGE
            yield {
                "NIP": row["nip"],
                "Nomor": row["number"],
                "Jenis": row["kind"].value,
                "Peran": row["code"] or HOME_ROLE,
                "Hasil Kerja": row["title"],
                "Bobot %": _percent(row["weight_bp"]),
                "Aspek": row["aspect"].value,
                "Indikator": row["text"],
                "Target": row["lower"] if ranged else row["target"],
                "Batas Atas": row["upper"] if ranged else None,
                "Satuan": row["unit"] or None,
                "Arah": _DIRECTIONS.get(row["direction"], "naik"),
            }

    def _outputs(self, cycle_id: str) -> Rows:
        shares = self._shares(cycle_id)
        query = (
            sa.select(c.output, c.squad.c.code, p.period.c.number.label("period"))
            .join(c.squad, c.squad.c.id == c.output.c.squad_id)
            .join(p.period, p.period.c.id == c.output.c.period_id)
            .where(c.output.c.cycle_id == cycle_id)
            .order_by(c.squad.c.code, c.output.c.number)
        )
        for row in self._all(query):
            yield {
                "Kode Tim": row["code"],
                "Nomor": row["number"],
                "Judul": row["title"],
                "Indikator": row["indicator"],
                "Target": row["target"],
                "Nilai": row["value_points"],
                "Periode": row["period"],
                "Tenggat": row["due_on"],
                "Bagian": shares.get(row["id"]),
            }

    def _shares(self, cycle_id: str) -> Mapping[str, str]:
        """Output id to its newest expected shares, as the sheet writes them."""
        plan, newer = c.share_plan.c, c.share_plan.alias("newer")
        newest = ~sa.exists().where(
            newer.c.output_id == plan.output_id, newer.c.version > plan.version
        )
        query = (
            sa.select(plan.output_id, a.person.c.nip, c.share_line.c.expected_bp)
            .join(c.output, c.output.c.id == plan.output_id)
            .join(c.share_line, c.share_line.c.share_plan_id == plan.id)
            .join(a.person, a.person.c.id == c.share_line.c.person_id)
            .where(c.output.c.cycle_id == cycle_id, newest, c.share_line.c.expected_bp > 0)
            .order_by(plan.output_id, a.person.c.nip)
        )
        grouped = groupby(self._all(query), key=lambda row: row["output_id"])
        return {output: "; ".join(map(_share, rows)) for output, rows in grouped}

    def _all(self, query: sa.Select[Any]) -> Iterator[sa.RowMapping]:
        return iter(self._connection.execute(query).mappings())


def _measures() -> tuple[sa.ColumnElement[Any], ...]:
    held = p.indicator.c
    measured = (held.target, held.lower, held.upper, held.unit, held.direction)
    return (held.aspect, held.text, *measured)


def _share(row: sa.RowMapping) -> str:
    return f"{row['nip']}={_percent(row['expected_bp']):f}"


def _percent(bp: int) -> Decimal:
    return Decimal(bp) / 100


def _last(valid_to: date | None) -> date | None:
    return None if valid_to is None else valid_to - _DAY
