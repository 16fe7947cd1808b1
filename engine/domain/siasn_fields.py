"""What SIASN holds beside what is sent, field by field (domain.md 8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.exchange import PERSON_FIELD, ExchangeKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.exchange import Payload

    Record = Mapping[str, object]

#: what says which evaluation a record is
_WHICH: Final[Mapping[ExchangeKind, Sequence[str]]] = {
    ExchangeKind.ANNUAL: ("tahun",),
    ExchangeKind.PERIODIC: (
        "tahunMulaiPenilaian",
        "bulanMulaiPenilaian",
        "tahunSelesaiPenilaian",
        "bulanSelesaiPenilaian",
    ),
}
_RANK: Final = "penilaiGolongan"
#: SIASN's own number of a rank, shown in place of the rank
_RANK_NUMBER: Final = "penilaiGolonganId"
#: field as it is sent -> the other name under which `rw-skp22` shows it, by public clients [S18];
#: the periodic records are taken to follow it
SHOWN_AS: Final[Mapping[str, str]] = {
    "perilakuKerjaNilai": "PerilakuKerjaNilai",
    "kuadranKinerjaNilai": "KuadranKinerjaNilai",
    "penilaiNipNrp": "nipNrpPenilai",
    "penilaiNama": "namaPenilai",
    "penilaiJabatan": "penilaiJabatanNm",
    "penilaiJabatanNama": "penilaiJabatanNm",
    "penilaiUnorNama": "penilaiUnorNm",
    _RANK: _RANK_NUMBER,
}
#: fields that SIASN never shows as they were sent: its id of whom the record is about. Records are
#: asked for by NIP, so they are his
NEVER_SHOWN: Final = frozenset(PERSON_FIELD.values())
#: fields that no public client was seen to read back [S18]: compared only where a record has them
PERHAPS_SHOWN: Final[Mapping[ExchangeKind, frozenset[str]]] = {
    ExchangeKind.ANNUAL: frozenset({_RANK}),
    ExchangeKind.PERIODIC: frozenset({_RANK, "tahun", "koefisienId", "periodikId"}),
}
#: golongan of civil servants -> the tens of SIASN's number; a to e are its ones: IV/a is 41 [M]
_TENS: Final[Mapping[str, int]] = {"I": 10, "II": 20, "III": 30, "IV": 40}
_GRADE: Final = re.compile(r"\b(IV|I{1,3})/([a-e])\b", re.IGNORECASE)


class Match(StrEnum):
    """What SIASN holds, beside what is to be sent."""

    NONE = "none"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Unlike:
    """A field that SIASN holds otherwise."""

    #: its name as it is sent
    field: str
    here: str
    there: str


def compare(
    kind: ExchangeKind, payload: Payload, records: Sequence[Record]
) -> tuple[Match, Record | None]:
    """Promise: whether SIASN holds this evaluation, as it is or as another, and which record.

    Of several records of one evaluation a different one speaks: a person must look at it.
    """
    held = _held(kind, payload, records)
    for record in held:
        if unlike(kind, payload, record):
            return Match.OTHER, record
    return (Match.SAME, held[0]) if held else (Match.NONE, None)


def copies(kind: ExchangeKind, payload: Payload, records: Sequence[Record]) -> int:
    """Promise: how many records of this evaluation SIASN holds."""
    return len(_held(kind, payload, records))


def unlike(kind: ExchangeKind, payload: Payload, record: Record) -> tuple[Unlike, ...]:
    """Promise: every field of a payload that a record holds otherwise, in order of sending.

    Left out are `NEVER_SHOWN`, and `PERHAPS_SHOWN` where the record is without them.
    """
    return tuple(
        Unlike(name, _text(payload[name]), _text(_shown(record, name)))
        for name in payload
        if _compared(kind, record, name, _text(payload[name])) and not _alike(payload, record, name)
    )


def _held(kind: ExchangeKind, payload: Payload, records: Sequence[Record]) -> list[Record]:
    return [
        record for record in records if all(_alike(payload, record, name) for name in _WHICH[kind])
    ]


def _compared(kind: ExchangeKind, record: Record, name: str, here: str) -> bool:
    if name in NEVER_SHOWN:
        return False
    if name == _RANK and name not in record:  # only a number there: of PNS alone its rank is known
        return _RANK_NUMBER in record and bool(_rank_number(here) or not here)
    shown = name in record or SHOWN_AS.get(name) in record
    return shown or name not in PERHAPS_SHOWN[kind]


def _shown(record: Record, name: str) -> object:
    return record[name] if name in record else record.get(SHOWN_AS.get(name, name))


def _alike(payload: Payload, record: Record, name: str) -> bool:
    """Numbers come back as numbers or as their digits; case and spaces do not matter."""
    here, there = _text(payload[name]).casefold(), _text(_shown(record, name)).casefold()
    return here == there or (name == _RANK and bool(there) and _rank_number(here) == there)


def _rank_number(words: str) -> str:
    """SIASN's number of a rank such as "Pembina (IV/a)"; "" for other words."""
    found = _GRADE.search(words)
    if found is None:
        return ""
    return str(_TENS[found[1].upper()] + " abcde".index(found[2].lower()))


def _text(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())
