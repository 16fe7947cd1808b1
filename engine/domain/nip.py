"""NIP: the 18 digits that name a civil servant. It has no check digit.

PNS: birth 8, appointment month 6, sex 1, serial 3. PPPK: birth 8, year 4, code 2, sex 1, serial 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

LENGTH: Final = 18
#: a spreadsheet number ends in zeros after its 15 digits
_LOST: Final = 1_000
_LAST_MONTH: Final = 12
_PPPK_CODE: Final = "21"
_YOUNGEST: Final = 16
_OLDEST: Final = 60
_EXPONENT: Final = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_SEPARATORS: Final = re.compile(r"[\s.\-'\u00a0]")


def digits_of(text: str) -> str | None:
    """Promise: the digits of a NIP, or of its beginning, however they are grouped; None: no NIP."""
    found = _SEPARATORS.sub("", text)
    return found if found.isascii() and found.isdecimal() else None


class Employment(StrEnum):
    """Kind of civil servant."""

    #: pegawai negeri sipil
    PNS = "pns"
    #: pegawai pemerintah dengan perjanjian kerja
    PPPK = "pppk"


class Sex(StrEnum):
    """Sex as the NIP writes it."""

    #: digit 1
    MALE = "male"
    #: digit 2
    FEMALE = "female"


@dataclass(frozen=True, slots=True, kw_only=True)
class NipFinding:
    """One thing wrong or doubtful."""

    #: stable code such as "length", "birth", "spreadsheet_number"
    code: str
    #: English sentence
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nip:
    """A NIP that can be one."""

    #: 18 digits
    digits: str
    #: PNS or PPPK
    employment: Employment
    #: date of birth
    born_on: date
    #: year of appointment
    appointed_year: int
    #: month of appointment, None for a PPPK
    appointed_month: int | None
    #: sex
    sex: Sex
    #: serial number
    serial: int

    @property
    def grouped(self) -> str:
        """As people write it: 8 6 1 3."""
        d = self.digits
        return f"{d[:8]} {d[8:14]} {d[14]} {d[15:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NipReading:
    """What was read: a NIP unless there are faults; warnings do not refuse it."""

    #: the NIP, None when there is a fault
    nip: Nip | None
    #: what makes it impossible
    faults: tuple[NipFinding, ...] = ()
    #: what makes it doubtful
    warnings: tuple[NipFinding, ...] = ()


def read_nip(value: object, today: date | None = None) -> NipReading:
    """Promise: never raises; every fault and warning of a cell or field is named at once."""
    if _is_number(value):
        return _refused("spreadsheet_number", f"{value} is a number: its last digits may be lost")
    text = _SEPARATORS.sub("", str(value if value is not None else ""))
    if not text:
        return _refused("empty", "no NIP")
    if not (text.isascii() and text.isdigit()):
        return _refused("digits", f"{value} has other signs than digits")
    if len(text) != LENGTH:
        return _refused("length", f"{len(text)} digits instead of {LENGTH}")
    return _read_digits(text, today)


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return _EXPONENT.fullmatch(value.strip()) is not None
    if isinstance(value, int) and not isinstance(value, bool):
        # an exact integer is what a program read; a spreadsheet leaves zeros after 15 digits
        return value % _LOST == 0
    return value is not None


def _read_digits(text: str, today: date | None) -> NipReading:
    born_on = _date(text[:8])
    sex = {"1": Sex.MALE, "2": Sex.FEMALE}.get(text[14])
    year, middle = int(text[8:12]), int(text[12:14])
    faults: list[NipFinding] = []
    if born_on is None:
        faults.append(_finding("birth", f"{text[:8]} is no date of birth"))
    elif year < born_on.year:
        faults.append(_finding("appointment", f"appointed {year}, born {born_on.year}"))
    if sex is None:
        faults.append(_finding("sex", f"digit 15 is {text[14]}, not 1 or 2"))
    if middle == 0:
        faults.append(_finding("month", "month of appointment is 00"))
    if faults or born_on is None or sex is None:
        return NipReading(nip=None, faults=tuple(faults))
    is_pns = middle <= _LAST_MONTH
    nip = Nip(
        digits=text,
        employment=Employment.PNS if is_pns else Employment.PPPK,
        born_on=born_on,
        appointed_year=year,
        appointed_month=middle if is_pns else None,
        sex=sex,
        serial=int(text[15:]),
    )
    return NipReading(nip=nip, warnings=_doubts(nip, today))


def _doubts(nip: Nip, today: date | None) -> tuple[NipFinding, ...]:
    found: list[NipFinding] = []
    age = nip.appointed_year - nip.born_on.year
    if not _YOUNGEST <= age <= _OLDEST:
        found.append(_finding("age", f"appointed at about {age}"))
    if nip.employment is Employment.PPPK and nip.digits[12:14] != _PPPK_CODE:
        found.append(_finding("month", f"{nip.digits[12:14]} is no month and no PPPK code seen"))
    if nip.serial == 0:
        found.append(_finding("serial", "serial 000: was it a spreadsheet number?"))
    if today is not None and (nip.born_on > today or nip.appointed_year > today.year):
        found.append(_finding("future", "born or appointed in the future"))
    return tuple(found)


def _date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _finding(code: str, message: str) -> NipFinding:
    return NipFinding(code=code, message=message)


def _refused(code: str, message: str) -> NipReading:
    return NipReading(nip=None, faults=(_finding(code, message),))
