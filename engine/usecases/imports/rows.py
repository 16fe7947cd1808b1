"""The sheets of an agency's workbook, and the rows that stand after reading them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.imports.cells import Flaw, Line, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

#: sheet -> headings, as docs/import.md describes them
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "Instansi": ("Kode", "Nama", "Zona Waktu", "Tahun"),
    "Unit": ("Kode", "Nama", "Kode Induk"),
    "Jabatan": ("Kode", "Nama Jabatan", "Kode Unit", "Kelas", "Kepala Unit"),
    "Pegawai": ("NIP", "Nama", "Email", "Kelompok"),
    "Penugasan": ("NIP", "Kode Jabatan", "Jenis", "Mulai", "Sampai", "NIP Penilai"),
    "Hari Libur": ("Tanggal", "Nama", "Berlaku"),
    "Tim": (
        *("Kode", "Nama", "Nomor Surat", "Kode Unit", "NIP Sponsor"),
        *("Mulai", "Sampai", "Anggaran Poin"),
    ),
    "Anggota": (
        *("Kode Tim", "NIP", "Peran", "Curahan %", "Mulai", "Sampai"),
        *("Surat Persetujuan", "Tanggal Persetujuan"),
    ),
    "SKP": (
        *("NIP", "Nomor", "Jenis", "Peran", "Hasil Kerja", "Bobot %"),
        *("Aspek", "Indikator", "Target", "Satuan", "Arah"),
    ),
    "Keluaran": (
        *("Kode Tim", "Nomor", "Judul", "Indikator", "Target", "Nilai"),
        *("Periode", "Tenggat", "Bagian"),
    ),
}
#: sheets that may be missing
OPTIONAL_SHEETS: Final[Mapping[str, tuple[str, ...]]] = {
    "Sasaran": ("Kode", "Judul", "Kode Unit", "Perspektif", "Kode Induk"),
    "Uraian Tugas": ("Kode Jabatan", "Tugas", "Volume Setahun", "Jam per Tugas"),
}
#: columns that may be missing
OPTIONAL_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "Pegawai": (
        *("Pangkat", "Kepegawaian", "Jenjang", "Golongan", "TMT Jenjang"),
        *("Angka Kredit", "Kontrak Sampai"),
    ),
    "SKP": ("Batas Atas",),
    "Sasaran": ("Tingkat",),
}
#: periods of a year: quarters
PERIODS: Final = 4
#: role of a result in the home unit
HOME_ROLE: Final = "unit"


@dataclass(slots=True)
class Examined:
    """Rows that stand, keyed as the sheets name them; values as `Line` reads them."""

    flaws: list[Flaw] = field(default_factory=list)
    agency: dict[str, Any] = field(default_factory=dict)
    units: dict[str, dict[str, Any]] = field(default_factory=dict)
    objectives: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: (code of the post, name) -> task
    tasks: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    appointments: list[dict[str, Any]] = field(default_factory=list)
    holidays: list[dict[str, Any]] = field(default_factory=list)
    squads: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    #: (NIP, number) -> result with its indicators
    results: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    outputs: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """How many flaws keep a row out."""
        return sum(flaw.severity is Severity.ERROR for flaw in self.flaws)

    def counts(self) -> dict[str, int]:
        """How many rows of each sheet stand."""
        optional = {"Sasaran": len(self.objectives)} if self.objectives else {}
        if self.tasks:
            optional["Uraian Tugas"] = len(self.tasks)
        return optional | {
            "Instansi": int(bool(self.agency)),
            "Unit": len(self.units),
            "Jabatan": len(self.posts),
            "Pegawai": len(self.people),
            "Penugasan": len(self.appointments),
            "Hari Libur": len(self.holidays),
            "Tim": len(self.squads),
            "Anggota": len(self.members),
            "SKP": len(self.results),
            "Keluaran": len(self.outputs),
        }


def known(found: Examined, line: Line, heading: str) -> str:
    """A NIP that the sheet Pegawai brought without an error."""
    nip = line.nip(heading)
    if nip and nip not in found.people:
        line.error(heading, "person_unknown", f"{nip} was not imported from the sheet Pegawai")
    return nip
