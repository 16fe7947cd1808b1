"""BerAKHLAK: the seven values and three statements of each.

Source: SE MenPANRB 20/2021 by its short content (domain.md section 2.2), in Regu's own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: standard statements per value
STATEMENTS_PER_VALUE: Final = 3


class Value(StrEnum):
    """A core value of civil servants (nilai dasar BerAKHLAK), in the order of its letters."""

    #: serves people
    BERORIENTASI_PELAYANAN = "berorientasi_pelayanan"
    #: answers for what was entrusted
    AKUNTABEL = "akuntabel"
    #: keeps learning
    KOMPETEN = "kompeten"
    #: cares, and respects differences
    HARMONIS = "harmonis"
    #: puts nation and state first
    LOYAL = "loyal"
    #: renews, and meets change
    ADAPTIF = "adaptif"
    #: works together
    KOLABORATIF = "kolaboratif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One standard statement of conduct (panduan perilaku)."""

    #: stable name, such as "akuntabel_2"; forms and answers refer to it
    code: str
    #: whose value
    value: Value
    #: 1 to 3
    number: int
    #: words in Indonesian
    text: str
    #: words in English
    text_en: str


_VALUE_NAMES: Final[Mapping[Value, tuple[str, str]]] = {
    Value.BERORIENTASI_PELAYANAN: ("Berorientasi pelayanan", "Service-minded"),
    Value.AKUNTABEL: ("Akuntabel", "Accountable"),
    Value.KOMPETEN: ("Kompeten", "Competent"),
    Value.HARMONIS: ("Harmonis", "Harmonious"),
    Value.LOYAL: ("Loyal", "Loyal"),
    Value.ADAPTIF: ("Adaptif", "Adaptive"),
    Value.KOLABORATIF: ("Kolaboratif", "Collaborative"),
}

_TEXTS: Final[Mapping[Value, tuple[tuple[str, str], ...]]] = {
    Value.BERORIENTASI_PELAYANAN: (
        (
            "Mengenali kebutuhan masyarakat dan memenuhinya",
            "Recognises what the public needs and meets it",
        ),
        (
            "Melayani dengan ramah, cepat, memberi jalan keluar, dan dapat diandalkan",
            "Serves kindly, quickly and reliably, and finds a way",
        ),
        (
            "Terus memperbaiki cara melayani",
            "Keeps improving how the service is given",
        ),
    ),
    Value.AKUNTABEL: (
        (
            "Bekerja jujur, cermat, disiplin, dan berintegritas",
            "Works honestly, carefully, with discipline and integrity",
        ),
        (
            "Memakai barang dan uang negara dengan bertanggung jawab dan hemat",
            "Uses the state's goods and money responsibly and sparingly",
        ),
        (
            "Tidak memakai wewenang jabatan untuk kepentingan lain",
            "Does not turn the powers of the office to other ends",
        ),
    ),
    Value.KOMPETEN: (
        (
            "Menambah kemampuan diri untuk tuntutan yang berubah",
            "Adds to own abilities as demands change",
        ),
        (
            "Membantu orang lain belajar",
            "Helps others to learn",
        ),
        (
            "Menyelesaikan tugas dengan mutu terbaik",
            "Finishes the work at the best quality",
        ),
    ),
    Value.HARMONIS: (
        (
            "Menghormati setiap orang, apa pun latar belakangnya",
            "Respects everybody, whatever their background",
        ),
        (
            "Senang menolong orang lain",
            "Is glad to help others",
        ),
        (
            "Menjaga suasana kerja yang nyaman bagi semua",
            "Keeps a workplace in which everybody can work well",
        ),
    ),
    Value.LOYAL: (
        (
            "Setia kepada Pancasila, UUD 1945, NKRI, dan pemerintah yang sah",
            "Stands by Pancasila, the 1945 Constitution, the Republic and its lawful government",
        ),
        (
            "Menjaga nama baik rekan, pimpinan, instansi, dan negara",
            "Guards the good name of colleagues, leaders, agency and state",
        ),
        (
            "Menyimpan rahasia jabatan dan negara",
            "Keeps the secrets of office and state",
        ),
    ),
    Value.ADAPTIF: (
        (
            "Cepat menyesuaikan diri dengan perubahan",
            "Adjusts quickly to change",
        ),
        (
            "Terus mencari cara baru dan mengembangkan kreativitas",
            "Keeps looking for new ways and ideas",
        ),
        (
            "Bertindak sebelum diminta",
            "Acts before being asked",
        ),
    ),
    Value.KOLABORATIF: (
        (
            "Memberi kesempatan kepada berbagai pihak untuk ikut menyumbang",
            "Gives others room to contribute",
        ),
        (
            "Terbuka bekerja sama untuk hasil yang lebih bernilai",
            "Is open to working together for a better result",
        ),
        (
            "Menggerakkan sumber daya bersama untuk tujuan bersama",
            "Moves shared means towards shared goals",
        ),
    ),
}

#: the 21 statements in the order of the values
STATEMENTS: Final[tuple[Statement, ...]] = tuple(
    Statement(code=f"{value.value}_{n}", value=value, number=n, text=text, text_en=text_en)
    for value, texts in _TEXTS.items()
    for n, (text, text_en) in enumerate(texts, start=1)
)

#: a statement by its code
STATEMENT_BY_CODE: Final[Mapping[str, Statement]] = {row.code: row for row in STATEMENTS}


def value_name(value: Value, *, english: bool = False) -> str:
    """Promise: the value as people write it."""
    return _VALUE_NAMES[value][1 if english else 0]


def statements_of(value: Value) -> tuple[Statement, ...]:
    """Promise: the three statements of a value in order."""
    return tuple(row for row in STATEMENTS if row.value is value)
