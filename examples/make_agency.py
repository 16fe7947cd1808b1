# ruff: noqa: INP001 - a script that stands beside its product, no package
"""Write `agency.xlsx`: a realistic agency for 2026 with the flaws that real exports have.

Run `python examples/make_agency.py [TARGET]`; the same bytes come out every time. People, NIPs
and letters are invented. The columns are described in docs/import.md.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Cell = str | int | float | date | None
YEAR = 2026
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
#: when openpyxl wrote the file, in its properties
WRITTEN_AT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

HEADINGS: dict[str, tuple[str, ...]] = {
    "Instansi": ("Kode", "Nama", "Zona Waktu", "Tahun"),
    "Unit": ("Kode", "Nama", "Kode Induk"),
    "Jabatan": ("Kode", "Nama Jabatan", "Kode Unit", "Kelas", "Kepala Unit"),
    "Pegawai": (
        "NIP", "Nama", "Email", "Kelompok", "Kepegawaian", "Jenjang", "Golongan", "TMT Jenjang",
        "Angka Kredit", "Kontrak Sampai",
    ),
    "Penugasan": ("NIP", "Kode Jabatan", "Jenis", "Mulai", "Sampai", "NIP Penilai"),
    "Hari Libur": ("Tanggal", "Nama", "Berlaku"),
    "Tim": (
        "Kode", "Nama", "Nomor Surat", "Kode Unit", "NIP Sponsor", "Mulai", "Sampai",
        "Anggaran Poin",
    ),
    "Anggota": (
        "Kode Tim", "NIP", "Peran", "Curahan %", "Mulai", "Sampai", "Surat Persetujuan",
        "Tanggal Persetujuan",
    ),
    "SKP": (
        "NIP", "Nomor", "Jenis", "Peran", "Hasil Kerja", "Bobot %", "Aspek", "Indikator", "Target",
        "Satuan", "Arah",
    ),
    "Keluaran": (
        "Kode Tim", "Nomor", "Judul", "Indikator", "Target", "Nilai", "Periode", "Tenggat",
        "Bagian",
    ),
}  # fmt: skip

UNITS = (
    ("BLDN", "Badan Layanan Digital Nusantara", None),
    ("SESTAMA", "Sekretariat Utama", "BLDN"),
    ("DEP-LPD", "Deputi Bidang Layanan Publik Digital", "BLDN"),
    ("DEP-DIN", "Deputi Bidang Data dan Infrastruktur", "BLDN"),
    ("BIRO-REN", "Biro Perencanaan dan Keuangan", "SESTAMA"),
    ("BIRO-SDM", "Biro Sumber Daya Manusia dan Hukum", "SESTAMA"),
    ("DIT-APL", "Direktorat Aplikasi Layanan", "DEP-LPD"),
    ("DIT-PGN", "Direktorat Pengalaman Pengguna", "DEP-LPD"),
    ("PUSDATIN", "Pusat Data dan Informasi", "DEP-DIN"),
    ("DIT-INF", "Direktorat Infrastruktur dan Keamanan", "DEP-DIN"),
)
HEAD_TITLES = {
    "BLDN": "Kepala Badan", "SESTAMA": "Sekretaris Utama", "DEP-LPD": "Deputi", "DEP-DIN": "Deputi",
    "BIRO-REN": "Kepala Biro", "BIRO-SDM": "Kepala Biro", "DIT-APL": "Direktur",
    "DIT-PGN": "Direktur", "PUSDATIN": "Kepala Pusat", "DIT-INF": "Direktur",
}  # fmt: skip
#: unit -> functional post titles of its staff, in the order people fill them
STAFF_TITLES = {
    "BIRO-REN": ("Perencana Ahli Muda", "Analis Anggaran Ahli Pertama"),
    "BIRO-SDM": ("Analis SDM Aparatur Ahli Muda", "Perancang Peraturan Ahli Pertama"),
    "DIT-APL": ("Pranata Komputer Ahli Muda", "Pranata Komputer Ahli Pertama"),
    "DIT-PGN": ("Analis Kebijakan Ahli Muda", "Pranata Humas Ahli Pertama"),
    "PUSDATIN": ("Statistisi Ahli Muda", "Pranata Komputer Mahir"),
    "DIT-INF": ("Pranata Komputer Ahli Madya", "Sandiman Ahli Pertama"),
}
HEADS = (
    ("BLDN", "Retno Wulandari", 2), ("SESTAMA", "Hendra Gunawan", 1),
    ("DEP-LPD", "Maria Kristanti", 2), ("DEP-DIN", "Agus Prasetyo", 1),
    ("BIRO-REN", "Tri Handayani", 2), ("BIRO-SDM", "Bambang Sutrisno", 1),
    ("DIT-APL", "Yusuf Hidayat", 1), ("DIT-PGN", "Ni Luh Ayu Saraswati", 2),
    ("PUSDATIN", "Rahmat Siregar", 1), ("DIT-INF", "Johannes Tambunan", 1),
)  # fmt: skip
STAFF = {
    "BIRO-REN": "Sari Puspita|Fajar Nugroho|Wayan Sudarma|Lestari Widodo|Rizky Ramadhan|"
    "Dian Anggraini|Taufik Hidayatullah|Ratna Dewi|Galih Pratama",
    "BIRO-SDM": "Citra Maharani|Andi Baso|Nurul Aini|Paulus Wenda|Mega Silalahi|Iwan Setiawan|"
    "Putri Handoko|Samuel Rumbiak|Aulia Rahman",
    "DIT-APL": "Dedi Kurniawan|Eka Purnama|Bayu Wicaksono|Intan Permata|Arif Budiman|"
    "Yohana Lumban|Reza Fahlevi|Siti Khadijah|Kevin Manurung",
    "DIT-PGN": "Laras Kusuma|Hanif Abdullah|Gita Savitri|Made Wirawan|Tika Oktaviani|"
    "Doni Saputra|Fitri Yuliana|Yoga Aditya|Melati Sukma",
    "PUSDATIN": "Budi Santoso|Nadia Safitri|Ahmad Fauzan|Clara Simatupang|Irfan Maulana|"
    "Wulan Sari|Teguh Prakoso|Anisa Rahmawati|Ferdinand Sinaga",
    "DIT-INF": "Eko Yulianto|Zahra Amalia|Gerson Nainggolan|Rina Marlina|Hasan Basri|"
    "Dewi Kartika|Ilham Akbar|Theresia Kalalo|Surya Dharma",
}
#: level in the title of a functional post -> rank, and credit a year earns at Baik
LEVELS = {
    "Ahli Pertama": ("III/b", 12.5), "Ahli Muda": ("III/c", 25.0), "Ahli Madya": ("IV/a", 37.5),
    "Mahir": ("III/a", 12.5),
}  # fmt: skip
#: serve on a contract: no functional credit, but a note when it ends
ON_CONTRACT = {"Kevin Manurung": date(YEAR + 1, 6, 30), "Melati Sukma": date(YEAR + 1, 1, 31)}
GROUPS = {
    "Nurul Aini": "perf_admin", "Putri Handoko": "perf_admin", "Andi Baso": "hr",
    "Lestari Widodo": "process_owner", "Theresia Kalalo": "process_owner",
    "Taufik Hidayatullah": "auditor",
}  # fmt: skip
#: code, name, host unit, sponsor unit, budget, members (name, effort %); the first is the ketua
SQUADS = (
    ("TIM-01", "Satu Data Layanan Publik", "PUSDATIN", "PUSDATIN", 100,
     (("Budi Santoso", 50), ("Sari Puspita", 20), ("Citra Maharani", 30))),
    ("TIM-02", "Perizinan Terpadu", "DIT-APL", "DIT-APL", 80,
     (("Sari Puspita", 10), ("Dedi Kurniawan", 20), ("Eka Purnama", 20), ("Gita Savitri", 25))),
    ("TIM-03", "Ketahanan Siber", "DIT-INF", "DIT-INF", 120,
     (("Eko Yulianto", 40), ("Zahra Amalia", 30), ("Bayu Wicaksono", 25), ("Nadia Safitri", 20),
      ("Clara Simatupang", 20))),
    ("TIM-04", "Reformasi Birokrasi", "BIRO-SDM", "BIRO-SDM", 60,
     (("Andi Baso", 30), ("Mega Silalahi", 25), ("Iwan Setiawan", 20), ("Aulia Rahman", 20))),
    ("TIM-05", "Rencana dan Anggaran 2027", "BIRO-REN", "BIRO-REN", 60,
     (("Fajar Nugroho", 35), ("Wayan Sudarma", 30), ("Dian Anggraini", 20), ("Ratna Dewi", 20))),
    ("TIM-06", "Riset Pengguna", "DIT-PGN", "DIT-PGN", 60,
     (("Laras Kusuma", 40), ("Hanif Abdullah", 30), ("Tika Oktaviani", 30))),
)  # fmt: skip
#: squad, number, title, indicator, target, points, period, due
OUTPUTS = (
    ("TIM-01", 1, "Katalog data layanan publik", "Jumlah set data terdaftar", "120 set data", 40, 2,
     date(YEAR, 6, 19)),
    ("TIM-01", 2, "Dasbor mutu data", "Dasbor dipakai unit", "6 unit", 30, 4, date(YEAR, 11, 13)),
    ("TIM-02", 1, "Alur perizinan usaha mikro", "Waktu layanan", "paling lama 3 hari", 20, 2,
     date(YEAR, 6, 12)),
    ("TIM-02", 2, "Integrasi tanda tangan elektronik", "Layanan terintegrasi", "4 layanan", 30, 3,
     date(YEAR, 9, 18)),
    ("TIM-03", 1, "Uji penetrasi layanan utama", "Layanan diuji", "8 layanan", 45, 2,
     date(YEAR, 5, 29)),
    ("TIM-03", 2, "Pusat pantau insiden", "Waktu tanggap", "paling lama 30 menit", 50, 4,
     date(YEAR, 11, 20)),
    ("TIM-04", 1, "Peta proses bisnis", "Proses terpetakan", "45 proses", 25, 1, date(YEAR, 3, 13)),
    ("TIM-04", 2, "Penilaian mandiri RB", "Nilai mandiri", "78", 25, 3, date(YEAR, 9, 11)),
    ("TIM-05", 1, "Rancangan rencana kerja 2027", "Dokumen ditetapkan", "1 dokumen", 30, 2,
     date(YEAR, 5, 22)),
    ("TIM-05", 2, "Pagu indikatif 2027", "Ketepatan pagu", "98 persen", 20, 3, date(YEAR, 8, 14)),
    ("TIM-06", 1, "Survei kepuasan semester I", "Responden", "2.000 orang", 25, 2,
     date(YEAR, 6, 5)),
    ("TIM-06", 2, "Panduan antarmuka layanan", "Layanan menerapkan", "10 layanan", 25, 4,
     date(YEAR, 10, 30)),
)  # fmt: skip
HOLIDAYS = (
    (1, 1, "Tahun Baru 2026 Masehi"), (1, 16, "Isra Mikraj"), (2, 17, "Tahun Baru Imlek"),
    (3, 19, "Hari Suci Nyepi"), (3, 20, "Idulfitri 1447 H"), (4, 3, "Wafat Yesus Kristus"),
    (5, 1, "Hari Buruh"), (5, 14, "Kenaikan Yesus Kristus"), (5, 27, "Iduladha 1447 H"),
    (6, 1, "Hari Lahir Pancasila"), (6, 16, "Tahun Baru Islam"), (8, 17, "Proklamasi"),
    (8, 25, "Maulid Nabi"), (12, 25, "Kelahiran Yesus Kristus"),
)  # fmt: skip
#: result titles by unit: (title, weight %, aspect, indicator, target, unit, direction)
RESULTS = {
    "BIRO-REN": (("Tersusunnya bahan perencanaan unit", 60, "kuantitas", "Dokumen selesai", 12),
                 ("Terlaksananya evaluasi anggaran", 40, "kualitas", "Nilai evaluasi", 90)),
    "BIRO-SDM": (("Terlayaninya administrasi kepegawaian", 50, "kuantitas", "Berkas selesai", 240),
                 ("Tersedianya telaahan hukum", 50, "kuantitas", "Telaahan", 18)),
    "DIT-APL": (("Terbangunnya modul layanan", 70, "kuantitas", "Modul rilis", 6),
                ("Terpeliharanya aplikasi", 30, "kualitas", "Ketersediaan persen", 99)),
    "DIT-PGN": (("Tersedianya kajian pengguna", 55, "kuantitas", "Kajian", 5),
                ("Terlaksananya pendampingan layanan", 45, "kuantitas", "Pendampingan", 20)),
    "PUSDATIN": (("Terkelolanya set data prioritas", 60, "kuantitas", "Set data", 40),
                 ("Terlayaninya permintaan data", 40, "kualitas", "Kepuasan", 85)),
    "DIT-INF": (("Terjaganya infrastruktur layanan", 65, "kualitas", "Ketersediaan persen", 99),
                ("Tertanganinya insiden", 35, "kuantitas", "Insiden selesai", 60)),
}  # fmt: skip
HEAD_RESULTS = (
    ("Tercapainya sasaran unit kerja", 60, "kuantitas", "Sasaran tercapai persen", 100),
    ("Meningkatnya mutu tata kelola unit", 40, "kualitas", "Nilai tata kelola", 80),
)


@dataclass(frozen=True)
class Civil:
    """One invented civil servant."""

    nip: str
    name: str
    unit: str
    is_head: bool


def people() -> list[Civil]:
    """Heads first, then the staff unit by unit, each with a well-formed NIP."""
    rows = [(name, unit, sex, True) for unit, name, sex in HEADS]
    rows += [
        (name, unit, 1 + position % 2, False)
        for unit, names in STAFF.items()
        for position, name in enumerate(names.split("|"))
    ]
    return [
        Civil(nip=_nip(index, sex, is_head=is_head), name=name, unit=unit, is_head=is_head)
        for index, (name, unit, sex, is_head) in enumerate(rows, start=1)
    ]


def _nip(index: int, sex: int, *, is_head: bool) -> str:
    born = 1966 + index % 9 if is_head else 1978 + index * 7 % 17
    birth = f"{born}{1 + index * 5 % 12:02d}{1 + index * 11 % 28:02d}"
    return f"{birth}{born + 24}{1 + index * 3 % 12:02d}{sex}{index:03d}"


def sheets() -> dict[str, list[tuple[Cell, ...]]]:
    """The rows of every sheet, flaws included, without headings."""
    folk = people()
    by_name = {person.name: person for person in folk}
    heads = {person.unit: person for person in folk if person.is_head}
    rows: dict[str, list[tuple[Cell, ...]]] = {
        "Instansi": [("BLDN", "Badan Layanan Digital Nusantara", "Asia/Jakarta", YEAR)],
        "Unit": list(UNITS),
        "Jabatan": list(_posts()),
        "Pegawai": [_person_row(person) + _service(person, n) for n, person in enumerate(folk)],
        "Penugasan": list(_appointments(folk, heads)),
        "Hari Libur": [(date(YEAR, m, d), name, "Nasional") for m, d, name in HOLIDAYS],
        "Tim": [
            (code, name, f"SK-{100 + n}/BLDN/{YEAR}", host, heads[sponsor].nip, FIRST, LAST, budget)
            for n, (code, name, host, sponsor, budget, _) in enumerate(SQUADS, start=1)
        ],
        "Anggota": list(_members(by_name)),
        "SKP": list(_results(folk)),
        "Keluaran": [(*output, None) for output in OUTPUTS],
    }
    _spoil(rows, by_name)
    return rows


def _posts() -> Iterator[tuple[Cell, ...]]:
    for unit, name, _ in UNITS:
        yield (f"{unit}-00", f"{HEAD_TITLES[unit]} {name}", unit, "JPT", "Ya")
    for unit, titles in STAFF_TITLES.items():
        for number, title in enumerate(titles, start=1):
            yield (f"{unit}-{number:02d}", title, unit, "JF", "Tidak")


def _person_row(person: Civil) -> tuple[Cell, ...]:
    mail = re.sub(r"[^a-z]+", ".", person.name.lower()) + "@bldn.example"
    return (person.nip, person.name, mail, GROUPS.get(person.name))


def _service(person: Civil, place: int) -> tuple[Cell, ...]:
    """Kind of service, level, rank, since when and with how much credit; or the contract's end."""
    if person.name in ON_CONTRACT:
        return ("PPPK", None, None, None, None, ON_CONTRACT[person.name])
    if person.is_head:
        return ("PNS", None, None, None, None, None)
    title = STAFF_TITLES[person.unit][place % 2]
    level = next(name for name in LEVELS if title.endswith(name))
    rank, yearly = LEVELS[level]
    years = 1 + place % 3
    return ("PNS", level, rank, date(YEAR - years, 4, 1), yearly * years, None)


def _appointments(folk: Sequence[Civil], heads: dict[str, Civil]) -> Iterator[tuple[Cell, ...]]:
    parent = {code: above for code, _, above in UNITS}
    for index, person in enumerate(folk):
        number = 0 if person.is_head else 1 + index % 2
        above = parent[person.unit] if person.is_head else person.unit
        rater = heads[above].nip if above else None
        yield (person.nip, f"{person.unit}-{number:02d}", "definitif", FIRST, None, rater)


def _members(by_name: dict[str, Civil]) -> Iterator[tuple[Cell, ...]]:
    for number, (code, _, _, _, _, members) in enumerate(SQUADS, start=1):
        for place, (name, effort) in enumerate(members):
            role = "anggota" if place else "ketua"
            letter = f"ND-{number:02d}{place + 1:02d}/BLDN/{YEAR}"
            signed = date(YEAR, 1, 2 + place)
            yield (code, by_name[name].nip, role, effort, FIRST, LAST, letter, signed)


def _results(folk: Sequence[Civil]) -> Iterator[tuple[Cell, ...]]:
    for person in folk:
        results = HEAD_RESULTS if person.is_head else RESULTS[person.unit]
        for number, (title, weight, aspect, indicator, target) in enumerate(results, start=1):
            yield (
                person.nip, number, "utama", "unit", title, weight, aspect, indicator, target,
                "persen" if "persen" in indicator else "buah", "naik",
            )  # fmt: skip


def _spoil(rows: dict[str, list[tuple[Cell, ...]]], by_name: dict[str, Civil]) -> None:
    """Put in the flaws: each is a thing that real exports contain."""
    number = by_name["Ferdinand Sinaga"].nip
    _swap(rows["Pegawai"], 0, number, int(number))  # kept as a number: the last digits are lost
    rows["Pegawai"].append(_person_row(by_name["Ahmad Fauzan"]))  # a duplicate
    rows["Pegawai"].append(("1987043120100110", "Bagas Saputra", None, None))  # 16 digits
    _swap(rows["Penugasan"], 5, None, None, key=by_name["Galih Pratama"].nip)  # no rater written
    _swap(rows["Penugasan"], 5, None, "197001011995011999", key=by_name["Rina Marlina"].nip)
    rows["Jabatan"].append(("DIT-KSI-01", "Analis Kerja Sama", "DIT-KSI", "JF", "Tidak"))
    late = by_name["Clara Simatupang"].nip
    _swap(rows["Anggota"], 6, None, None, key=by_name["Gita Savitri"].nip)  # nobody consented
    _swap(rows["Anggota"], 7, None, None, key=by_name["Gita Savitri"].nip)
    _swap(rows["Anggota"], 5, None, date(YEAR + 1, 3, 31), key=late)  # past the squad's end
    _swap(rows["SKP"], 5, 45, 35, key=by_name["Melati Sukma"].nip)  # 55 + 35 is not 100
    rows["Keluaran"].append(
        ("TIM-09", 1, "Laporan kerja sama", "Laporan", "1 laporan", 10, 3, date(YEAR, 9, 1), None)
    )
    rows["Hari Libur"].append(("17 Agustus", "Proklamasi", "Nasional"))  # a date as text


def _swap(
    rows: list[tuple[Cell, ...]], column: int, old: Cell, new: Cell, *, key: Cell = None
) -> None:
    """Replace a cell where it equals `old` (any, when None), in the rows that name `key`."""
    for index, row in enumerate(rows):
        named = key is None or key in row[:2]
        if named and (old is None or row[column] == old):
            rows[index] = (*row[:column], new, *row[column + 1 :])


def workbook_bytes() -> bytes:
    """The workbook; byte-equal at every call."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for title, rows in sheets().items():
        sheet = book.create_sheet(title)
        sheet.append(list(HEADINGS[title]))
        for row in rows:
            sheet.append(list(row))
    raw = io.BytesIO()
    book.save(raw)
    return _timeless(raw.getvalue())


def _timeless(raw: bytes) -> bytes:
    """The same archive without the hour at which it was written."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(result, "w") as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = WRITTEN_AT.sub(b"2026-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, date_time=(YEAR, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return result.getvalue()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("agency.xlsx")
    target.write_bytes(workbook_bytes())
