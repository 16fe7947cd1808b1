"""A small workbook to begin with: every sheet and heading, a few invented people, no error."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from engine.usecases.imports.rows import HEADINGS, OPTIONAL_HEADINGS, OPTIONAL_SHEETS
from engine.usecases.spreadsheets import Book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.spreadsheets import Value

_HEAD, _LEAD, _MEMBER = "197505121999032001", "198003152005011002", "199001012015042001"
_YEAR: Final = 2026
_FIRST, _LAST = date(_YEAR, 1, 1), date(_YEAR, 12, 30)

_ROWS: Final[Mapping[str, Sequence[Sequence[Value]]]] = {
    "Instansi": [("CONTOH", "Badan Contoh", "Asia/Jakarta", _YEAR)],
    "Unit": [("SES", "Sekretariat", None), ("BIRO", "Biro Perencanaan", "SES")],
    "Jabatan": [
        ("J-01", "Sekretaris", "SES", "JPT", "Ya"),
        ("J-02", "Kepala Biro Perencanaan", "BIRO", "JPT", "Ya"),
        ("J-03", "Perencana Ahli Muda", "BIRO", "JF", "Tidak"),
    ],
    "Pegawai": [
        (_HEAD, "Ratna Dewi Lestari", "ratna@contoh.go.id", None, "Pembina Utama Madya, IV/d"),
        (_LEAD, "Budi Santoso", "budi@contoh.go.id", "hr, perf_admin", "Pembina Utama Muda, IV/c"),
        (
            *(_MEMBER, "Sari Wulandari", "sari@contoh.go.id", None, "Penata, III/c"),
            *("PNS", "Ahli Muda", "III/c", date(_YEAR - 1, 4, 1), 18.75, None),
        ),
    ],
    "Penugasan": [
        (_HEAD, "J-01", "definitif", _FIRST, None, None),
        (_LEAD, "J-02", "definitif", _FIRST, None, _HEAD),
        (_MEMBER, "J-03", "definitif", _FIRST, None, _LEAD),
    ],
    "Hari Libur": [(date(_YEAR, 8, 17), "Hari Kemerdekaan", "Nasional")],
    "Tim": [("TIM-01", "Tim Satu Data", "ST-01/2026", "BIRO", _HEAD, _FIRST, _LAST, 100)],
    "Anggota": [
        ("TIM-01", _LEAD, "ketua", 20, _FIRST, None, "ND-01/2026", _FIRST),
        ("TIM-01", _MEMBER, "anggota", 30, _FIRST, None, "ND-02/2026", _FIRST),
    ],
    "SKP": [
        (
            *(_MEMBER, 1, "utama", "unit", "Rencana strategis tersusun", 100, "kuantitas"),
            *("Jumlah dokumen", 1, "dokumen", "naik", None),
        ),
        (
            *(_MEMBER, 2, "utama", "TIM-01", "Portal data berjalan", 100, "kuantitas"),
            *("Jumlah layanan", 4, "layanan", "naik", None),
        ),
    ],
    "Keluaran": [
        (
            *("TIM-01", 1, "Portal data berjalan", "Jumlah layanan", "4 layanan", 60, 2),
            *(date(_YEAR, 6, 30), f"{_LEAD}=40; {_MEMBER}=60"),
        )
    ],
    "Uraian Tugas": [("J-03", "Telaah rancangan rencana kerja", 400, 1.5)],
    "Sasaran": [("SS-1", "Perencanaan yang tepat guna", "SES", None, None, "outcome")],
}


def sample_workbook() -> bytes:
    """The workbook as xlsx; a NIP is text in it."""
    book = Book()
    for title, names in {**HEADINGS, **OPTIONAL_SHEETS}.items():
        headings = [*names, *OPTIONAL_HEADINGS.get(title, ())]
        sheet = book.sheet(title, widths=[22] * len(headings))
        sheet.append(headings, bold=True)
        for row in _ROWS[title]:
            sheet.append(row, formats=["@" if isinstance(value, str) else "" for value in row])
    return book.content()
