"""The filter of a list of instances as it stands in an address or a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.ports.batches import InstanceFilter
from engine.usecases.ports.process import InstanceStatus
from web.language import agency_zone

if TYPE_CHECKING:
    from collections.abc import Mapping

#: longest business key that is looked for
_KEY_MAX: Final = 500
#: no process has more versions
_VERSION_DIGITS_MAX: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """What somebody asked for; "" and None ask nothing."""

    process_id: str = ""
    #: means something with a process only
    version: int | None = None
    state: str = ""
    business_key: str = ""
    #: first and last day on which they started, in the agency's zone
    first: date | None = None
    last: date | None = None

    @property
    def fields(self) -> Mapping[str, str]:
        """The same for an address; what asks nothing is left out."""
        told = {
            "proses": self.process_id,
            "versi": str(self.version or ""),
            "keadaan": self.state,
            "kunci": self.business_key,
            "dari": self.first.isoformat() if self.first else "",
            "sampai": self.last.isoformat() if self.last else "",
        }
        return {name: value for name, value in told.items() if value}

    def wanted(self, agency_id: str | None, definition_key: int | None = None) -> InstanceFilter:
        """The same for the engine."""
        after = None if self.last is None else self.last + timedelta(days=1)
        return InstanceFilter(
            agency_id=agency_id,
            process_id=self.process_id or None,
            definition_key=definition_key,
            statuses=(self.state,) if self.state else (),
            business_key=self.business_key or None,
            started_from=_midnight(self.first),
            started_before=_midnight(after),
        )


def read_sieve(values: Mapping[str, str]) -> Sieve:
    """The filter of an address or form.

    `InputRefused` for what cannot be read: nothing is left out unsaid, more would be meant then.
    """
    process_id, version = values.get("proses", ""), values.get("versi", "")
    return Sieve(
        process_id=process_id,
        version=_version(version) if process_id and version else None,
        state=_state(values.get("keadaan", "")),
        business_key=values.get("kunci", "").strip()[:_KEY_MAX],
        first=_day("dari", values.get("dari", "")),
        last=_day("sampai", values.get("sampai", "")),
    )


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _VERSION_DIGITS_MAX):
        raise InputRefused(FieldFault(field="versi", code="type", message="a number"))
    return int(text)


def _state(text: str) -> str:
    if text and text not in set(InstanceStatus):
        raise InputRefused(FieldFault(field="keadaan", code="option", message="no such state"))
    return text


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fault = FieldFault(field=name, code="type", message="a day such as 2026-03-19")
        raise InputRefused(fault) from None


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), agency_zone())
