"""A second, small agency as the workbook that an administrator imports."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from openpyxl import Workbook

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
AGENCY = ("Instansi", ("Kode", "Nama", "Zona Waktu", "Tahun"))
UNIT = ("Unit", ("Kode", "Nama", "Kode Induk"))
POST = ("Jabatan", ("Kode", "Nama Jabatan", "Kode Unit", "Kelas", "Kepala Unit"))
PERSON = ("Pegawai", ("NIP", "Nama", "Email", "Kelompok"))
SEAT = ("Penugasan", ("NIP", "Kode Jabatan", "Jenis", "Mulai", "Sampai", "NIP Penilai"))
HOLIDAY = ("Hari Libur", ("Tanggal", "Nama", "Berlaku"))
SQUAD = (
    "Tim",
    (
        "Kode", "Nama", "Nomor Surat", "Kode Unit", "NIP Sponsor", "Mulai", "Sampai",
        "Anggaran Poin",
    ),
)  # fmt: skip
MEMBER = (
    "Anggota",
    (
        "Kode Tim", "NIP", "Peran", "Curahan %", "Mulai", "Sampai", "Surat Persetujuan",
        "Tanggal Persetujuan",
    ),
)  # fmt: skip
PLAN = (
    "SKP",
    (
        "NIP", "Nomor", "Jenis", "Peran", "Hasil Kerja", "Bobot %", "Aspek", "Indikator",
        "Target", "Satuan", "Arah",
    ),
)  # fmt: skip
OUTPUT = (
    "Keluaran",
    (
        "Kode Tim", "Nomor", "Judul", "Indikator", "Target", "Nilai", "Periode", "Tenggat",
        "Bagian",
    ),
)  # fmt: skip

#: short name -> (NIP, name, group, post)
PEOPLE = {
    "umar": ("196901011995031001", "Umar Seberang", None, "SEB-00"),
    "vina": ("198902022014022002", "Vina Seberang", None, "SEB-01"),
    "xenia": ("198703032012032003", "Xenia Seberang", "perf_admin", "SEB-01"),
}


def second_agency():
    """The bytes of the workbook: a head, an employee in a squad, and who runs the cycle."""
    nip = {name: row[0] for name, row in PEOPLE.items()}
    rows = {
        AGENCY: [("SEB", "Dinas Seberang", "Asia/Makassar", 2026)],
        UNIT: [("SEB", "Dinas Seberang", None)],
        POST: [
            ("SEB-00", "Kepala Dinas", "SEB", "JPT", "Ya"),
            ("SEB-01", "Analis", "SEB", "JF", "Tidak"),
        ],
        PERSON: [(row[0], row[1], None, row[2]) for row in PEOPLE.values()],
        SEAT: [(row[0], row[3], "definitif", FIRST, None, None) for row in PEOPLE.values()],
        HOLIDAY: [(date(2026, 1, 1), "Tahun Baru", "Nasional")],
        SQUAD: [("SEB-T1", "Tim Seberang", "SK-9", "SEB", nip["umar"], FIRST, LAST, 50)],
        MEMBER: [("SEB-T1", nip["vina"], "ketua", 40, FIRST, LAST, "ND-9", FIRST)],
        PLAN: [
            (nip[name], 1, "utama", "unit", "Hasil kerja", 100, "kuantitas", "Selesai", 10,
             "buah", "naik")
            for name in PEOPLE
        ],
        OUTPUT: [("SEB-T1", 1, "Keluaran seberang", "Ada", "1", 20, 1, date(2026, 3, 13), None)],
    }  # fmt: skip
    book = Workbook()
    book.remove(book.active)
    for (title, heads), body in rows.items():
        sheet = book.create_sheet(title)
        for row in (heads, *body):
            sheet.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()
